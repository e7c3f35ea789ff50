using System.Text.RegularExpressions;

namespace Fluke6.Command.Tests.Documents;

/// <summary>A block between fences.</summary>
/// <param name="Language">What stands behind the first fence; may be empty.</param>
/// <param name="Text">Without the indentation of the fence.</param>
/// <param name="Section">The heading above it.</param>
internal sealed record FencedBlock(string Language, string Text, string Section);

/// <summary>A piece of text between backticks.</summary>
internal sealed record CodeSpan(string Text, string Section);

/// <summary>A document of this project, taken apart.</summary>
internal sealed partial class MarkdownDocument
{
    private MarkdownDocument(string text)
    {
        Text = text;
        // A prompt in a block looks like a heading.
        string prose = Fence().Replace(text, match => new string('\n', match.Length));
        Blocks = [.. Fence().Matches(text).Select(match => new FencedBlock(
            match.Groups["language"].Value,
            string.Concat(match.Groups["line"].Captures.Select(line => Unindented(line.Value, match.Groups["indent"].Length))),
            SectionAt(prose, match.Index)))];
        Spans = [.. Span().Matches(prose).Select(match => new CodeSpan(match.Groups[1].Value, SectionAt(prose, match.Index)))];
    }

    /// <summary>The README.</summary>
    public static MarkdownDocument Readme { get; } = Read("README.md");

    /// <summary>The examples' README.</summary>
    public static MarkdownDocument ExamplesReadme { get; } = Read(Path.Combine("examples", "README.md"));

    /// <summary>The page about the library.</summary>
    public static MarkdownDocument Library { get; } = Read(Path.Combine("docs", "library.md"));

    public string Text { get; }

    public IReadOnlyList<FencedBlock> Blocks { get; }

    public IReadOnlyList<CodeSpan> Spans { get; }

    /// <summary>Every command line of Fluke6 in it, without prompt, comment and redirection, as words.</summary>
    public IEnumerable<string[]> Commands => Blocks.Where(block => block.Language == "console").SelectMany(block => block.Text.Split('\n'))
        .Select(line => line.TrimStart('$', '#', ' '))
        .Concat(Spans.Select(span => span.Text))
        .Where(line => line.StartsWith("./run.sh", StringComparison.Ordinal) || line.StartsWith("fluke6 ", StringComparison.Ordinal))
        .Select(line => CommentOrRedirection().Replace(line, "").Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..])
        .Distinct(new WordsComparer());

    private static MarkdownDocument Read(string path) => new(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, path)));

    private static string Unindented(string line, int indent) => line.Length > indent ? line[indent..] : "\n";

    private static string SectionAt(string prose, int index) => Heading().Matches(prose[..index]).LastOrDefault()?.Groups[1].Value ?? "";

    [GeneratedRegex(@"^(?<indent> *)```(?<language>\w*)\n(?<line>[^\n]*\n)*?\k<indent>```$", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@" +[#<].*$")]
    private static partial Regex CommentOrRedirection();

    private sealed class WordsComparer : IEqualityComparer<string[]>
    {
        public bool Equals(string[]? x, string[]? y) => x!.SequenceEqual(y!);

        public int GetHashCode(string[] words) => string.Join(' ', words).GetHashCode(StringComparison.Ordinal);
    }
}
