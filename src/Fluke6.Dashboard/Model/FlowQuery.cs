using Fluke6.Flows;
using Fluke6.Rules;

namespace Fluke6.Dashboard.Model;

/// <summary>The columns that flows can be sorted by.</summary>
internal enum FlowColumn
{
    LastSeen,
    Protocol,
    Source,
    Destination,
    State,
    Frames,
    Bytes,
    Rewritten,
    Dropped,
}

/// <summary>Which flows the user wants to see, and in which order.</summary>
internal sealed class FlowQuery(RuleNames names)
{
    private FlowFilterText? _filter;

    /// <summary>What flows are sorted by.</summary>
    public FlowColumn Column { get; private set; }

    /// <summary>What the user typed; empty for all flows.</summary>
    public string FilterText => _filter?.Text ?? "";

    /// <summary>Whether a flow is wanted; null if all are.</summary>
    public FlowFilter? Filter => _filter is null ? null : _filter.Matches;

    /// <summary>
    /// By what the first of many are chosen. A column of text is no such order: the last seen flows are sorted by it.
    /// </summary>
    public FlowOrder Choice => Column switch
    {
        FlowColumn.Bytes => FlowOrder.Bytes,
        FlowColumn.Frames => FlowOrder.Frames,
        FlowColumn.Rewritten or FlowColumn.Dropped => FlowOrder.Touched,
        _ => FlowOrder.Recent,
    };

    /// <summary>The next column.</summary>
    public void SortByNext() => Column = (FlowColumn)(((int)Column + 1) % Enum.GetValues<FlowColumn>().Length);

    /// <summary>This column.</summary>
    public void SortBy(FlowColumn column) => Column = column;

    /// <summary>Words that must all match; see <see cref="FlowFilterText"/>.</summary>
    public void SetFilter(string text) => _filter = text.Trim().Length == 0 ? null : new FlowFilterText(text.Trim(), names);

    /// <summary>Sorts what was read.</summary>
    public void Sort(FlowSnapshot[] flows) => Array.Sort(flows, Compare);

    private int Compare(FlowSnapshot a, FlowSnapshot b)
    {
        int order = Column switch
        {
            FlowColumn.Protocol => string.CompareOrdinal(a.Key.ProtocolName, b.Key.ProtocolName),
            FlowColumn.Source => string.CompareOrdinal(a.Source.ToString(), b.Source.ToString()),
            FlowColumn.Destination => string.CompareOrdinal(a.Destination.ToString(), b.Destination.ToString()),
            FlowColumn.State => a.State.CompareTo(b.State),
            FlowColumn.Frames => b.Frames.CompareTo(a.Frames),
            FlowColumn.Bytes => b.Bytes.CompareTo(a.Bytes),
            FlowColumn.Rewritten => b.Rewritten.CompareTo(a.Rewritten),
            FlowColumn.Dropped => b.Dropped.CompareTo(a.Dropped),
            // To the second, and then by age: flows that are all busy do not dance.
            _ => (b.LastSeen.Ticks / TimeSpan.TicksPerSecond).CompareTo(a.LastSeen.Ticks / TimeSpan.TicksPerSecond),
        };
        return order != 0 ? order : b.FirstSeen.CompareTo(a.FirstSeen);
    }
}
