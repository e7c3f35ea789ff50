using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>What may follow a link header, and where an Ethernet header may stand inside.</summary>
public static class PacketLinkExtensions
{
    /// <summary>A VLAN tag. IEEE 802.1Q §9.6.</summary>
    /// <param name="packet">A packet that ends in an Ethernet header or another tag.</param>
    /// <param name="identifier">VLAN identifier, 0 (priority only) to 4094.</param>
    /// <param name="priority">Priority code point, 0 to 7.</param>
    /// <param name="protocolIdentifier">What announces the tag.</param>
    public static Packet<VlanTagFields> Vlan<T>(
        this Packet<T> packet, ushort identifier, byte priority = 0, EtherType protocolIdentifier = EtherType.Dot1Q)
        where T : ILinkFields
        => packet.Vlan(new VlanTagFields(identifier) { Priority = priority }, protocolIdentifier);

    /// <summary>A VLAN tag. IEEE 802.1Q §9.6.</summary>
    /// <param name="packet">A packet that ends in an Ethernet header or another tag.</param>
    /// <param name="fields">The tag.</param>
    /// <param name="protocolIdentifier">What announces the tag.</param>
    public static Packet<VlanTagFields> Vlan<T>(this Packet<T> packet, VlanTagFields fields, EtherType protocolIdentifier = EtherType.Dot1Q)
        where T : ILinkFields
        => packet.With(fields, PacketLayerKind.VlanTag, etherType: protocolIdentifier);

    /// <summary>An ARP packet. RFC 826. A reply goes to whom it is for, unless a MAC destination was given.</summary>
    public static Packet Arp<T>(this Packet<T> packet, ArpFields fields)
        where T : ILinkFields
        => packet.Value.WithArp(fields);

    /// <summary>A header of a PPPoE session; an IP header follows, or octets of the fields' protocol. RFC 2516 §4.</summary>
    public static Packet<PppoeFields> Pppoe<T>(this Packet<T> packet, PppoeFields fields)
        where T : ILinkFields
        => packet.With(fields, PacketLayerKind.Pppoe, etherType: EtherType.PppoeSession);

    /// <summary>
    /// An MPLS label; another may follow, or what is carried. RFC 3032 §2.1. In UDP, the datagram goes to port 6635 (RFC 7510 §3).
    /// </summary>
    /// <param name="packet">A packet that ends in a link header, a label, or a tunnel's header.</param>
    /// <param name="label">The label, 20 bits.</param>
    /// <param name="timeToLive">How many routers may forward this.</param>
    public static Packet<MplsLabelFields> Mpls<T>(this Packet<T> packet, uint label, byte timeToLive = 64)
        where T : ICarriesLabels
        => packet.Mpls(new MplsLabelFields(label) { TimeToLive = timeToLive });

    /// <inheritdoc cref="Mpls{T}(Packet{T}, uint, byte)"/>
    public static Packet<MplsLabelFields> Mpls<T>(this Packet<T> packet, MplsLabelFields fields)
        where T : ICarriesLabels
        => packet.With(fields, PacketLayerKind.MplsLabel, IpProtocol.Mpls, EtherType.MplsUnicast);

    /// <summary>Ends the packet with octets that are not looked at, of an EtherType.</summary>
    public static Packet Payload<T>(this Packet<T> packet, EtherType type, ReadOnlySpan<byte> octets)
        where T : ILinkFields
        => packet.Value.WithOctets(octets, etherType: type);

    /// <summary>An Ethernet header inside a tunnel. RFC 7348 §5, RFC 7637 §3.2, RFC 8926 §3.4.</summary>
    /// <inheritdoc cref="Packet.Ethernet(MacAddress, MacAddress?)"/>
    /// <param name="packet">A packet that ends in a VXLAN, GENEVE or GRE header.</param>
    public static Packet<EthernetFields> Ethernet<T>(this Packet<T> packet, MacAddress source, MacAddress? destination = null)
        where T : ICarriesFrames
        => packet.With(
            new EthernetFields(source, destination ?? MacAddress.Broadcast),
            destination is null ? PacketLayerKind.EthernetToNobodyYet : PacketLayerKind.Ethernet,
            etherType: EtherType.TransparentEthernetBridging);
}
