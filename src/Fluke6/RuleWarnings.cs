using Fluke6.Engine;
using Fluke6.Scripting;

namespace Fluke6.Command;

/// <summary>What a user should know of rules that were loaded without errors.</summary>
internal static class RuleWarnings
{
    /// <summary>One sentence each.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="diagnostics">What loading them gave.</param>
    /// <param name="paths">Their paths, as typed.</param>
    public static IEnumerable<string> Of(RuleSet rules, IReadOnlyList<RuleDiagnostic> diagnostics, IReadOnlyList<string> paths) =>
    [
        .. diagnostics.Select(diagnostic => $"{diagnostic}"),
        .. RulePathArguments.PassedOver(paths),
        .. RuleCompiler.CacheTrouble is { } trouble ? (string[])[trouble] : [],
        .. rules.UnusedParameters.Select(name => $"no rule has asked for a parameter '{name}' so far, so --set {name}=... has no effect yet"),
    ];

    /// <summary>Refuses parameters that no rule can ask for: a misspelled name must not run unnoticed.</summary>
    /// <exception cref="CommandFailure">There are such.</exception>
    public static void RefuseUnknownParameters(RuleSet rules, RuleServices services)
    {
        // Those of one rule alone (RULE.NAME) are among them only where somebody typed them.
        string[] names = [.. services.ParameterNames.Where(name => !name.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        string asked = names.Length > 0 ? $"; the rules ask for {string.Join(", ", names)}" : "";
        if (rules.UnknownParameters is { Count: > 0 } unknown)
        {
            throw new CommandFailure(ExitCode.Usage, [.. unknown.Select(parameter => $"no rule asks for a parameter '{parameter.Given}'"
                + (parameter.Meant is { } meant ? $"; did you mean --set {meant}=...?" : asked))]);
        }
    }
}
