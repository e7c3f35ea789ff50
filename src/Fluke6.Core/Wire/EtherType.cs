namespace Fluke6.Wire;

/// <summary>What an Ethernet frame carries. IANA "IEEE 802 Numbers".</summary>
public enum EtherType : ushort
{
    /// <summary>None: a runt, or the length field of an IEEE 802.3 frame.</summary>
    None = 0,

    /// <summary>IPv4. RFC 894.</summary>
    Ipv4 = 0x0800,

    /// <summary>ARP. RFC 826.</summary>
    Arp = 0x0806,

    /// <summary>A VLAN tag, the C-tag. IEEE 802.1Q §9.5.</summary>
    Dot1Q = 0x8100,

    /// <summary>IPv6. RFC 2464 §3.</summary>
    Ipv6 = 0x86DD,

    /// <summary>An Ethernet frame, in GRE and GENEVE. RFC 1701, RFC 8926 §3.4.</summary>
    TransparentEthernetBridging = 0x6558,

    /// <summary>A label stack. RFC 3032 §5.</summary>
    MplsUnicast = 0x8847,

    /// <summary>A label stack, the packet behind it for many, or its labels given out upstream. RFC 5332 §3.</summary>
    MplsMulticast = 0x8848,

    /// <summary>A PPPoE session. RFC 2516 §4.</summary>
    PppoeSession = 0x8864,

    /// <summary>A service VLAN tag, the S-tag. IEEE 802.1ad.</summary>
    Dot1Ad = 0x88A8,

    /// <summary>The stacked tag that some equipment used before 802.1ad.</summary>
    LegacyQinQ = 0x9100,
}
