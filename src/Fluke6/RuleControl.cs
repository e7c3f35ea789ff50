using Fluke6.Scripting;
using Fluke6.Snapshots;
using Fluke6.Watching;

namespace Fluke6.Command;

/// <summary>The rules, as watchers ask for them.</summary>
internal sealed class RuleControl(RuleSet rules) : IRuleControl
{
    /// <inheritdoc/>
    public string? PathOf(string rule) => rules.PathOf(rule);

    /// <inheritdoc/>
    public IReadOnlyList<RuleProblem> ProblemsOf(string rule) =>
        [.. rules.DiagnosticsOf(rule).Select(diagnostic => new RuleProblem(
            diagnostic.File, diagnostic.Line, diagnostic.Column, diagnostic.IsError, $"{diagnostic.Id}: {diagnostic.Message}"))];

    /// <inheritdoc/>
    public bool Reload(string rule) => rules.Reload(rule);

    /// <inheritdoc/>
    public bool SetDisabled(string rule, bool disabled) => rules.SetDisabled(rule, disabled);

    /// <inheritdoc/>
    public bool Move(string rule, int position) => rules.Move(rule, position);

    /// <inheritdoc/>
    public string? SetParameter(string rule, string name, string value) => rules.SetParameter(rule, name, value);
}
