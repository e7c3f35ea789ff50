using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>What is known of a frame besides its octets: how it came, and what rules did with it so far. Copied as one value.</summary>
internal struct FrameFacts()
{
    /// <summary>The port that it arrived on.</summary>
    public Side From;

    /// <summary>The kind of header that it begins with.</summary>
    public LinkType LinkType;

    /// <summary>The largest network packet, in octets, that both ports take.</summary>
    public int Mtu = 65535;

    /// <summary>How many octets of VLAN tags may come on top of <see cref="Mtu"/>.</summary>
    public int TagRoom = Layers.MaxVlanTags * VlanTag.Length;

    /// <summary>How many octets of its end are not here, since a capture lacks them.</summary>
    public int MissingOctets;

    /// <summary>When it arrived, in nanoseconds since 1970, UTC.</summary>
    public long ArrivedAt;

    /// <summary>The rules that it was a hit of, by their numbers.</summary>
    public ulong HitRules;

    /// <summary>The rules that changed it, by their numbers.</summary>
    public ulong RewritingRules;

    /// <summary>The rules that let go of its flow, by their numbers.</summary>
    public ulong ReleasedBy;

    /// <summary>Whether the rule at hand called <see cref="Frame.Hit"/>.</summary>
    public bool HitByRule;

    /// <summary>Whether any rule changed it.</summary>
    public bool Rewritten;

    /// <summary>Whether something that was asked for is there and cannot be read.</summary>
    public bool Malformed;

    /// <summary>Whether a rule damaged it on purpose, so that it is not wrong that its checksums may be.</summary>
    public bool Corrupted;

    /// <summary>For how many nanoseconds a rule asked to hold it; negative if none did.</summary>
    public long HoldFor = FrameBuffer.NotHeld;

    /// <summary>The rules that held it, by their numbers.</summary>
    public ulong HoldingRules;

    /// <summary>Of one that was held: where in the chain it goes on.</summary>
    public int ResumesAt;

    /// <summary>The flow table's note of it, for when it goes on.</summary>
    public FlowNote Flow = FlowNote.None;

    /// <summary>A frame arrived, and no rule has had it yet. What room there is for tags stays as it was.</summary>
    public void Begin(LinkType linkType, Side from, int mtu)
    {
        LinkType = linkType;
        From = from;
        Mtu = mtu;
        MissingOctets = 0;
        HitRules = RewritingRules = HoldingRules = ReleasedBy = 0;
        HitByRule = Rewritten = Malformed = Corrupted = false;
        HoldFor = FrameBuffer.NotHeld;
    }
}

/// <summary>The flow table's findings about a frame that arrived and is held.</summary>
/// <param name="Flow">Where its flow stands in the table; −1 if it has none.</param>
/// <param name="Began">When that flow began, by which it is known.</param>
/// <param name="Interest">Why the frame is looked at again when it leaves.</param>
/// <param name="Network">Where its network header began.</param>
/// <param name="Transport">Where its transport header began.</param>
/// <param name="End">Where its payload ended.</param>
/// <param name="Flags">Its TCP flags.</param>
/// <param name="Swapped">Whether it goes from the flow's second end to its first.</param>
internal readonly record struct FlowNote(int Flow, long Began, byte Interest, int Network, int Transport, int End, byte Flags, bool Swapped)
{
    /// <summary>The frame belongs to no flow.</summary>
    public static FlowNote None => new(-1, 0, 0, 0, 0, 0, 0, false);
}
