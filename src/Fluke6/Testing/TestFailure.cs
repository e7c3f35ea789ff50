using Fluke6.Frames;

namespace Fluke6.Command.Testing;

/// <summary>Something that is not as a test says.</summary>
/// <param name="Line">The line of the file that it is about, from 1.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Expected">The frame that was expected; null if that is not about one.</param>
/// <param name="Actual">The frame that there is.</param>
/// <param name="LinkType">What both begin with.</param>
internal sealed record TestFailure(int Line, string What, byte[]? Expected, byte[]? Actual, LinkType LinkType)
{
    /// <summary>In lines: what is wrong, both frames, and in which fields they differ.</summary>
    /// <param name="path">The file.</param>
    public IEnumerable<string> Lines(string path)
    {
        yield return $"{path}:{Line}: {What}";
        if (Expected is not null)
            yield return $"  expected  {FramePrinter.Print(Expected, LinkType)}";
        if (Actual is not null)
            yield return $"  actual    {FramePrinter.Print(Actual, LinkType)}";
        if (Expected is null || Actual is null)
            yield break;

        foreach (FieldChange change in FrameDiff.Compare(Expected, Actual, LinkType))
            yield return $"    {change}";
    }
}
