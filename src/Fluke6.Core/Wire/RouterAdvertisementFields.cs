using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="RouterAdvertisement"/>, defaults as RFC 4861 §6.2.1 gives them; options follow it. RFC 4861 §4.2.</summary>
public readonly record struct RouterAdvertisementFields : INeighborDiscoveryFields
{
    /// <summary>A default router.</summary>
    public RouterAdvertisementFields()
    {
    }

    /// <summary>The hop limit that hosts are to send with; 0 for unspecified. IANA "IP Parameters".</summary>
    public byte CurrentHopLimit { get; init; } = 64;

    /// <summary>M: addresses are to be had by DHCPv6.</summary>
    public bool Managed { get; init; }

    /// <summary>O: other configuration is to be had by DHCPv6.</summary>
    public bool OtherConfiguration { get; init; }

    /// <summary>H: the router is a mobile IPv6 home agent. RFC 6275 §7.1.</summary>
    public bool HomeAgent { get; init; }

    /// <summary>Whether hosts are to prefer this router as their default. RFC 4191 §2.2.</summary>
    public RouterPreference DefaultRouterPreference { get; init; }

    /// <summary>P: a neighbor discovery proxy passed this on. RFC 4389 §4.1.3.3.</summary>
    public bool ProxyFlag { get; init; }

    /// <summary>How long the router serves as a default router, in seconds; 0 for not at all.</summary>
    public ushort RouterLifetime { get; init; } = 1800;

    /// <summary>How long a neighbor counts as reachable once confirmed, in milliseconds; 0 for unspecified.</summary>
    public uint ReachableTime { get; init; }

    /// <summary>How long to wait between neighbor solicitations, in milliseconds; 0 for unspecified.</summary>
    public uint RetransTimer { get; init; }

    /// <inheritdoc/>
    public int Length => RouterAdvertisement.MinLength;

    /// <summary>What a message says.</summary>
    public static RouterAdvertisementFields Read(RouterAdvertisement message) => new()
    {
        CurrentHopLimit = message.CurrentHopLimit,
        Managed = message.Managed,
        OtherConfiguration = message.OtherConfiguration,
        HomeAgent = message.HomeAgent,
        DefaultRouterPreference = message.DefaultRouterPreference,
        ProxyFlag = message.ProxyFlag,
        RouterLifetime = message.RouterLifetime,
        ReachableTime = message.ReachableTime,
        RetransTimer = message.RetransTimer,
    };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        int flags = (Managed ? 0x80 : 0) | (OtherConfiguration ? 0x40 : 0) | (HomeAgent ? 0x20 : 0)
            | ((int)FieldRange.Of((uint)DefaultRouterPreference, 2, nameof(DefaultRouterPreference)) << 3) | (ProxyFlag ? 0x04 : 0);
        Icmpv6Fields.Write(destination, Icmpv6Type.RouterAdvertisement);
        (destination[4], destination[5]) = (CurrentHopLimit, (byte)flags);
        WriteUInt16BigEndian(destination[6..], RouterLifetime);
        WriteUInt32BigEndian(destination[8..], ReachableTime);
        WriteUInt32BigEndian(destination[12..], RetransTimer);
    }
}
