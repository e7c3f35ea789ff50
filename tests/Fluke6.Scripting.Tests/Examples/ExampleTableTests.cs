namespace Fluke6.Scripting.Tests.Examples;

/// <summary>Who looks for an example finds it in the table, and in it what to run.</summary>
public sealed class ExampleTableTests
{
    public static TheoryData<string> Examples => [.. GoldenFrames.Examples];

    [Theory]
    [MemberData(nameof(Examples))]
    public void HasARowAndSaysWhatToRunAndByWhichRfc(string example)
    {
        string row = File.ReadLines(Path.Combine(GoldenFrames.Folder, "README.md")).Single(line => line.StartsWith($"| [{example}]({example}.csx) |", StringComparison.Ordinal));
        Assert.Equal(6, row.Count(character => character == '|'));

        string comment = string.Join('\n', File.ReadLines(Path.Combine(GoldenFrames.Folder, $"{example}.csx")).TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal)));
        Assert.Contains("RFC ", comment);
        Assert.Contains("// See it:  ./run.sh ", comment);
    }
}
