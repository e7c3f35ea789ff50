namespace Fluke6.Wire;

/// <summary>Options of hop-by-hop and destination options headers. IANA "Destination Options and Hop-by-Hop Options".</summary>
public enum Ipv6OptionType : byte
{
    /// <summary>One octet of padding. RFC 8200 §4.2.</summary>
    Pad1 = 0x00,

    /// <summary>Two or more octets of padding. RFC 8200 §4.2.</summary>
    PadN = 0x01,

    /// <summary>Tunnel encapsulation limit. RFC 2473 §4.1.1.</summary>
    TunnelEncapsulationLimit = 0x04,

    /// <summary>Router alert. RFC 2711 §2.1.</summary>
    RouterAlert = 0x05,

    /// <summary>CALIPSO security label. RFC 5570 §5.1.</summary>
    Calipso = 0x07,

    /// <summary>Duplicate detection of simplified multicast forwarding. RFC 6621 §6.1.</summary>
    MulticastDuplicateDetection = 0x08,

    /// <summary>Performance and diagnostic metrics. RFC 8250 §3.2.</summary>
    PerformanceAndDiagnosticMetrics = 0x0F,

    /// <summary>In-situ operations data. RFC 9486 §3.</summary>
    InSituOperations = 0x11,

    /// <summary>Alternate marking. RFC 9343 §3.1.</summary>
    AlternateMarking = 0x12,

    /// <summary>RPL routing information. RFC 9008 §11.</summary>
    Rpl = 0x23,

    /// <summary>Quick-start. RFC 4782 §3.2.</summary>
    QuickStart = 0x26,

    /// <summary>Minimum path MTU. RFC 9268 §5.</summary>
    MinimumPathMtu = 0x30,

    /// <summary>In-situ operations data that may change on the way. RFC 9486 §3.</summary>
    InSituOperationsMutable = 0x31,

    /// <summary>RPL routing information, the older value. RFC 6553 §3.</summary>
    RplDeprecated = 0x63,

    /// <summary>Multicast protocol for low-power networks. RFC 7731 §6.1.</summary>
    Mpl = 0x6D,

    /// <summary>Identifier-locator nonce. RFC 6744 §2.</summary>
    IdentifierLocatorNonce = 0x8B,

    /// <summary>Line identification. RFC 6788 §3.</summary>
    LineIdentification = 0x8C,

    /// <summary>Jumbo payload length. RFC 2675 §2.</summary>
    JumboPayload = 0xC2,

    /// <summary>Home address. RFC 6275 §6.3.</summary>
    HomeAddress = 0xC9,

    /// <summary>Depth-first forwarding. RFC 6971 §9.</summary>
    DepthFirstForwarding = 0xEE,
}

/// <summary>What a node does that does not know an option: the type's top two bits. RFC 8200 §4.2.</summary>
public enum Ipv6UnknownOptionAction : byte
{
    /// <summary>Skips the option and goes on.</summary>
    Skip = 0,

    /// <summary>Discards the packet.</summary>
    Discard = 1,

    /// <summary>Discards the packet and sends an ICMPv6 parameter problem, code 2.</summary>
    DiscardAndReport = 2,

    /// <summary>As <see cref="DiscardAndReport"/>, but stays silent if the packet went to a multicast address.</summary>
    DiscardAndReportUnlessMulticast = 3,
}
