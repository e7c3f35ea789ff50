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

    /// <summary>Whether the rule at hand called <see cref="Frame.Hit"/>.</summary>
    public bool HitByRule;

    /// <summary>Whether any rule changed it.</summary>
    public bool Rewritten;

    /// <summary>Whether something that was asked for is there and cannot be read.</summary>
    public bool Malformed;

    /// <summary>A frame arrived, and no rule has had it yet. What room there is for tags stays as it was.</summary>
    public void Begin(LinkType linkType, Side from, int mtu)
    {
        LinkType = linkType;
        From = from;
        Mtu = mtu;
        MissingOctets = 0;
        HitRules = RewritingRules = 0;
        HitByRule = Rewritten = Malformed = false;
    }
}
