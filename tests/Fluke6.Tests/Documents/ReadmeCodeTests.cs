using System.Text.RegularExpressions;
using Fluke6.Scripting;
using Microsoft.CodeAnalysis.CSharp;

namespace Fluke6.Command.Tests.Documents;

/// <summary>
/// Whatever the README shows of a rule compiles. What else stands between backticks is told from it by how it looks: an option, a command
/// of this machine, a file, a parameter, or something that stands in a block or in a table of the same document.
/// </summary>
public sealed partial class ReadmeCodeTests
{
    private const string Api = "The rule API on a page", Programs = "For programs";

    private static readonly MarkdownDocument[] s_documents = [MarkdownDocument.Readme, MarkdownDocument.ExamplesReadme];

    [Fact]
    public void BlocksCompile()
    {
        string[] blocks = [.. s_documents.SelectMany(document => document.Blocks).Where(block => block.Language == "csharp").Select(block => block.Text)];
        Assert.True(blocks.Length >= 3);
        // One that shows how Apply is declared, and no more, gets a body.
        Assert.All(blocks, block => Assert.Equal("", RuleCode.FaultOfScript(
            Declaration().Replace(block, "$1 { return Verdict.Continue; }"))));
    }

    [Fact]
    public void SpansCompile()
    {
        var faults = new List<string>();
        int compiled = 0;
        foreach (CodeSpan span in s_documents.SelectMany(document => document.Spans).DistinctBy(span => (span.Text, span.Section)))
        {
            if (span.Section == Programs || IsOtherThanCode(span))
                continue;

            compiled++;
            string fault = Identifier().IsMatch(span.Text) && SyntaxFacts.GetKeywordKind(span.Text) == SyntaxKind.None ? RuleCode.FaultOfName(span.Text) : RuleCode.FaultOfCode(span.Text);
            if (fault.Length > 0)
                faults.Add($"{span.Section}: `{span.Text}`: {fault}");
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.True(compiled > 80, $"only {compiled} were taken for code");
    }

    [Fact]
    public void DiagnosticOfTheFirstRuleIsTheRealOne()
    {
        CodeSpan shown = Assert.Single(MarkdownDocument.Readme.Spans, span => Diagnostic().IsMatch(span.Text));
        FencedBlock rule = MarkdownDocument.Readme.Blocks.First(block => block.Language == "csharp" && block.Section == shown.Section);
        using var folder = new RuleFolder();
        string file = shown.Text[..shown.Text.IndexOf('(', StringComparison.Ordinal)];
        string path = folder.Write(file, rule.Text.Replace("seen = 0;", "seen = 0", StringComparison.Ordinal));
        Assert.Equal(shown.Text, $"{Assert.Single(RuleCompiler.Check(path))}");
    }

    [Fact]
    public void ParametersAreAskedForByTheExamplesOfTheirRow()
    {
        int checkedNames = 0;
        foreach (string row in s_documents.SelectMany(document => document.Text.Split('\n')).Where(line => line.StartsWith("| [", StringComparison.Ordinal)))
        {
            string[] sources = [.. Regex.Matches(row, @"\]\((?:examples/)?([a-z0-9-]+)\.csx\)|-r examples/([a-z0-9-]+)\.csx")
                .Select(match => File.ReadAllText(FlukeProcess.Example(match.Groups[1].Value + match.Groups[2].Value)))];
            foreach (Match parameter in Regex.Matches(row, @"(?:`|--set )([a-z0-9]+)=[^`\s]+"))
            {
                checkedNames++;
                Assert.True(sources.Any(source => source.Contains($"Param(\"{parameter.Groups[1].Value}\"", StringComparison.Ordinal)), $"{parameter.Value} in {row}");
            }
        }

        Assert.True(checkedNames > 20);
    }

    private static bool IsOtherThanCode(CodeSpan span)
    {
        string text = span.Text;
        string first = text.Split(' ')[0];
        return text.StartsWith('-')
            || text.StartsWith("./run.sh", StringComparison.Ordinal) || first is "fluke6" or "fluke6:"
            || Diagnostic().IsMatch(text)
            || ScriptName().IsMatch(text)
            || Parameter().IsMatch(text)
            || CommandWithOption().IsMatch(text)
            || (span.Section != Api && (!(char.IsLetter(text[0]) || text[0] is '$' or '#' or '"') || LowerCaseWord().IsMatch(text) || IsCommand(first) || Address().IsMatch(text) || IsInABlock(span) || text.Contains('/')))
            || (text.Length == 1 && IsInABlock(span));
    }

    // The tools that examples are looked at with are those that the tests need.
    private static bool IsCommand(string word) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/sbin").Any(folder => File.Exists(Path.Combine(folder, word)));

    // Such as a key or a column of the dashboard's screen, a part of a rule, or what a word of the introduction or of a table stands for.
    private static bool IsInABlock(CodeSpan span) => s_documents.Any(document =>
        document.Blocks.Any(block => $" {block.Text.ReplaceLineEndings(" ")} ".Contains($" {span.Text} ", StringComparison.Ordinal) || (span.Text.Length > 4 && block.Text.Contains(span.Text, StringComparison.Ordinal)))
        || document.Text.Split('\n').Any(line => line.StartsWith('|') && line.Split('|', StringSplitOptions.TrimEntries).Any(cell => Regex.IsMatch(cell, $@"^{Regex.Escape(span.Text)}\b"))));

    [GeneratedRegex(@"^(Verdict Apply\(ref Frame frame\))[^\S\n]*(//[^\n]*)?$(?!\s*\{)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^[A-Za-z]\w*$")]
    private static partial Regex Identifier();

    // Outside the API's section, a word alone is a program's name, a key, a column.
    [GeneratedRegex(@"^[a-z][a-z0-9]*$")]
    private static partial Regex LowerCaseWord();

    [GeneratedRegex(@"^[a-z0-9]+ -[a-z0-9-]")]
    private static partial Regex CommandWithOption();

    [GeneratedRegex(@"^\S+\.csx\(\d+,\d+\): ")]
    private static partial Regex Diagnostic();

    [GeneratedRegex(@"^[\w*-]*\.(csx|d)$")]
    private static partial Regex ScriptName();

    [GeneratedRegex(@"^[a-z0-9]+=\S+$")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^[0-9a-f:.]+/\d+$")]
    private static partial Regex Address();
}
