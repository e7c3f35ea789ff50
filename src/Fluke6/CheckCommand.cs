using System.CommandLine;
using Fluke6.Command.Streams;
using Fluke6.Journal;
using Fluke6.Scripting;

namespace Fluke6.Command;

/// <summary><c>fluke6 check PATH...</c>: compiles rules and runs nothing.</summary>
internal sealed class CheckCommand : System.CommandLine.Command
{
    /// <summary>The end of its help.</summary>
    public const string Examples = """
          fluke6 check rules/                 every rule of a folder
          fluke6 check strip.csx clamp.csx    these two
          fluke6 check rules/ --params        and what --set may give each of them

        What is wrong goes to standard error, as file(line,column): error CS1002: ; expected;
        exit status 3. Otherwise it says how many rules there are.
        """;

    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "A rule (.csx) or a folder of rules.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _params = new("--params")
    {
        Description = "Lists the parameters of each rule: name, type, default, range and what it means.",
    };

    /// <summary>The command.</summary>
    public CheckCommand()
        : base("check", "Compiles rules without running them, and tells what is wrong. Needs no privileges.")
    {
        _paths.Validators.Add(RulePathArguments.Validate);
        Arguments.Add(_paths);
        Options.Add(_params);
        SetAction(parsed => Run(parsed.GetRequiredValue(_paths), parsed.GetValue(_params)));
    }

    private static int Run(string[] paths, bool listsParameters)
    {
        IReadOnlyList<string> files = RulePaths.Find(paths, out IReadOnlyList<RuleDiagnostic> misplaced);
        CompiledRule[] rules = [.. files.Select(file => RuleCompiler.Compile(file))];
        bool failed = false;
        foreach (RuleDiagnostic diagnostic in misplaced.Concat(rules.SelectMany(rule => rule.Diagnostics)))
        {
            failed |= diagnostic.IsError;
            StandardStreams.Error.WriteLine($"{diagnostic}");
        }

        foreach (string passedOver in RulePathArguments.PassedOver(paths))
            StandardStreams.Error.WriteLine($"fluke6: {passedOver}");
        foreach (string folder in paths.Where(path => Directory.Exists(path) && !HasRule(path, files)))
            StandardStreams.Error.WriteLine($"fluke6: there is no rule in {folder}: a rule is a file whose name ends in {RuleFault.ScriptExtension}");
        if (RuleCompiler.CacheTrouble is { } trouble)
            StandardStreams.Error.WriteLine($"fluke6: warning: {trouble}");
        if (failed)
            return ExitCode.RulesDoNotCompile;

        if (listsParameters)
        {
            foreach (string line in rules.SelectMany(ParameterTable.Of))
                Console.WriteLine(line);
        }

        Console.WriteLine($"{(files.Count == 1 ? "1 rule" : $"{files.Count} rules")}, no errors");
        return ExitCode.Done;
    }

    private static bool HasRule(string folder, IReadOnlyList<string> rules)
    {
        string prefix = Path.GetFullPath(folder).TrimEnd('/') + "/";
        return rules.Any(rule => rule.StartsWith(prefix, StringComparison.Ordinal));
    }
}
