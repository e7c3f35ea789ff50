using Fluke6.Ports;
using Fluke6.Wire;

namespace Fluke6.Flows;

/// <summary>What a router says of itself and of the link. RFC 4861 §4.2.</summary>
public readonly record struct RouterFields
{
    /// <summary>Whether such an advertisement was seen; all else is 0 if not.</summary>
    public bool IsPresent { get; init; }

    /// <summary>The hop limit that hosts are to use; 0 for none said.</summary>
    public byte HopLimit { get; init; }

    /// <summary>M: addresses by DHCPv6.</summary>
    public bool Managed { get; init; }

    /// <summary>O: other configuration by DHCPv6.</summary>
    public bool OtherConfiguration { get; init; }

    /// <summary>For how many seconds it is a default router; 0 for not at all.</summary>
    public ushort RouterLifetime { get; init; }

    /// <summary>The MTU option's octets; 0 without one.</summary>
    public uint Mtu { get; init; }
}

/// <summary>A router that was advertised, by itself or by a rule.</summary>
public record struct RouterSighting
{
    /// <summary>The source of its advertisements.</summary>
    public Ipv6Address Router { get; internal set; }

    /// <summary>The source link-layer address option; zero without one.</summary>
    public MacAddress Mac { get; internal set; }

    /// <summary>The port that it is behind; for one that a rule made up, the port away from where the advertisement was sent.</summary>
    public Side Side { get; internal set; }

    /// <summary>Its last advertisement as it arrived.</summary>
    public RouterFields Offered { get; internal set; }

    /// <summary>Its last advertisement as it left.</summary>
    public RouterFields Delivered { get; internal set; }

    /// <summary>Whether the last advertisement that left was a rule's own.</summary>
    public bool ByRule { get; internal set; }

    /// <summary>When it was last seen, UTC.</summary>
    public DateTime LastSeen { get; internal set; }
}

/// <summary>A prefix that a router advertised. RFC 4861 §4.6.2.</summary>
public record struct PrefixSighting
{
    /// <summary>The source of the advertisement.</summary>
    public Ipv6Address Router { get; internal set; }

    /// <summary>The prefix.</summary>
    public Ipv6Prefix Prefix { get; internal set; }

    /// <summary>L: on this link.</summary>
    public bool OnLink { get; internal set; }

    /// <summary>A: hosts may make addresses of it.</summary>
    public bool Autonomous { get; internal set; }

    /// <summary>Seconds that it is valid; all ones for ever.</summary>
    public uint ValidLifetime { get; internal set; }

    /// <summary>Seconds that addresses of it are preferred; all ones for ever.</summary>
    public uint PreferredLifetime { get; internal set; }

    /// <summary>How often it arrived.</summary>
    public long Offered { get; internal set; }

    /// <summary>How often it left. A prefix that a rule replaced was offered and not delivered, the other one the reverse.</summary>
    public long Delivered { get; internal set; }

    /// <summary>When it was last seen, UTC.</summary>
    public DateTime LastSeen { get; internal set; }
}

/// <summary>An IPv6 address that neighbour discovery named. RFC 4861 §4.3, §4.4.</summary>
public record struct NeighborSighting
{
    /// <summary>The address.</summary>
    public Ipv6Address Address { get; internal set; }

    /// <summary>The link address that a host gave for it; zero if none did.</summary>
    public MacAddress Mac { get; internal set; }

    /// <summary>The link address that a rule gave for it; zero if none did.</summary>
    public MacAddress MacByRule { get; internal set; }

    /// <summary>Solicitations for it that arrived.</summary>
    public long Solicitations { get; internal set; }

    /// <summary>Of those, the ones sent to find out whether the address is taken (source ::). RFC 4862 §5.4.</summary>
    public long DuplicateProbes { get; internal set; }

    /// <summary>Advertisements of it that a host sent.</summary>
    public long AnswersByHost { get; internal set; }

    /// <summary>Advertisements of a host's that rules let pass.</summary>
    public long AnswersDelivered { get; internal set; }

    /// <summary>Advertisements of it that rules made.</summary>
    public long AnswersByRule { get; internal set; }

    /// <summary>When it was last seen, UTC.</summary>
    public DateTime LastSeen { get; internal set; }
}
