using Fluke6.Command.Supervision;
using Fluke6.Scripting;
using Fluke6.Snapshots;
using Fluke6.Watching;

namespace Fluke6.Command;

/// <summary>The rules, as watchers ask for them.</summary>
/// <param name="rules">The rules.</param>
/// <param name="changes">Takes down what a bridge after this one is to know.</param>
internal sealed class RuleControl(RuleSet rules, RuleChanges changes) : IRuleControl
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
    public bool SetDisabled(string rule, bool disabled)
    {
        bool done = rules.SetDisabled(rule, disabled);
        if (done)
            changes.Switch(rule, off: disabled);
        return done;
    }

    /// <inheritdoc/>
    public bool Move(string rule, int position) => rules.Move(rule, position);

    /// <inheritdoc/>
    public string? SetParameter(string rule, string name, string value)
    {
        string? trouble = rules.SetParameter(rule, name, value);
        if (trouble is null)
            changes.Set(rule, name, value);
        return trouble;
    }
}
