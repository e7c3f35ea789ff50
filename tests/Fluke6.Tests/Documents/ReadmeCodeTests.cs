using System.Diagnostics;
using System.Text.RegularExpressions;
using Fluke6.Scripting;
using Microsoft.CodeAnalysis.CSharp;

namespace Fluke6.Command.Tests.Documents;

/// <summary>
/// Whatever the documents show of a rule compiles. A span that is no code of a rule is of another kind, and each kind is held against what
/// it names: a span that is of none of them is compiled, wherever it stands.
/// </summary>
public sealed partial class ReadmeCodeTests
{
    private const string Programs = "For programs";

    // The report's own words.
    private static readonly string[] s_sources =
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Reports"), "*.cs").Select(File.ReadAllText)];

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

    /// <summary>The first rules that a reader writes, each alone between two hosts that ping.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void FirstRulesWork(int number)
    {
        FencedBlock[] rules = [.. MarkdownDocument.Readme.Blocks.Where(block => block.Language == "csharp" && block.Section.StartsWith("Your first rule", StringComparison.Ordinal))];
        Assert.Equal(3, rules.Length);
        using var folder = new RuleFolder();
        folder.Write("10-first.csx", rules[number].Text);
        using var hosts = new TwoHosts(packetPorts: false, "-r", folder.Path);
        // Some of them lose frames, as they are meant to.
        int answered = 0;
        for (int attempt = 0; attempt < 40 && answered < 3; attempt++)
            answered += hosts.Exec(hosts.Left, "sh", "-c", $"ping -n -c 1 -W 5 {TwoHosts.RightAddress}; true").Contains(" 1 received", StringComparison.Ordinal) ? 1 : 0;
        Assert.Equal(3, answered);
        System.Text.Json.JsonElement stats = hosts.Bridge.WaitForJson("stats", json => FlukeProcess.Rule(json, "10-first").GetProperty("seen").GetInt64() > 6);
        Assert.Equal(0, FlukeProcess.Rule(stats, "10-first").GetProperty("faults").GetInt64());
        Assert.Equal(number > 0, FlukeProcess.Rule(stats, "10-first").GetProperty("held").GetInt64() > 2);
    }

    [Fact]
    public void SpansCompileOrNameWhatIsThere()
    {
        var faults = new List<string>();
        int compiled = 0;
        foreach (CodeSpan span in s_documents.SelectMany(document => document.Spans).DistinctBy(span => (span.Text, span.Section)))
        {
            // ReadmeJsonTests holds these against what is written.
            if (span.Section == Programs && char.IsLower(span.Text[0]) && Identifier().IsMatch(span.Text))
                continue;

            if (FaultOfOther(span) is not { } fault)
            {
                compiled++;
                fault = Identifier().IsMatch(span.Text) && SyntaxFacts.GetKeywordKind(span.Text) == SyntaxKind.None
                    ? RuleCode.FaultOfName(span.Text) : RuleCode.FaultOfCode(span.Text);
            }

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
        Assert.Equal(shown.Text, $"{Assert.Single(RuleCompiler.Compile(path).Diagnostics)}");
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
                string asked = $@"\bParam(?:<\w+>)?\(\s*""{parameter.Groups[1].Value}""";
                Assert.True(sources.Any(source => Regex.IsMatch(source, asked)), $"{parameter.Value} in {row}");
            }
        }

