using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>
    /// The frame that this one carries: behind IP (RFC 2003, 2473, 4213), GRE (RFC 2784, 2890), VXLAN (UDP port 4789, RFC 7348) or Teredo
    /// (RFC 4380; see <see cref="TryGetTeredo"/> for what counts as that). All views and edits work on it, up to three frames deep, and
    /// the outer lengths and checksums follow: what was right stays right, what was wrong stays as wrong, a UDP checksum of zero stays.
    /// </summary>
    /// <remarks>
    /// <see cref="LinkType"/> of the inner frame is RawIp, and Ethernet in VXLAN and Ethernet over GRE. <see cref="Mtu"/> is what the
    /// outer headers leave of the ports'. An edit of the outer frame that moves the inner one makes this one useless: editing it then
    /// throws <see cref="InvalidOperationException"/>; get it anew.
    /// </remarks>
    /// <param name="inner">The inner frame.</param>
    /// <returns>
    /// False where nothing is carried that can be read, for fragments, and for super-segments of this frame's own UDP, which carry a frame
    /// in each segment. A super-segment of what is carried is one, with the inner headers once.
    /// </returns>
    public readonly bool TryGetInner(out Frame inner)
    {
        FrameBuffer? buffer = Buffer.OpenInner();
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
        if (Layers.Network != EtherType.Ipv4 || !TryGetUdp(out UdpHeader udp))
            return false;

        bool isServerPort = udp.SourcePort == TeredoPacket.Port || udp.DestinationPort == TeredoPacket.Port;
        return TeredoPacket.TryRead(UdpPayload, out teredo, isServerPort, TransportChecksum()) || (isServerPort && IsMalformed());
    }

    /// <summary>The VXLAN header of a datagram to port 4789. RFC 7348 §5.</summary>
    public readonly bool TryGetVxlan(out VxlanHeader vxlan)
    {
        vxlan = default;
        return TryGetUdp(out UdpHeader udp)
            && udp.DestinationPort == VxlanHeader.Port
            && (VxlanHeader.TryRead(UdpPayload, out vxlan, TransportChecksum()) || IsMalformed());
    }

    /// <summary>The GRE header, version 0 and without RFC 1701's routing. RFC 2784 §2, RFC 2890 §2.</summary>
    public readonly bool TryGetGre(out GreHeader gre)
    {
        ref readonly Layers layers = ref Layers;
        gre = default;
        return layers.StoppedAt == LayerStop.UnknownProtocol && layers.NextProtocol == IpProtocol.Gre
            && (GreHeader.TryRead(_buffer.Octets[layers.TransportOffset..layers.NetworkEnd], out gre, _buffer) || IsMalformed());
    }

    /// <summary>Notes that what a rule asked for is there and cannot be read. Always false.</summary>
    private readonly bool IsMalformed()
    {
        _buffer.FoundMalformed();
        return false;
    }

    private readonly Span<byte> UdpPayload => _buffer.Octets[Layers.PayloadOffset..Layers.PayloadEnd];
}
