using Fluke6.Frames;

namespace Fluke6.Flows;

/// <summary>A copy of one flow, whole in itself. The source is the end that sent the first frame seen, or the SYN.</summary>
internal readonly struct FlowSnapshot
{
    private readonly FlowEntry _entry;

    internal FlowSnapshot(in FlowEntry entry, int index, long kernelFrames)
    {
        _entry = entry;
        Index = index;
        KernelFrames = kernelFrames;
    }

    /// <summary>What tells this flow from others.</summary>
    public FlowKey Key => _entry.Key;

    /// <summary>The end that began.</summary>
    public FlowEndpoint Source => UpperBegan ? _entry.Key.Upper : _entry.Key.Lower;

    /// <summary>The other end.</summary>
    public FlowEndpoint Destination => UpperBegan ? _entry.Key.Lower : _entry.Key.Upper;

    /// <summary>Frames that arrived on the left port.</summary>
    public long FramesFromLeft => _entry.FramesFromLeft;

    /// <summary>Frames that arrived on the right port.</summary>
    public long FramesFromRight => _entry.FramesFromRight;

    /// <summary>Octets that arrived on the left port.</summary>
    public long BytesFromLeft => _entry.BytesFromLeft;

    /// <summary>Octets that arrived on the right port.</summary>
    public long BytesFromRight => _entry.BytesFromRight;

    /// <summary>Octets in both directions.</summary>
    public long Bytes => _entry.BytesFromLeft + _entry.BytesFromRight;

    /// <summary>Frames in both directions.</summary>
    public long Frames => _entry.FramesFromLeft + _entry.FramesFromRight;

    /// <summary>Of <see cref="Frames"/>, those that the kernel forwarded: only how many and how long they were is known of them.</summary>
    public long KernelFrames { get; }

    /// <summary>When the first frame arrived, UTC.</summary>
    public DateTime FirstSeen => new(_entry.FirstSeen, DateTimeKind.Utc);

    /// <summary>When the last frame arrived, UTC.</summary>
    public DateTime LastSeen => new(_entry.LastSeen, DateTimeKind.Utc);

    /// <summary>How far a TCP connection has come; None for other protocols.</summary>
    public TcpState State => _entry.State;

    /// <summary>The rules that hit a frame of this flow, a bit each; <see cref="RuleNames"/> has their names.</summary>
    public ulong Rules => _entry.Rules;

    /// <summary>Frames that a rule changed.</summary>
    public long Rewritten => _entry.Rewritten;

    /// <summary>Frames that a rule dropped.</summary>
    public long Dropped => _entry.Dropped;

    /// <summary>Whether <see cref="FlowTable.TryGetLedger"/> has something to say.</summary>
    public bool HasLedger => _entry.Ledger != 0;

    internal int Index { get; }

    internal int Ledger => _entry.Ledger;

    internal bool IsInUse => (_entry.Marks & FlowMarks.InUse) != 0;

    private bool UpperBegan => (_entry.Marks & FlowMarks.UpperBegan) != 0;
}

/// <summary>By what the first of many flows are chosen.</summary>
internal enum FlowOrder : byte
{
    /// <summary>Last seen first.</summary>
    Recent,

    /// <summary>Most octets first.</summary>
    Bytes,

    /// <summary>Most frames first.</summary>
    Frames,

    /// <summary>Begun last first.</summary>
    Begun,

    /// <summary>Most rewritten and dropped frames first.</summary>
    Touched,
}

/// <summary>Says whether a flow is wanted.</summary>
internal delegate bool FlowFilter(in FlowSnapshot flow);
