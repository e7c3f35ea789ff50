using System.CommandLine;
using Fluke6.Command.Streams;
using Fluke6.Engine;
using Fluke6.Journal;
using Fluke6.Scripting;

namespace Fluke6.Command.Testing;

/// <summary><c>fluke6 test PATH...</c>: runs the tests beside rules.</summary>
internal sealed class TestCommand : System.CommandLine.Command
{
    /// <summary>What its help ends with.</summary>
    public const string Examples = """
          fluke6 test rules/              every NAME.test of a folder; with the rule NAME.csx beside it,
                                          or with all rules of the folder where there is none
          fluke6 test rules/strip.csx     the tests of a rule
          fluke6 test rules/strip.csx --record in.pcap

        A test: '## TITLE'; set NAME=VALUE, ip, mtu N, seed N, allocates, upstream PARAMETER; then what
        happens: left or right with a frame, answer with a DNS message, after 2 s, end; below each all that
        comes of it: out left or out right with a frame or 'same', verdict, log, hits. A frame is bytes in
        hex on indented lines, 'capture FILE packet N', or the words of a log. Frames that arrive can be in
        words for ARP, TCP, UDP, ping and neighbor discovery, without fragments and extension headers, a
        DNS message in words below them; frames that depart for everything that a log prints, but words do
        not say what bytes a payload has that is not DNS.

        Prints what failed, with both frames field by field, and 'N passed, N failed'. Exit status 1 if
        one failed, 3 if a rule does not compile.
        """;

    private const string Extension = ".test";

    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "A file of tests (.test), a rule (.csx) with one beside it, or a folder.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _junit = new("--junit")
    {
        Description = "Also writes the results to FILE, as JUnit's XML.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _update = new("--update")
    {
        Description = "Rewrites what tests that fail expect: it becomes what the rules do now.",
    };

    private readonly Option<string?> _record = new("--record")
    {
        Description = "Adds a test to the rule's: the frames of a capture, and what the rule makes of them now.",
        HelpName = "CAPTURE",
    };

    private readonly Option<int> _fuzz = new("--fuzz")
    {
        Description = "Also shows the rules so many of the tests' frames with bytes changed; what always holds must hold for them, too.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
        CustomParser = result => RuleOptions.Whole(result, 0, int.MaxValue, "a whole number from 0 on"),
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "What the changes begin with: the same seed, the same frames.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
        CustomParser = result => RuleOptions.Whole(result, 0, int.MaxValue, "a whole number from 0 on"),
    };

    /// <summary>The command.</summary>
    public TestCommand()
        : base("test", "Runs the tests that stand beside rules: frames in, frames expected. Needs no privileges.")
    {
        Arguments.Add(_paths);
        foreach (Option option in (Option[])[_record, _update, _fuzz, _seed, _junit])
            Options.Add(option);
        _junit.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Path.GetExtension(token.Value) is Extension or RuleFault.ScriptExtension)
                result.AddError($"'--junit {token.Value}' would overwrite rules or tests: name another file");
        });
        SetAction(parsed => ProcessEnd.Guard("the tests were done", () => Run(parsed)));
    }

    private int Run(ParseResult parsed)
    {
        string[] paths = parsed.GetRequiredValue(_paths);
        string? capture = parsed.GetValue(_record);
        var results = new TestResults();
        foreach (string file in capture is not null ? [FileToRecord(paths)] : paths.SelectMany(Find).Distinct())
        {
            CompiledRule[] rules = [.. RulesOf(file).Select(path => RuleCompiler.Compile(path))];
            foreach (RuleDiagnostic diagnostic in rules.SelectMany(rule => rule.Diagnostics).Where(diagnostic => diagnostic.IsError))
                StandardStreams.Error.WriteLine($"fluke6: {diagnostic}");
            results.Compile &= rules.All(rule => rule.Succeeded);
            if (!rules.All(rule => rule.Succeeded))
                continue;

            if (capture is not null)
                Record(file, capture, rules);
            if (parsed.GetValue(_update))
                Update(file, rules);
            Run(file, rules, parsed, results);
        }

        if (parsed.GetValue(_junit) is { } junit)
            results.Write(junit);
        StandardStreams.Output.WriteLine($"{results.Passed} passed, {results.Failed} failed");
        return !results.Compile ? ExitCode.RulesDoNotCompile : results.Failed > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private void Run(string file, IReadOnlyList<CompiledRule> rules, ParseResult parsed, TestResults results)
    {
        IReadOnlyList<TestCase> tests = TestFile.Read(file);
        foreach (TestCase test in tests)
            results.Add(file, test.Line, test.Title, TestRun.Run(test, rules).Failures);
        if (parsed.GetValue(_fuzz) is not (> 0 and int count))
            return;

        TestFailure? found = new FuzzRun(rules, tests).Run(count, parsed.GetValue(_seed));
        results.Add(file, 1, $"{count:N0} frames with bytes changed", found is null ? [] : [found]);
    }

    private static void Record(string file, string capture, IReadOnlyList<CompiledRule> rules)
    {
        (int line, int frames) = TestRecording.Add(file, capture);
        TestUpdate.Fill(file, line, rules);
        StandardStreams.Output.WriteLine($"recorded {frames:N0} frames of {capture} in {file}:{line}");
    }

    private static void Update(string file, IReadOnlyList<CompiledRule> rules)
    {
        foreach (TestCase test in TestUpdate.Rewrite(file, rules))
            StandardStreams.Output.WriteLine($"updated {file}: {test.Title}");
    }

    private static string FileToRecord(string[] paths) =>
        paths is [var path] && path.EndsWith(RuleFault.ScriptExtension, StringComparison.Ordinal) && File.Exists(path)
            ? Path.ChangeExtension(path, Extension)
            : throw new CommandFailure(ExitCode.Usage, "--record wants one rule that is there, as in 'fluke6 test strip.csx --record in.pcap'");

    private static IEnumerable<string> Find(string path)
    {
        if (Directory.Exists(path))
        {
            string[] files = [.. Directory.GetFiles(path, $"*{Extension}").Order(StringComparer.Ordinal)];
            return files.Length > 0
                ? files
                : throw new CommandFailure(ExitCode.Usage, $"no file '*{Extension}' in '{path}' to take tests from");
        }

        string file = path.EndsWith(RuleFault.ScriptExtension, StringComparison.Ordinal) ? Path.ChangeExtension(path, Extension) : path;
        return File.Exists(file) ? [file] : throw new CommandFailure(ExitCode.Usage, $"no file '{file}' to take tests from");
    }

    private static string[] RulesOf(string file)
    {
        string rule = Path.ChangeExtension(file, RuleFault.ScriptExtension);
        if (File.Exists(rule))
            return [rule];

        string[] all = [.. RulePaths.Find([Path.GetDirectoryName(Path.GetFullPath(file))!], out _)];
        return all.Length > 0
            ? all
            : throw new CommandFailure(ExitCode.Usage, $"no rule '{rule}' that '{file}' could be about, and no other in its folder");
    }
}
