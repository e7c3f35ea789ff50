namespace Fluke6.Snapshots;

/// <summary>What a watcher wants to see beside the ports' and the rules' figures.</summary>
internal sealed record SnapshotRequest
{
    /// <summary>The figures alone.</summary>
    public static SnapshotRequest FiguresAlone { get; } = new();

    /// <summary>In <see cref="Layers"/>: all that there is something to say about, without an argument.</summary>
    public const string AnyLayer = "*";

    /// <summary>How many flows, at the most.</summary>
    public int Flows { get; init; }

    /// <summary>By what those are chosen: one of <see cref="FlowOrders"/>; anything else means the last seen ones.</summary>
    public string Order { get => field ?? FlowOrders.Recent; init; }

    /// <summary>Words that the flows must match; see <see cref="FlowFilterText"/>. Empty for all.</summary>
    public string Filter { get => field ?? ""; init; }

    /// <summary>Whether each flow comes with its ledger.</summary>
    public bool Ledgers { get; init; }

    /// <summary>Whether each flow comes with the last of its frames that rules changed.</summary>
    public bool Changes { get; init; }

    /// <summary>One flow, by its id, with ledger and changes; null for none.</summary>
    public string? Flow { get; init; }

    /// <summary>Layers, and whether any frame had them: <c>Tcp</c>, or with an argument <c>Dns 5353</c>.</summary>
    public IReadOnlyList<string> Layers { get => field ?? []; init; }

    /// <summary>How many routers, prefixes and addresses each, at the most.</summary>
    public int Neighbors { get; init; }

    /// <summary>Whether the ports come with the bits of each of the last seconds.</summary>
    public bool History { get; init; }

    /// <summary>Whether the flows and handshakes come in sum.</summary>
    public bool Summary { get; init; }
}

/// <summary>By what the first of many flows are chosen.</summary>
internal static class FlowOrders
{
    /// <summary>Last seen first.</summary>
    public const string Recent = "recent";

    /// <summary>Most octets first.</summary>
    public const string Bytes = "bytes";

    /// <summary>Most frames first.</summary>
    public const string Frames = "frames";

    /// <summary>Begun last first.</summary>
    public const string Begun = "begun";

    /// <summary>Most rewritten and dropped frames first.</summary>
    public const string Touched = "touched";
}
