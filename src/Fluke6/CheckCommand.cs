using System.CommandLine;
using Fluke6.Command.Streams;
using Fluke6.Scripting;

namespace Fluke6.Command;

/// <summary><c>fluke6 check PATH...</c>: compiles rules and runs nothing.</summary>
internal sealed class CheckCommand : System.CommandLine.Command
{
    /// <summary>What its help ends with.</summary>
    public const string Examples = """
          fluke6 check rules/                 every rule of a folder
          fluke6 check strip.csx clamp.csx    these two

        What is wrong goes to standard error, as file(line,column): error CS1002: ; expected
        """;

    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "A rule (.csx) or a folder of rules.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>The command.</summary>
    public CheckCommand()
        : base("check", "Compiles rules without running them, and tells what is wrong. Needs no privileges.")
    {
        _paths.Validators.Add(result =>
        {
            foreach (string missing in result.Tokens.Select(token => token.Value).Where(path => !Path.Exists(path)))
                result.AddError($"no file or folder '{missing}' to take rules from");
        });
        Arguments.Add(_paths);
        SetAction(parsed => Run(parsed.GetRequiredValue(_paths)));
    }

    private static int Run(string[] paths)
    {
        IReadOnlyList<string> files = RulePaths.Find(paths, out IReadOnlyList<RuleDiagnostic> misplaced);
        bool failed = false;
        foreach (RuleDiagnostic diagnostic in misplaced.Concat(files.SelectMany(RuleCompiler.Check)))
        {
            failed |= diagnostic.IsError;
            StandardStreams.Error.WriteLine($"{diagnostic}");
        }

        return failed ? ExitCode.RulesDoNotCompile : ExitCode.Done;
    }
}
