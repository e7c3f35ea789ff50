using Fluke6.Wire;

namespace Fluke6.Flows;

/// <summary>A router that was advertised, by itself or by a rule.</summary>
internal record struct RouterSighting
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

    /// <summary>Whether rules alone advertise it: not one of its advertisements arrived at a port.</summary>
    public readonly bool ByRule => !Offered.IsPresent;

    /// <summary>When it was last seen, UTC.</summary>
    public DateTime LastSeen { get; internal set; }
}

/// <summary>What a router says of itself and of the link. RFC 4861 §4.2.</summary>
internal readonly record struct RouterFields
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
