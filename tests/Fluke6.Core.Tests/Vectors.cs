namespace Fluke6.Tests;

/// <summary>The frames of Vectors/frames.txt, each with an Ethernet header in front.</summary>
internal static class Vectors
{
    public static IReadOnlyDictionary<string, byte[]> Frames { get; } = Load();

    private static Dictionary<string, byte[]> Load()
    {
        using Stream stream = typeof(Vectors).Assembly.GetManifestResourceStream("frames.txt")!;
        using var reader = new StreamReader(stream);
        var frames = new Dictionary<string, byte[]>();
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split('|', StringSplitOptions.TrimEntries);
            if (line.StartsWith('#') || parts.Length != 3)
                continue;

            string[] addresses = parts[1].Replace("(inferred)", "", StringComparison.Ordinal).Split('>', StringSplitOptions.TrimEntries);
            string ethernet = addresses[1] + addresses[0] + "86dd";
            frames.Add(parts[0], Hex.Octets(ethernet.Replace(":", "", StringComparison.Ordinal) + parts[2]));
        }

        return frames;
    }
}
