using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>
    /// The frame that this one carries: behind IP (RFC 2003, 2473, 4213), GRE (RFC 2784, 2890), VXLAN (RFC 7348; see <see cref="TryGetVxlan"/>
    /// for what counts as that), GENEVE (UDP port 6081, RFC 8926), Teredo (RFC 4380; see <see cref="TryGetTeredo"/>), PPPoE (RFC 2516) or an
    /// MPLS label stack, on Ethernet, IP, GRE or UDP port 6635 (RFC 3032, 4023, 7510); and the packet that an ICMP error quotes. All views and
    /// edits work on it, up to three frames deep, and the outer lengths and checksums follow: what was right stays right, what was wrong
    /// stays as wrong, a UDP checksum of zero stays.
    /// </summary>
    /// <remarks>
    /// <para><see cref="LinkType"/> of the inner frame is RawIp, and Ethernet in VXLAN and where GRE or GENEVE say so. <see cref="Mtu"/> is what
    /// the outer headers leave of the ports'. One inner frame of each is open at a time: after an edit of the outer frame that moves it, or
    /// once another is opened, this one throws <see cref="InvalidOperationException"/>; get it anew.</para>
    /// <para>A quoted packet (<see cref="Layers.IsQuoted"/>) is seldom whole, and edits that would change its length are refused. Addresses
    /// and ports can be set however little there is of it (<see cref="TryGetPorts"/>), with those of its checksums that are there and the ICMP
    /// message's following.</para>
    /// </remarks>
    /// <param name="inner">The inner frame.</param>
    /// <returns>
    /// False where nothing is carried that can be read, for fragments, and for super-segments of this frame's own UDP, which carry a frame
    /// in each segment. A super-segment of what is carried is one, with the inner headers once.
    /// </returns>
    public readonly bool TryGetInner(out Frame inner) => TryOpen(Buffer.OpenInner(), out inner);

    /// <summary>
    /// A frame that stands at an offset of this one, which only the rule knows of: behind headers that <see cref="TryGetInner"/> does not
    /// open, such as GTP-U, L2TP, VXLAN-GPE or a pseudowire's. The UDP, TCP, GRE and IP headers in front of it follow its edits.
    /// </summary>
    /// <remarks>
    /// Edits that would change its length are refused where headers stand before it that Fluke6 does not know, since those may hold a length;
    /// right behind a known header, as in Foo-over-UDP, they are made.
    /// </remarks>
    /// <param name="offset">In bytes from this frame's first; from <see cref="Layers.PayloadOffset"/> on, where there is a transport.</param>
    /// <param name="linkType">What it begins with: an Ethernet header or an IP header.</param>
    /// <param name="inner">The inner frame.</param>
    /// <returns>
    /// False if the offset is within headers that Fluke6 knows, or too near the end; if there is no IP packet (with <see cref="LinkType.RawIp"/>);
    /// in fragments, in super-segments of this frame's own transport, and where a checksum that Fluke6 has no view for would not follow.
    /// </returns>
    public readonly bool TryGetInnerAt(int offset, LinkType linkType, out Frame inner) => TryOpen(Buffer.OpenInnerAt(offset, linkType), out inner);

    private static bool TryOpen(FrameRegion? buffer, out Frame inner)
    {
        inner = buffer is null ? default : new Frame(buffer);
        return buffer is not null;
    }

    /// <summary>
    /// The Teredo headers in front of an IPv6 packet in UDP over IPv4. RFC 4380 §5.1.1. The packet itself is <see cref="TryGetInner"/>'s.
    /// </summary>
    /// <remarks>
    /// A server's port, 3544, is taken for Teredo if an IPv6 packet is where it must be. Clients talk to each other from any port: there,
    /// the datagram must be nothing but one whole IPv6 packet from or to an address in 2001::/32. What else looks like that, such as
    /// IPv6 in another protocol over UDP without a header of its own, is taken for Teredo by mistake.
    /// </remarks>
    public readonly bool TryGetTeredo(out TeredoPacket teredo)
    {
        teredo = default;
        if (Layers.Network != EtherType.Ipv4 || !TryGetDatagram(out UdpHeader udp))
            return false;

        bool isServerPort = udp.SourcePort == TeredoPacket.Port || udp.DestinationPort == TeredoPacket.Port;
        return TeredoPacket.TryRead(UdpPayload, out teredo, isServerPort, TransportChecksum()) || (isServerPort && IsMalformed());
    }

    /// <summary>The VXLAN header of a datagram. RFC 7348 §5.</summary>
    /// <remarks>
    /// What is sent to port 4789, or to 8472 as Linux, flannel and Cilium do, is taken for VXLAN. So is what is sent to any other port and can
    /// hardly be anything else: a header of the I flag, the identifier and zeros, and behind it an Ethernet frame with a whole ARP, IPv4 or
    /// IPv6 packet that ends where the datagram does.
    /// </remarks>
    public readonly bool TryGetVxlan(out VxlanHeader vxlan)
    {
        vxlan = default;
        return TryGetDatagram(out UdpHeader udp)
            && Encapsulation.IsVxlan(UdpPayload, udp.DestinationPort)
            && (VxlanHeader.TryRead(UdpPayload, out vxlan, TransportChecksum()) || IsMalformed());
    }

    /// <summary>The GENEVE header of a datagram to port 6081. RFC 8926 §3.4.</summary>
    public readonly bool TryGetGeneve(out GeneveHeader geneve)
    {
        geneve = default;
        return TryGetDatagram(out UdpHeader udp)
            && udp.DestinationPort == GeneveHeader.Port
            && (GeneveHeader.TryRead(UdpPayload, out geneve, TransportChecksum()) || IsMalformed());
    }

    /// <summary>The PPPoE header of a session's packet and the PPP protocol field behind it. RFC 2516 §4.</summary>
    public readonly bool TryGetPppoe(out PppoeHeader pppoe)
    {
        ref readonly Layers layers = ref Layers;
        pppoe = default;
        return layers.EtherType == EtherType.PppoeSession && PppoeHeader.TryRead(_buffer.Octets[layers.NetworkOffset..], out pppoe, _buffer);
    }

    /// <summary>An entry of the MPLS label stack behind the Ethernet header; false if there are not that many. RFC 3032 §2.1.</summary>
    /// <param name="label">The entry.</param>
    /// <param name="index">Which one, 0 for the topmost.</param>
    public readonly bool TryGetMplsLabel(out MplsLabel label, int index = 0)
    {
        ref readonly Layers layers = ref Layers;
        label = default;
        if (layers.StoppedAt != LayerStop.Tunnel || layers.EtherType == EtherType.PppoeSession)
            return false;

        Span<byte> stack = _buffer.Octets[layers.NetworkOffset..];
        return (uint)index < (uint)(MplsLabel.StackLength(stack) / MplsLabel.Length)
            && MplsLabel.TryRead(stack[(index * MplsLabel.Length)..], out label, _buffer);
    }

    /// <summary>The GRE header, version 0 and without RFC 1701's routing. RFC 2784 §2, RFC 2890 §2.</summary>
    public readonly bool TryGetGre(out GreHeader gre)
    {
        ref readonly Layers layers = ref Layers;
        gre = default;
        return layers.StoppedAt == LayerStop.UnknownProtocol && layers.NextProtocol == IpProtocol.Gre
            && (GreHeader.TryRead(_buffer.Octets[layers.TransportOffset..layers.NetworkEnd], out gre, _buffer) || IsMalformed());
    }

    /// <summary>The UDP header in front of one datagram's data; in a super-segment of UDP stand those of many.</summary>
    private readonly bool TryGetDatagram(out UdpHeader udp) =>
        TryGetUdp(out udp) && (SegmentSize == 0 || !_buffer.IsSegmentedAtOuterTransport);

    /// <summary>Notes that what a rule asked for is there and cannot be read. Always false.</summary>
    private readonly bool IsMalformed()
    {
        _buffer.FoundMalformed();
        return false;
    }

    private readonly Span<byte> UdpPayload => _buffer.Octets[Layers.PayloadOffset..Layers.PayloadEnd];
}
