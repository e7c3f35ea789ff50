using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Model;

/// <summary>A rule as the screen shows it.</summary>
/// <param name="Order">Its place in the chain, from 1.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Totals">Its figures, counted from zero where somebody asked for that.</param>
/// <param name="SinceHit">For how long it did not hit; null if it never did.</param>
internal sealed record RuleRow(int Order, RuleRecord Rule, RuleTotals Totals, TimeSpan? SinceHit)
{
    /// <summary>Its name.</summary>
    public string Name => Rule.Name;

    /// <summary>The colour of its state.</summary>
    public Ink StateInk => Rule.State switch
    {
        RuleRecord.Live => Ink.Good,
        RuleRecord.Disabled => Ink.Dim,
        RuleRecord.Stale => Ink.Warning,
        _ => Ink.Bad,
    };

    /// <summary>The rules of a snapshot, in the chain's order.</summary>
    public static IReadOnlyList<RuleRow> Of(BridgeSnapshot snapshot) => [.. snapshot.Rules.Select((rule, index) => new RuleRow(
        index + 1,
        rule,
        snapshot.Zero?.Rules.FirstOrDefault(zero => zero.Name == rule.Name) is { } zero ? rule.Totals.Since(zero) : rule.Totals,
        rule.LastHit is { } hit ? snapshot.Time - hit : null))];

    /// <summary>A rule of a snapshot; null if it is not in the chain.</summary>
    public static RuleRow? Of(BridgeSnapshot snapshot, string name) => Of(snapshot).FirstOrDefault(row => row.Name == name);
}
