using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Views;

/// <summary>The flows that cross the bridge.</summary>
internal sealed class FlowsPane : TablePane<FlowRecord>
{
    // Columns before those of FlowColumn.
    private const int Marks = 1;
    private readonly BridgeWatch _watch;
    private readonly List<Column<FlowRecord>> _columns;
    private int _shown;
    private int _all;
    private DateTime _now;

    public FlowsPane(ViewState state, BridgeWatch watch)
        : base(state)
    {
        _watch = watch;
        _columns =
        [
            // The marks, and then the columns in FlowColumn's order. A star says by shape what the colour says.
            new("", 2, flow => flow.Dropped > 0 ? new Piece("×", Ink.Bad) : flow.Rules.Count > 0 ? new Piece("*", Ink.Mark) : new Piece("")),
            new("proto", 7, flow => new Piece(flow.Protocol)),
            new("from", 0, flow => new Piece($"{flow.Source}")),
            new("to", 0, flow => new Piece($"{flow.Destination}")),
            new("state", 12, flow => new Piece(flow.StateInWords, flow.State == FlowRecord.Reset ? Ink.Warning : Ink.Normal)),
            new("frames", 8, flow => new Piece(Figures.Short(flow.Frames)), RightAligned: true, FromWidth: 100),
            new("bytes", 8, flow => new Piece(Figures.Short(flow.Bytes)), RightAligned: true),
            new("rewr.", 7, flow => new Piece(Figures.Short(flow.Rewritten), flow.Rewritten == 0 ? Ink.Dim : Ink.Mark), RightAligned: true),
            new("drop", 6, flow => new Piece(Figures.Short(flow.Dropped), flow.Dropped == 0 ? Ink.Dim : Ink.Bad), RightAligned: true, FromWidth: 100),
            new("age", 8, flow => new Piece(Figures.Age(_now - flow.FirstSeen)), RightAligned: true, FromWidth: 120),
            new("idle", 8, flow => new Piece(Figures.Age(_now - flow.LastSeen), Ink.Dim), RightAligned: true),
            new("rules that hit", 44, flow => new Piece(string.Join(' ', flow.Rules), Ink.Mark), FromWidth: 150),
        ];
    }

    /// <summary>The user wants flows sorted by a column.</summary>
    public event Action<FlowColumn>? Sorting;

    /// <inheritdoc/>
    protected override IReadOnlyList<Column<FlowRecord>> Columns => _columns;

    /// <inheritdoc/>
    protected override string Heading =>
        $"Flows ({_all:N0}), by {Name(Query.Column)} {Query.Arrow}"
        + (Query.FilterText.Length > 0 ? $", {_shown:N0}{More} match /{Query.FilterText}"
            : _shown < _all && _shown == BridgeWatch.MaxFlows ? $", {Chosen} {_shown:N0} of them" : "");

    /// <inheritdoc/>
    protected override string EmptyText => !_watch.KeepsFlows ? "flows are not kept (--flows 0)"
        : Query.FilterText.Length > 0 ? "no flow matches; Esc shows all" : "nothing has passed yet";

    /// <summary>A column in words.</summary>
    public static string Name(FlowColumn column) => column == FlowColumn.Rules ? "rules that hit" : $"{column}".ToLowerInvariant();

    /// <inheritdoc/>
    protected override Column<FlowRecord> SortedBy => _columns[(int)Query.Column + Marks];

    /// <inheritdoc/>
    protected override char SortArrow => Query.Arrow;

    private FlowQuery Query => _watch.Query;

    private string More => _shown == BridgeWatch.MaxFlows ? "+" : "";

    // Only so many are sorted: the first ones by an order that the table knows.
    private string Chosen => Query.Choice switch
    {
        FlowOrders.Bytes or FlowOrders.Frames => "the largest",
        FlowOrders.Touched => "the most touched",
        FlowOrders.Begun => "the youngest",
        _ => "the last seen",
    };

    /// <summary>Shows the flows as they are now.</summary>
    public void Show(BridgeSnapshot snapshot)
    {
        FlowRecord[] flows = Query.Of(snapshot);
        _shown = flows.Length;
        _all = snapshot.Flows;
        _now = snapshot.Time;
        Show(flows);
    }

    /// <inheritdoc/>
    protected override object KeyOf(FlowRecord row) => row.Id;

    /// <inheritdoc/>
    protected override void ClickedHeading(Column<FlowRecord> column)
    {
        int place = _columns.IndexOf(column) - Marks;
        if (place >= 0)
            Sorting?.Invoke((FlowColumn)place);
    }
}
