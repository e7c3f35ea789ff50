using Fluke6.Frames;

namespace Fluke6.Scripting.Tests.Examples;

/// <summary>
/// A text file of frames as a rule meets and leaves them. A case begins with <c>## title</c>; then lines <c>set NAME=VALUE</c>,
/// <c>tun</c> for packets without a link header, <c>first</c>, <c>in</c>, <c>out VERDICT</c> or <c>same VERDICT</c>, <c>log LINE</c>.
/// Below <c>first</c> (a frame that the rule meets before), <c>in</c> and <c>out</c>, hexadecimal octets; what follows <c>#</c> is for
/// the reader.
/// </summary>
internal sealed record GoldenFrames(
    string Title,
    IReadOnlyDictionary<string, string> Parameters,
    LinkType LinkType,
    byte[][] First,
    byte[] In,
    byte[] Out,
    Verdict Verdict,
    IReadOnlyList<string> Log)
{
    /// <summary>The folder of the examples and of their golden files.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Examples");

    /// <summary>The names of all examples.</summary>
    public static IEnumerable<string> Examples =>
        Directory.EnumerateFiles(Folder, "*.csx").Select(path => Path.GetFileNameWithoutExtension(path)!).Order();

    /// <summary>The cases of an example.</summary>
    public static IReadOnlyList<GoldenFrames> Of(string example) =>
        [.. File.ReadAllText(Path.Combine(Folder, $"{example}.frames")).Split("\n## ")[1..].Select(Parse)];

    private static GoldenFrames Parse(string text)
    {
        string[] lines = text.Split('\n');
        var parameters = new Dictionary<string, string>();
        var log = new List<string>();
        var linkType = LinkType.Ethernet;
        var first = new List<List<byte>>();
        List<byte> before = [], after = [], current = before;
        Verdict? verdict = null;
        foreach (string line in lines[1..])
        {
            (string word, string rest) = line.IndexOf(' ') is var space and > 0 ? (line[..space], line[(space + 1)..]) : (line, "");
            switch (word)
            {
                case "set":
                    parameters.Add(rest.Split('=', 2)[0], rest.Split('=', 2)[1]);
                    break;
                case "tun":
                    linkType = LinkType.RawIp;
                    break;
                case "first":
                    first.Add(current = []);
                    break;
                case "in":
                    current = before;
                    break;
                case "out":
                    current = after;
                    verdict = Enum.Parse<Verdict>(rest);
                    break;
                case "same":
                    after = before;
                    verdict = Enum.Parse<Verdict>(rest);
                    break;
                case "log":
                    log.Add(rest);
                    break;
                default:
                    current.AddRange(Convert.FromHexString(line.Split('#')[0].Replace(" ", "")));
                    break;
            }
        }

        return new GoldenFrames(
            lines[0], parameters, linkType, [.. first.Select(frame => frame.ToArray())], [.. before], [.. after], verdict!.Value, log);
    }
}
