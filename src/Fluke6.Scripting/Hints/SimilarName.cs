using System.Text;

namespace Fluke6.Scripting.Hints;

/// <summary>Which of the names that there are was meant by one that there is not.</summary>
internal static class SimilarName
{
    private const int Shortest = 3;

    // How other libraries and tools call it, by words in lower case.
    private static readonly Dictionary<string, string> s_words = new(StringComparer.Ordinal)
    {
        ["src"] = "source", ["source"] = "source", ["s"] = "source", ["from"] = "source",
        ["dst"] = "destination", ["dest"] = "destination", ["d"] = "destination", ["to"] = "destination",
        ["side"] = "from", ["direction"] = "from",
        ["addr"] = "", ["address"] = "", ["ip"] = "",
        ["ttl"] = "timetolive", ["hlim"] = "hoplimit", ["hops"] = "hoplimit", ["hop"] = "hop",
        ["len"] = "length", ["size"] = "length", ["proto"] = "protocol", ["id"] = "identification", ["num"] = "number", ["no"] = "number",
        ["seq"] = "sequencenumber", ["ack"] = "acknowledgmentnumber", ["acknowledgement"] = "acknowledgment", ["win"] = "window",
        ["csum"] = "checksum", ["chksum"] = "checksum", ["sum"] = "checksum", ["opts"] = "options", ["opt"] = "option", ["flag"] = "flags",
        ["sport"] = "sourceport", ["dport"] = "destinationport", ["saddr"] = "source", ["daddr"] = "destination", ["sip"] = "source", ["dip"] = "destination",
        ["hdr"] = "header", ["eth"] = "ethernet", ["nd"] = "neighbor", ["ns"] = "neighborsolicitation", ["na"] = "neighboradvertisement",
        ["ra"] = "routeradvertisement", ["rs"] = "routersolicitation", ["neighbour"] = "neighbor", ["icmp4"] = "icmpv4", ["icmp6"] = "icmpv6",
        ["ip4"] = "ipv4", ["ip6"] = "ipv6", ["mss"] = "maximumsegmentsize", ["sack"] = "sackpermitted", ["wscale"] = "windowscale", ["ts"] = "timestamps",
        ["timestamp"] = "timestamps", ["bytes"] = "octets", ["data"] = "octets", ["buffer"] = "octets", ["query"] = "question", ["queries"] = "questions", ["qry"] = "questions",
        ["answers"] = "records", ["authorities"] = "records", ["additionals"] = "records", ["rrs"] = "records",
        ["qname"] = "name", ["qtype"] = "type", ["qclass"] = "class", ["mac"] = "", ["hw"] = "", ["is"] = "", ["has"] = "", ["get"] = "",
        ["pass"] = "accept", ["allow"] = "accept", ["forward"] = "accept", ["permit"] = "accept", ["ok"] = "accept", ["next"] = "continue", ["ignore"] = "continue",
        ["none"] = "continue", ["deny"] = "drop", ["block"] = "drop", ["reject"] = "drop", ["discard"] = "drop", ["answer"] = "reflect", ["reply"] = "reflect",
        ["return"] = "reflect", ["bounce"] = "reflect",
    };

    // One thing that headers call by different names.
    private static readonly string[][] s_sameThing =
    [
        ["timetolive", "hoplimit"], ["protocol", "nextheader"], ["totallength", "payloadlength", "length"],
        ["differentiatedservices", "typeofservice", "tos", "dscp", "trafficclass"], ["explicitcongestionnotification", "ecn", "trafficclass"],
        ["identification", "identifier"], ["ece", "ecn"],
    ];

    /// <summary>The name that means just this, however it is written; null if there is none.</summary>
    public static string? Exact(string wanted, IEnumerable<string> names) =>
        names.FirstOrDefault(name => Plain(name) == Plain(wanted) || Plain(name) == Translate(wanted));

    /// <summary>The nearest name; null if none is near.</summary>
    public static string? Nearest(string wanted, IEnumerable<string> names)
    {
        string[] candidates = [.. names.Distinct(StringComparer.Ordinal)];
        string plain = Plain(wanted);
        string translated = Translate(wanted);
        string? nearest = null;
        int least = int.MaxValue;
        foreach (string name in candidates)
        {
            string candidate = Plain(name);
            int direct = Distance(plain, candidate);
            int other = translated.Length == 0 ? int.MaxValue : Distance(translated, candidate);
            int allowed = Math.Max(1, Math.Min(plain.Length, candidate.Length) / 4);
            int distance = direct <= allowed ? direct : other <= 1 ? other : int.MaxValue;
            if (distance == int.MaxValue)
                continue;

            // TryGetIp is rather the beginning of TryGetIpv4 than TryGetArp.
            int score = candidate.StartsWith(plain, StringComparison.Ordinal) ? Math.Min(distance, 1) : 2 * distance;
            if (score < least)
                (nearest, least) = (name, score);
        }

        return nearest ?? candidates.FirstOrDefault(name => s_sameThing.Any(
            same => same.Contains(Plain(name)) && (same.Contains(plain) || same.Contains(translated))));
    }

    /// <summary>The one name that this is a part of; null if there are none or several.</summary>
    public static string? Containing(string wanted, IEnumerable<string> names)
    {
        string plain = Plain(wanted);
        string[] found = [.. names.Distinct(StringComparer.Ordinal).Where(name => Plain(name).Contains(plain, StringComparison.Ordinal))];
        return plain.Length >= Shortest && found is [var only] ? only : null;
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    // Word by word: SrcPort, src_port, DstAddr, TryGetTCP.
    private static string Translate(string name)
    {
        var all = new StringBuilder();
        foreach (string word in Words(name))
            all.Append(s_words.GetValueOrDefault(word, word));
        return all.ToString();
    }

    private static IEnumerable<string> Words(string name)
    {
        int start = 0;
        for (int i = 1; i <= name.Length; i++)
        {
            bool ends = i == name.Length || name[i] == '_'
                || (char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))));
            if (!ends)
                continue;

            string word = name[start..i].Trim('_').ToLowerInvariant();
            if (word.Length > 0)
                yield return word;
            start = i;
        }
    }

    /// <summary>How many letters to add, remove, replace or swap with their neighbour.</summary>
    private static int Distance(string one, string other)
    {
        int[,] cost = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++)
            cost[i, 0] = i;
        for (int j = 0; j <= other.Length; j++)
            cost[0, j] = j;
        for (int i = 1; i <= one.Length; i++)
        {
            for (int j = 1; j <= other.Length; j++)
            {
                int replaced = cost[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replaced, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[one.Length, other.Length];
    }
}
