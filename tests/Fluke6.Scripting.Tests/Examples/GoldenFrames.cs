using Fluke6.Command.Testing;
using Fluke6.Frames;

namespace Fluke6.Scripting.Tests.Examples;

/// <summary>
/// A frame as a rule meets it, after others, and as it leaves it: the last one of a test beside an example. <c>fluke6 test</c> runs those
/// tests; here they are where other frames begin, cut short or corrupt.
/// </summary>
internal sealed record GoldenFrames(
    string Title,
    IReadOnlyDictionary<string, string> Parameters,
    LinkType LinkType,
    byte[][] First,
    byte[] In,
    byte[] Out,
    Verdict Verdict,
    bool Allocates)
{
    /// <summary>The folder of the examples and of their tests.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Examples");

    /// <summary>The names of all examples.</summary>
    public static IEnumerable<string> Examples =>
        Directory.EnumerateFiles(Folder, "*.csx").Select(path => Path.GetFileNameWithoutExtension(path)!).Order();

    /// <summary>Those of an example's tests in which nothing but frames from the left happens.</summary>
    public static IReadOnlyList<GoldenFrames> Of(string example) =>
        [.. TestFile.Read(Path.Combine(Folder, $"{example}.test")).Where(OnlyFramesArrive).Select(Of)];

    private static bool OnlyFramesArrive(TestCase test) => test.Steps.Count > 0 && test.Steps.All(step => step.From == Side.Left)
        && test.Steps[^1].Departures.All(frame => frame.Words is null);

    private static GoldenFrames Of(TestCase test)
    {
        TestStep last = test.Steps[^1];
        ExpectedFrame? departed = last.Verdict == Verdict.Drop ? null : last.Departures.FirstOrDefault();
        return new GoldenFrames(
            test.Title,
            test.Parameters,
            test.LinkType,
            [.. test.Steps.SkipLast(1).Select(step => step.Frame)],
            last.Frame,
            departed is null || departed.IsSame ? last.Frame : departed.Octets,
            departed is null ? Verdict.Drop : departed.Side == Side.Left ? Verdict.Reflect : Verdict.Continue,
            test.MayAllocate);
    }
}
