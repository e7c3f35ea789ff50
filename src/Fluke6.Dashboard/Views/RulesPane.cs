using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Views;

/// <summary>The chain: which rules, in which state, what each did.</summary>
internal sealed class RulesPane : TablePane<RuleRow>
{
    private static readonly IReadOnlyList<Column<RuleRow>> s_columns =
    [
        new("#", 3, rule => new Piece($"{rule.Order}", Ink.Dim), RightAligned: true),
        new("rule", 0, rule => new Piece(rule.Name, rule.Rule.State is RuleRecord.Live ? Ink.Normal : Ink.Strong), MaxWidth: 40),
        new("state", 9, rule => new Piece(rule.Rule.State, rule.StateInk)),
        new("seen", 6, rule => Count(rule.Totals.Seen), RightAligned: true),
        new("hits", 6, rule => Count(rule.Totals.Hits), RightAligned: true),
        new("rewr.", 6, rule => Count(rule.Totals.Rewritten), RightAligned: true),
        new("drop", 6, rule => Count(rule.Totals.Dropped), RightAligned: true),
        new("sent", 6, rule => Count(rule.Totals.Sent), RightAligned: true),
        new("fault", 6, rule => Count(rule.Totals.Faults, Ink.Bad), RightAligned: true),
        new(
            "ns", 6, rule => rule.Totals.Timed == 0 ? new Piece("-", Ink.Dim) : new Piece(Figures.Nanoseconds(rule.Totals.MeanNanoseconds)),
            RightAligned: true),
        new("last hit", 9, rule => rule.SinceHit is { } age ? new Piece(Figures.Age(age)) : new Piece("never", Ink.Dim), RightAligned: true),
    ];

    private int _count;

    /// <summary>The user wants another order, which the chain's rules cannot have.</summary>
    public event Action? HeadingClicked;

    public RulesPane(ViewState state)
        : base(state) => SelectKey(state.SelectedRule);

    /// <inheritdoc/>
    protected override IReadOnlyList<Column<RuleRow>> Columns => s_columns;

    /// <inheritdoc/>
    protected override string Heading => $"Rules ({_count}){(RowsBelow > 0 ? $", {RowsBelow} further down" : "")}";

    /// <inheritdoc/>
    protected override string EmptyText => "no rules: everything passes as it is (start with -r PATH)";

    /// <summary>Shows the chain as it is now.</summary>
    public void Show(BridgeSnapshot snapshot)
    {
        _count = snapshot.Rules.Count;
        Show(RuleRow.Of(snapshot));
        State.SelectedRule = Selected?.Name;
    }

    /// <summary>Keeps this rule selected while it moves.</summary>
    public void Follow(string rule) => SelectKey(rule);

    /// <inheritdoc/>
    protected override object KeyOf(RuleRow row) => row.Name;

    /// <inheritdoc/>
    protected override void ClickedHeading(Column<RuleRow> column) => HeadingClicked?.Invoke();

    private static Piece Count(long value, Ink ink = Ink.Normal) => new(Figures.Short(value), value == 0 ? Ink.Dim : ink);
}
