using System.Text.Json.Serialization;

namespace Fluke6.Snapshots;

/// <summary>
/// All figures of a bridge at one moment: plain data that nothing changes any more, and the <c>stats</c> object of <c>--stats json</c> and of the
/// control socket. A field that another version did not write has its default.
/// </summary>
internal sealed record BridgeSnapshot
{
    /// <summary>Nothing yet.</summary>
    public static BridgeSnapshot Empty { get; } = new();

    /// <summary>The object's type: <c>stats</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "stats";

    /// <summary>The number of the last event before it, of those in <see cref="EventLog"/>.</summary>
    public long Sequence { get; init; }

    /// <summary>When, in UTC; of a replay, where the captures' time stands.</summary>
    public DateTime Time { get; init; }

    /// <summary>Seconds since the bridge began to be watched, which is when it began to forward.</summary>
    public double Uptime { get; init; }

    /// <summary>Both ports.</summary>
    public PortsRecord Ports { get => field ?? new PortsRecord(); init; }

    /// <summary>The rules, in the chain's order.</summary>
    public IReadOnlyList<RuleRecord> Rules { get => field ?? []; init; }

    /// <summary>How many flows are in the table.</summary>
    public int Flows { get; init; }

    /// <summary>How many flows there were so far.</summary>
    public long FlowsSeen { get; init; }

    /// <summary>How many flows made room for others.</summary>
    public long FlowsEvicted { get; init; }

    /// <summary>The flows that were asked for; null if none were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FlowRecord>? FlowTable { get; init; }

    /// <summary>The id of the one flow that was asked for; null if none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FlowAsked { get; init; }

    /// <summary>The one flow that was asked for; null if none was, or it is not in the table any more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FlowRecord? Flow { get; init; }

    /// <summary>The layers that were asked for: whether any frame had them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LayerRecord>? Layers { get; init; }

    /// <summary>The ledger of neighbour discovery; null if it was not asked for, or no flows are kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NeighborsRecord? Neighbors { get; init; }

    /// <summary>The flows' and handshakes' figures in sum; null if they were not asked for, or no flows are kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FlowSummaryRecord? Summary { get; init; }

    /// <summary>Of the captures that are being written, the one that began last; where none is, the one that ended last; null if there never was one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CaptureStatus? Capture { get; init; }

    /// <summary>All captures that are being written, where there are several; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CaptureStatus>? Captures { get; init; }

    /// <summary>Where counting began anew for those who look on; null if it never did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ZeroRecord? Zero { get; init; }

    /// <summary>Whether the kernel forwards what no rule asks for; null of a replay.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? FastPath { get; init; }

    /// <summary>Threads that rules did not give back and that have not ended.</summary>
    public int ThreadsLeftBehind { get; init; }

    /// <summary>Threads that rules did not give back so far.</summary>
    public long ThreadsEverLeftBehind { get; init; }

    /// <summary>Seconds of processor time that those which have not ended took.</summary>
    public double SecondsLeftBehind { get; init; }

    /// <summary>Events that came faster than they could be kept, or of which a rule logged too many.</summary>
    public long NotesLost { get; init; }

    /// <summary>Lines that standard output did not take.</summary>
    public long LinesLost { get; init; }

    /// <summary>Lines that standard error did not take.</summary>
    public long ErrorLinesLost { get; init; }
}

/// <summary>Both ports' figures.</summary>
internal sealed record PortsRecord
{
    /// <summary>The left port.</summary>
    public PortRecord Left { get => field ?? new PortRecord(); init; }

    /// <summary>The right port.</summary>
    public PortRecord Right { get => field ?? new PortRecord(); init; }
}

/// <summary>A capture's figures.</summary>
internal sealed record CaptureStatus
{
    /// <summary>Its file.</summary>
    public string File { get => field ?? ""; init; }

    /// <summary>Whether it is being written.</summary>
    public bool Running { get; init; }

    /// <summary>Packets in the file.</summary>
    public long Packets { get; init; }

    /// <summary>The file's length, in octets.</summary>
    public long Octets { get; init; }

    /// <summary>Packets that are not in the file.</summary>
    public long Lost { get; init; }

    /// <summary>Why nothing more is written; null while all is well.</summary>
    public string? Error { get; init; }

    /// <summary>When it began, in UTC.</summary>
    public DateTime Started { get; init; }
}

/// <summary>Figures at the moment when somebody asked to count from zero: those who look on take them off; the figures themselves go on.</summary>
internal sealed record ZeroRecord
{
    /// <summary>When, in UTC.</summary>
    public DateTime Time { get; init; }

    /// <summary>Both ports' figures then.</summary>
    public PortsRecord Ports { get => field ?? new PortsRecord(); init; }

    /// <summary>Each rule's figures then.</summary>
    public IReadOnlyList<RuleTotals> Rules { get => field ?? []; init; }
}
