using Fluke6.Frames;
using Fluke6.Snapshots;
using Fluke6.Wire;

namespace Fluke6.Dashboard.Model;

/// <summary>The columns that flows can be sorted by, as they stand in the pane.</summary>
internal enum FlowColumn
{
    Protocol,
    From,
    To,
    State,
    Frames,
    Bytes,
    Rewritten,
    Dropped,
    Age,
    Idle,
    Rules,
}

/// <summary>Which flows the user wants to see, and in which order.</summary>
internal sealed class FlowQuery
{
    private FlowFilterText? _filter;

    /// <summary>The column that flows are sorted by.</summary>
    public FlowColumn Column { get; private set; } = FlowColumn.Idle;

    /// <summary>Whether the largest value stands first.</summary>
    public bool Descending { get; private set; }

    /// <summary>Which way the order goes, as a character.</summary>
    public char Arrow => Descending ? '↓' : '↑';

    /// <summary>The filter as the user typed it; empty for all flows.</summary>
    public string FilterText => _filter?.Text ?? "";

    /// <summary>
    /// By what the first of many are chosen. A column of text is no such order: the last seen flows are sorted by it.
    /// </summary>
    public string Choice => Column switch
    {
        FlowColumn.Bytes => FlowOrders.Bytes,
        FlowColumn.Frames => FlowOrders.Frames,
        FlowColumn.Rewritten or FlowColumn.Dropped => FlowOrders.Touched,
        FlowColumn.Age => FlowOrders.Begun,
        _ => FlowOrders.Recent,
    };

    /// <summary>The next column.</summary>
    public void SortByNext() => Sort((FlowColumn)(((int)Column + 1) % Enum.GetValues<FlowColumn>().Length));

    /// <summary>This column; the other way round if it is that already.</summary>
    public void SortBy(FlowColumn column)
    {
        if (column == Column)
            Reverse();
        else
            Sort(column);
    }

    /// <summary>The other way round.</summary>
    public void Reverse() => Descending = !Descending;

    /// <summary>Words that must all match; see <see cref="FlowFilterText"/>.</summary>
    /// <param name="text">The words; none for all flows.</param>
    /// <param name="snapshot">What was seen, for the names of rules.</param>
    /// <exception cref="FormatException">A word means nothing; the filter is as it was.</exception>
    public void SetFilter(string text, BridgeSnapshot snapshot) =>
        _filter = text.Trim().Length == 0 ? null : new FlowFilterText(text.Trim(), NamesIn(snapshot));

    /// <summary>The flows of a snapshot that are wanted, in the order that is wanted.</summary>
    public FlowRecord[] Of(BridgeSnapshot snapshot)
    {
        FlowRecord[] flows = [.. (snapshot.FlowTable ?? []).Where(flow => _filter?.Matches(flow) ?? true)];
        Array.Sort(flows, Compare);
        return flows;
    }

    // A rule that left is still the one that hit a flow.
    private static RuleNames NamesIn(BridgeSnapshot snapshot)
    {
        var names = new RuleNames();
        foreach (string name in snapshot.Rules.Select(rule => rule.Name).Concat((snapshot.FlowTable ?? []).SelectMany(flow => flow.Rules)))
            names.NumberOf(name);
        return names;
    }

    // Numbers begin with the largest, text and times with the least.
    private void Sort(FlowColumn column)
    {
        Column = column;
        Descending = column is FlowColumn.Frames or FlowColumn.Bytes or FlowColumn.Rewritten or FlowColumn.Dropped or FlowColumn.Rules;
    }

    private int Compare(FlowRecord a, FlowRecord b)
    {
        int order = Column switch
        {
            FlowColumn.Protocol => string.CompareOrdinal(a.Protocol, b.Protocol),
            FlowColumn.From => Compare(a.Source, b.Source),
            FlowColumn.To => Compare(a.Destination, b.Destination),
            FlowColumn.State => StateNumber(a).CompareTo(StateNumber(b)),
            FlowColumn.Frames => a.Frames.CompareTo(b.Frames),
            FlowColumn.Bytes => a.Bytes.CompareTo(b.Bytes),
            FlowColumn.Rewritten => a.Rewritten.CompareTo(b.Rewritten),
            FlowColumn.Dropped => a.Dropped.CompareTo(b.Dropped),
            FlowColumn.Age => b.FirstSeen.CompareTo(a.FirstSeen),
            FlowColumn.Rules => a.Rules.Count.CompareTo(b.Rules.Count),
            // To the second, and then by age: flows that are all busy do not dance.
            _ => (b.LastSeen.Ticks / TimeSpan.TicksPerSecond).CompareTo(a.LastSeen.Ticks / TimeSpan.TicksPerSecond),
        };
        return order != 0 ? (Descending ? -order : order) : b.FirstSeen.CompareTo(a.FirstSeen);
    }

    // As a connection goes on.
    private static int StateNumber(FlowRecord flow) => flow.State switch
    {
        null => 0,
        FlowRecord.SynSeen => 1,
        "established" => 2,
        "closing" => 3,
        "closed" => 4,
        _ => 5,
    };

    // As numbers: 10.0.0.9 stands before 10.0.0.10.
    private static int Compare(FlowEndpoint a, FlowEndpoint b)
    {
        int order = a.Family.CompareTo(b.Family);
        if (order == 0)
        {
            order = a.Family switch
            {
                FlowFamily.Ipv4 => a.Ipv4.Value.CompareTo(b.Ipv4.Value),
                FlowFamily.Ipv6 => Compare(a.Ipv6, b.Ipv6),
                _ => string.CompareOrdinal(a.Address, b.Address),
            };
        }

        return order != 0 ? order : a.Port.CompareTo(b.Port);
    }

    private static int Compare(Ipv6Address a, Ipv6Address b) =>
        (a.NetworkPrefix, a.InterfaceIdentifier).CompareTo((b.NetworkPrefix, b.InterfaceIdentifier));
}
