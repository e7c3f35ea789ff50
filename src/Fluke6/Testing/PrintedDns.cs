using System.Globalization;
using System.Text.RegularExpressions;
using Fluke6.Wire;

namespace Fluke6.Command.Testing;

/// <summary>
/// DNS messages in lines, as views print them: first the message, then each record, and EDNS. <c>DNS 7 response NOERROR www.example. IN A? 1/0/0</c>,
/// <c>www.example. 60 IN A 192.0.2.1</c>, <c>EDNS version 0, flags none, udp 1232</c>. Recursion is desired, and in a response available.
/// </summary>
internal static partial class PrintedDns
{
    private const int MaxMessage = 4096;

    /// <summary>Whether a line begins a message.</summary>
    public static bool Begins(string line) => line.StartsWith("DNS ", StringComparison.Ordinal);

    /// <summary>Writes the message.</summary>
    /// <param name="lines">All its lines.</param>
    /// <exception cref="FormatException">A line is not understood, or the message would be printed otherwise.</exception>
    public static byte[] Write(IReadOnlyList<string> lines)
    {
        Match head = Head().Match(lines[0]);
        if (!head.Success)
            throw new FormatException(lines[0]);

        bool isResponse = head.Groups["rcode"].Success;
        DnsRcode rcode = isResponse ? Enum.Parse<DnsRcode>(head.Groups["rcode"].Value, ignoreCase: true) : DnsRcode.NoError;
        Span<byte> octets = new byte[MaxMessage];
        var writer = new DnsWriter(octets);
        writer.WriteHeader(ushort.Parse(head.Groups["id"].Value, CultureInfo.InvariantCulture), rcode);
        bool fits = !head.Groups["name"].Success || writer.TryWrite(DnsName.Parse(head.Groups["name"].Value), TypeOf(head.Groups["type"].Value));
        int[] counts = [.. head.Groups["counts"].Value.Split('/').Select(count => int.Parse(count, CultureInfo.InvariantCulture))];
        int written = 0;
        foreach (string line in lines.Skip(1))
        {
            if (Edns().Match(line) is { Success: true } edns)
            {
                fits &= writer.TryWriteEdns(
                    ushort.Parse(edns.Groups["size"].Value, CultureInfo.InvariantCulture), rcode, edns.Groups["flags"].Value == "do", []);
                continue;
            }

            int section = written < counts[0] ? 0 : written < counts[0] + counts[1] ? 1 : 2;
            fits &= writer.TryWrite(RecordOf(line), (DnsSection)section);
            written++;
        }

        if (!fits)
            throw new FormatException($"a message longer than {MaxMessage:N0} bytes");

        DnsMessage.TryRead(octets[..writer.Length], out DnsMessage message);
        (message.IsResponse, message.RecursionDesired, message.RecursionAvailable) = (isResponse, true, isResponse);
        byte[] result = message.Octets.ToArray();
        return Lines(result).SequenceEqual(lines) ? result : throw new FormatException($"this would be printed: {string.Join(" | ", Lines(result))}");
    }

    /// <summary>A message in lines; none where the octets are no message.</summary>
    public static IReadOnlyList<string> Lines(byte[] octets)
    {
        if (!DnsMessage.TryRead(octets, out DnsMessage message))
            return [];

        List<string> lines = [message.ToString()];
        foreach (DnsRecord record in message.Records)
            lines.Add(record.Type == DnsType.Opt && message.TryGetEdns(out DnsEdns edns) ? edns.ToString() : record.ToString());
        return lines;
    }

    private static DnsRecordFields RecordOf(string line)
    {
        string[] words = line.Split(' ', 5);
        if (words is not [var name, var ttl, "IN", var type, var data])
            throw new FormatException(line);

        DnsName owner = DnsName.Parse(name);
        uint seconds = uint.Parse(ttl, CultureInfo.InvariantCulture);
        return TypeOf(type) switch
        {
            DnsType.A => new ARecordFields(owner, Ipv4Address.Parse(data), seconds),
            DnsType.Aaaa => new AaaaRecordFields(owner, Ipv6Address.Parse(data), seconds),
            DnsType.Ns => new NsRecordFields(owner, DnsName.Parse(data), seconds),
            DnsType.Cname => new CnameRecordFields(owner, DnsName.Parse(data), seconds),
            DnsType.Ptr => new PtrRecordFields(owner, DnsName.Parse(data), seconds),
            DnsType.Txt when data is ['"', .., '"'] => new TxtRecordFields(owner, data[1..^1], seconds),
            var other => new DnsRecordFields(owner, other, Convert.FromHexString(data), seconds),
        };
    }

    // RFC 3597 §5: a type without a name is TYPE and its number.
    private static DnsType TypeOf(string word) => word.StartsWith("TYPE", StringComparison.Ordinal)
        ? (DnsType)ushort.Parse(word[4..], CultureInfo.InvariantCulture)
        : Enum.TryParse(word, ignoreCase: true, out DnsType type) && !char.IsAsciiDigit(word[0]) ? type : throw new FormatException(word);

    [GeneratedRegex(@"^DNS (?<id>\d+)(?: response (?<rcode>[A-Z]+))?(?: (?<name>\S+) IN (?<type>\w+)\?)? (?<counts>\d+/\d+/\d+)$")]
    private static partial Regex Head();

    [GeneratedRegex(@"^EDNS version 0, flags (?<flags>do|none), udp (?<size>\d+)$")]
    private static partial Regex Edns();
}
