using Fluke6.Frames;

namespace Fluke6.Engine;

/// <summary>A frame that a rule holds: all that is known of it, and where its octets are.</summary>
internal struct HeldFrame
{
    /// <summary>The frame's facts, all but its octets.</summary>
    public FrameFacts Facts;

    /// <summary>The rule that holds it.</summary>
    public HoldSource Source;

    /// <summary>The queue that decides when it is due; null for none.</summary>
    public HoldQueue? Queue;

    /// <summary>By which its place in the queue is known; −1 while it has none.</summary>
    public long Order;

    /// <summary>When it came, by <see cref="Moment.Monotonic"/>. For the queue.</summary>
    public long Arrived;

    /// <summary>Since when it waits. For the queue.</summary>
    public long Since;

    /// <summary>Its number, or that of its first segment, among those that its queue saw. For the queue.</summary>
    public long Number;

    /// <summary>How long it is to stay after the queue is through with it, in nanoseconds. For the queue.</summary>
    public long Further;

    /// <summary>How many segments it is on the wire. For the queue.</summary>
    public int Segments;

    /// <summary>Its octets on the wire. For the queue.</summary>
    public int WireOctets;

    /// <summary>The frame after it in its queue. For the queue; where it is not held, the next free slot.</summary>
    public int Next;

    /// <summary>How far its queue is with it. For the queue.</summary>
    public byte Phase;

    /// <summary>Whether it is to pass a link yet. For the queue.</summary>
    public bool Link;

    /// <summary>Whether it is dropped when it is due.</summary>
    public bool IsDoomed;

    /// <summary>Whether there is no frame, only a place in its queue.</summary>
    public bool IsReserved;

    /// <summary>Its octets.</summary>
    public int Length;

    /// <summary>How many octets of it are kept as it arrived, since a rule changed it.</summary>
    public int ArrivalCount;

    /// <summary>How many octets it had when it arrived.</summary>
    public int ArrivalLength;

    /// <summary>The first block of its octets.</summary>
    public int Block;
}