        Assert.True(checkedNames > 20);
    }

    /// <summary>What is wrong with a span that is no code; empty if nothing is, null if it is code.</summary>
    private static string? FaultOfOther(CodeSpan span)
    {
        string text = span.Text;
        string first = text.Split(' ')[0];
        // ReadmeCommandTests parses and runs these.
        if (text.StartsWith('-') || first is "./run.sh" or "fluke6" || (first is "bridge" or "lab" or "check" or "replay" && text.Contains(" --", StringComparison.Ordinal)))
            return "";
        // Each is held against what the program really says, or against the rules of its row.
        if (Diagnostic().IsMatch(text) || first == "fluke6:" || Parameter().IsMatch(text))
            return "";
        if (ScriptName().IsMatch(text))
            return "";
        if (PortPrefix().IsMatch(text))
            return Linux.PortSpecification.Parse($"{text}x").Kind.ToString().Equals(text.TrimEnd(':'), StringComparison.OrdinalIgnoreCase) ? "" : "no kind of port";
        if (Address().IsMatch(text))
            return System.Net.IPAddress.TryParse(text.Split('/')[0], out _) ? "" : "no address";
        if (text.StartsWith('\\'))
            return RuleCode.FaultOfCode($"Log(\"{text}\")");
        if (text.Contains('/', StringComparison.Ordinal) && !text.Contains(' ', StringComparison.Ordinal) && text.Length > 1)
            return Path.Exists(text.StartsWith('/') ? text : Path.Combine(RepositoryRoot(), text)) ? "" : "there is no such file";
        if (text.Length == 1)
            return IsOnTheScreen(text) ? "" : "no key or mark of the dashboard";
        if (text.StartsWith("| ", StringComparison.Ordinal) || IsCommand(first))
            return FaultOfShell(text);
        if (LowerCaseWord().IsMatch(text) && (IsOnTheScreen(text) || IsInATable(text) || s_sources.Any(source => source.Contains($" {text} ", StringComparison.Ordinal))))
            return "";
        // A part of a rule that is shown whole.
        return MarkdownDocument.Readme.Blocks.Any(block => block.Language == "csharp" && block.Section == span.Section && block.Text.Contains(text, StringComparison.Ordinal))
            && !Identifier().IsMatch(text) ? "" : null;
    }

    // The shell of the person who copies it must at least take it; those of the examples' tables are run by ExamplesAtWorkTests.
    private static string FaultOfShell(string command)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-n", "-c", command.TrimStart('|', ' ')]) { RedirectStandardError = true })!;
        string error = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return error;
    }

    // Of every Linux, or one that run.sh installs for the tests.
    private static bool IsCommand(string word) => word is "kill" or "ulimit" or "mkfifo" or "chmod" or "chown" or "sudo" or "dotnet"
        || File.ReadLines(Path.Combine(RepositoryRoot(), "run.sh")).Any(line => line.StartsWith($"{word} ", StringComparison.Ordinal));

    private static bool IsOnTheScreen(string word) => MarkdownDocument.Readme.Blocks
        .Where(block => block.Section == "The dashboard").Any(block => $" {block.Text.ReplaceLineEndings(" ")} ".Contains($" {word} ", StringComparison.Ordinal));

    // The words that the tables abbreviate by: notes, lab, tap.
    private static bool IsInATable(string word) => MarkdownDocument.ExamplesReadme.Text.Split('\n')
        .Where(line => line.StartsWith('|')).Any(line => line.Split('|', StringSplitOptions.TrimEntries).Any(cell => Regex.IsMatch(cell, $@"^{Regex.Escape(word)}\b")));

    [Fact]
    public void LineAboutARuleThatEndsTheProcessIsTheRealOne()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "without root, there is no port to open");
        string shown = Assert.Single(MarkdownDocument.Readme.Spans, span => span.Text.StartsWith("fluke6: ", StringComparison.Ordinal)).Text;
        using var folder = new RuleFolder();
        string name = Regex.Match(shown, "rule (\\S+):").Groups[1].Value;
        folder.Write($"{name}.csx", "After(TimeSpan.Zero, () => Environment.FailFast(\"\"));\nvoid Apply(ref Frame frame) { }\n");
        using var fluke = new FlukeProcess("bridge", "tap:fl6rd", "none", "-r", folder.Path);
        fluke.WaitForExit();
        Assert.Contains(fluke.Errors, line => Regex.IsMatch(line, $"^{Regex.Escape(shown.TrimEnd('.'))}."));
    }

    private static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "run.sh")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no run.sh above the tests");
        return folder;
    }

    [GeneratedRegex(@"^(Verdict Apply\(ref Frame frame\))[^\S\n]*(//[^\n]*)?$(?!\s*\{)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^[A-Za-z]\w*$")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^[a-z][a-z0-9]*$")]
    private static partial Regex LowerCaseWord();

    [GeneratedRegex(@"^[a-z]+:$")]
    private static partial Regex PortPrefix();

    [GeneratedRegex(@"^\S+\.csx\(\d+,\d+\): ")]
    private static partial Regex Diagnostic();

    [GeneratedRegex(@"^[\w*-]*\.(csx|d)$")]
    private static partial Regex ScriptName();

    [GeneratedRegex(@"^[a-z0-9]+=\S+$")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^[0-9a-f:.]+/\d+$")]
    private static partial Regex Address();
}
