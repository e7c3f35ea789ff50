namespace Fluke6.Core.Tests;

/// <summary>Frames from elsewhere: the course notes', and scapy's.</summary>
internal static class Vectors
{
    /// <summary>The frames of Vectors/frames.txt, each with an Ethernet header in front.</summary>
    public static IReadOnlyDictionary<string, byte[]> Frames { get; } = Load();

    /// <summary>The packets of Vectors/packets.txt, as hexadecimal digits.</summary>
    public static IReadOnlyDictionary<string, string> Packets { get; } =
        Lines("packets.txt").Where(parts => parts.Length == 2).ToDictionary(parts => parts[0], parts => parts[1]);

    private static Dictionary<string, byte[]> Load()
    {
        var frames = new Dictionary<string, byte[]>();
        foreach (string[] parts in Lines("frames.txt").Where(parts => parts.Length == 3))
        {
            string[] addresses = parts[1].Replace("(inferred)", "", StringComparison.Ordinal).Split('>', StringSplitOptions.TrimEntries);
            string ethernet = addresses[1] + addresses[0] + "86dd";
            frames.Add(parts[0], Hex.Octets(ethernet.Replace(":", "", StringComparison.Ordinal) + parts[2]));
        }

        return frames;
    }

    private static List<string[]> Lines(string name)
    {
        using Stream stream = typeof(Vectors).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        var lines = new List<string[]>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                lines.Add(line.Split('|', StringSplitOptions.TrimEntries));
        }

        return lines;
    }
}
