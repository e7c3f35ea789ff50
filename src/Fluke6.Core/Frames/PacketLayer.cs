using System.Runtime.CompilerServices;

namespace Fluke6.Frames;

/// <summary>What a header of a packet in the making needs once its end is known.</summary>
internal enum PacketLayerKind : byte
{
    /// <summary>The EtherType of what follows.</summary>
    Ethernet,

    /// <summary>As <see cref="Ethernet"/>, and the destination, which the network header tells.</summary>
    EthernetToNobodyYet,

    /// <summary>The EtherType of what follows.</summary>
    VlanTag,

    /// <summary>Protocol, total length, header checksum.</summary>
    Ipv4,

    /// <summary>Next header, payload length.</summary>
    Ipv6,

    /// <summary>As <see cref="Ipv6"/>; the hop limit is as what follows wants it.</summary>
    Ipv6WithAnyHopLimit,

    /// <summary>Next header.</summary>
    ExtensionHeader,

    /// <summary>Data offset, checksum.</summary>
    Tcp,

    /// <summary>Length, checksum.</summary>
    Udp,

    /// <summary>Length; no checksum.</summary>
    UdpWithoutChecksum,

    /// <summary>Checksum without a pseudo-header.</summary>
    Icmpv4,

    /// <summary>Checksum.</summary>
    Icmpv6,

    /// <summary>Protocol type, checksum if it has one.</summary>
    Gre,

    /// <summary>Length, the protocol of what follows.</summary>
    Pppoe,

    /// <summary>Whether another label follows.</summary>
    MplsLabel,

    /// <summary>Protocol type.</summary>
    Geneve,

    /// <summary>Nothing: VXLAN, Teredo, ARP.</summary>
    Other,
}

/// <summary>A header of a packet in the making.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Used">Of TCP, how many octets of the header are used: padding follows them.</param>
internal readonly record struct PacketLayer(PacketLayerKind Kind, ushort Offset, byte Used = 0)
{
    public bool IsEthernet => Kind is PacketLayerKind.Ethernet or PacketLayerKind.EthernetToNobodyYet;

    public bool IsNetwork => Kind is PacketLayerKind.Ipv4 or PacketLayerKind.Ipv6 or PacketLayerKind.Ipv6WithAnyHopLimit;
}

/// <summary>The headers of a packet in the making, outermost first.</summary>
[InlineArray(Capacity)]
internal struct PacketLayers
{
    /// <summary>Two tunnels deep, with tags and extension headers.</summary>
    public const int Capacity = 16;

    private PacketLayer _first;
}

/// <summary>The first octets of a packet in the making; longer ones move to an array.</summary>
[InlineArray(Capacity)]
internal struct PacketOctets
{
    /// <summary>Ethernet, IPv6, UDP, VXLAN, Ethernet, IPv6 and TCP with all options are 192.</summary>
    public const int Capacity = 256;

    private byte _first;
}
