using System.Globalization;

namespace Fluke6.Linux.Survey;

/// <summary>A packet socket of somebody's. <c>/proc/net/packet</c>.</summary>
/// <param name="LinkIndex">The number of the interface whose frames it gets; 0 for all of them.</param>
/// <param name="Protocol">The EtherType that it gets; 3 for all, 0 for none.</param>
/// <param name="Waiting">How many bytes of memory the frames take that wait in it.</param>
/// <param name="Inode">Its number among all sockets.</param>
internal sealed record PacketSocketFacts(int LinkIndex, int Protocol, long Waiting, long Inode)
{
    private const int Fields = 9, ProtocolField = 3, LinkField = 4, WaitingField = 6, InodeField = 8;

    /// <summary>Those of the calling thread's network namespace.</summary>
    public static IReadOnlyList<PacketSocketFacts> All()
    {
        var sockets = new List<PacketSocketFacts>();
        foreach (string line in File.ReadLines("/proc/thread-self/net/packet").Skip(1))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= Fields)
            {
                sockets.Add(new PacketSocketFacts(int.Parse(words[LinkField], CultureInfo.InvariantCulture),
                    int.Parse(words[ProtocolField], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                    long.Parse(words[WaitingField], CultureInfo.InvariantCulture), long.Parse(words[InodeField],
                        CultureInfo.InvariantCulture)));
            }
        }

        return sockets;
    }

    /// <summary>The processes that have a socket open, as far as this one may see; none if they are in another container.</summary>
    public IReadOnlyList<(int Process, string Name)> Owners()
    {
        string wanted = $"socket:[{Inode.ToString(CultureInfo.InvariantCulture)}]";
        return [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).OfType<string>().Where(name =>
            char.IsAsciiDigit(name[0]))
            .Where(process => Has(process, wanted)).Select(process => (int.Parse(process, CultureInfo.InvariantCulture), NameOf(process)))];
    }

    private static bool Has(string process, string wanted)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd").Any(file => new FileInfo(file).LinkTarget == wanted);
        }
        // It ended, or is another user's.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
