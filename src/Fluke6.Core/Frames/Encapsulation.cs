using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>Where in a frame another one is carried.</summary>
internal readonly partial record struct Encapsulation(int Offset, int End, LinkType LinkType)
{
    private static readonly Encapsulation s_unreadable = new() { IsUnreadable = true };

    /// <summary>Whether none was found though one has to be there: it, or what is around it, is cut short or contradicts itself.</summary>
    public bool IsUnreadable { get; private init; }

    /// <summary>Whether it is a packet that an ICMP error quotes, cut short at will, so that its lengths may tell of more than is there.</summary>
    public bool IsQuoted { get; private init; }

    /// <summary>Whether only a rule says that it is there, and no header.</summary>
    public bool IsAssumed { get; private init; }

    /// <summary>
    /// Whether it has to stay as long as it is: a quotation, or one behind a header that nobody knows, which may hold a length or a checksum.
    /// </summary>
    public bool HasFixedLength { get; private init; }

    /// <summary>
    /// Finds a frame behind PPPoE (RFC 2516), MPLS (RFC 3032), IP (RFC 2003, 2473, 4213), GRE (RFC 2784), VXLAN (RFC 7348), GENEVE (RFC 8926)
    /// or Teredo (RFC 4380), or the packet that an ICMP error quotes.
    /// </summary>
    public static bool TryFind(Span<byte> octets, in Layers layers, out Encapsulation found)
    {
        found = default;
        if (layers.StoppedAt == LayerStop.Tunnel)
            return TryFindBehindLink(octets, layers, out found);

        // The lengths and checksums of a fragment cover octets that travel elsewhere.
        if (layers.Network is not (EtherType.Ipv4 or EtherType.Ipv6) || layers.IsFragment)
            return false;

        if (layers.HasTransport)
        {
            return layers.Transport switch
            {
                IpProtocol.Udp => TryFindInUdp(octets[..layers.PayloadEnd], layers, out found),
                IpProtocol.Icmpv4 or IpProtocol.Icmpv6 => TryFindQuoted(octets[..layers.PayloadEnd], layers, out found),
                _ => false,
            };
        }

        return layers.StoppedAt == LayerStop.UnknownProtocol && TryFindInIp(octets[..layers.NetworkEnd], layers, out found);
    }

    /// <summary>Takes a rule's word for it that a frame begins at an offset.</summary>
    /// <returns>False if that is not behind all headers that Fluke6 knows, or where a checksum would not follow edits.</returns>
    public static bool TryFindAt(Span<byte> octets, in Layers layers, int offset, LinkType linkType, out Encapsulation found)
    {
        found = default;
        if (!TryFindCarrier(octets, layers, out Encapsulation carrier))
            return false;

        int shortest = linkType == LinkType.Ethernet ? EthernetHeader.Length : Ipv4Header.MinLength;
        if (offset < carrier.Offset || offset > carrier.End - shortest)
            return false;

        found = carrier with
        {
            Offset = offset, LinkType = linkType, IsAssumed = true, HasFixedLength = carrier.IsQuoted || offset != carrier.Offset,
        };
        return true;
    }

    /// <summary>Finds what the headers carry that Fluke6 knows, whatever that is.</summary>
    private static bool TryFindCarrier(Span<byte> octets, in Layers layers, out Encapsulation carrier)
    {
        carrier = default;
        switch (layers.StoppedAt)
        {
            case LayerStop.UnknownEtherType:
                carrier = new Encapsulation(layers.NetworkOffset, octets.Length, LinkType.RawIp);
                return true;

            case LayerStop.Tunnel:
                carrier = BehindLink(octets, layers);
                return true;

            case LayerStop.Complete when layers.HasTransport && !layers.IsFragment:
                bool isQuoted = layers.Transport is IpProtocol.Icmpv4 or IpProtocol.Icmpv6;
                carrier = new Encapsulation(layers.PayloadOffset, layers.PayloadEnd, LinkType.RawIp) { IsQuoted = isQuoted };
                return true;

            // What has a checksum over its data, of whatever kind, would no longer be right.
            case LayerStop.UnknownProtocol when !layers.IsFragment && layers.NextProtocol != IpProtocol.Sctp
                && !OtherTransport.TryFindChecksum(octets, layers, out _, out _, out _):
                GreHeader gre = default;
                bool isGre = layers.NextProtocol == IpProtocol.Gre;
                if (isGre && !GreHeader.TryRead(octets[layers.TransportOffset..layers.NetworkEnd], out gre))
                    return false;

                int start = layers.TransportOffset + (isGre ? gre.HeaderLength : 0);
                carrier = new Encapsulation(start, layers.NetworkEnd, LinkType.RawIp);
                return true;

            default:
                return false;
        }
    }

    private static bool TryFindInIp(Span<byte> packet, in Layers layers, out Encapsulation found)
    {
        found = default;
        switch (layers.NextProtocol)
        {
            case IpProtocol.Ipv4 when Version(packet, layers.TransportOffset) == 4:
            case IpProtocol.Ipv6 when Version(packet, layers.TransportOffset) == 6:
                found = new Encapsulation(layers.TransportOffset, packet.Length, LinkType.RawIp);
                return true;
            case IpProtocol.Ipv4 or IpProtocol.Ipv6:
                found = s_unreadable;
                return false;
            case IpProtocol.Gre:
                return TryFindInGre(packet, layers.TransportOffset, out found);
            case IpProtocol.Mpls:
                return TryFindBehindLabels(packet, layers.TransportOffset, out found);
            default:
                return false;
        }
    }

    private static bool TryFindInGre(Span<byte> packet, int offset, out Encapsulation found)
    {
        found = s_unreadable;
        return GreHeader.TryRead(packet[offset..], out GreHeader gre)
            && TryFindByType(packet, offset + gre.HeaderLength, gre.ProtocolType, out found);
    }

    /// <summary>Finds what GRE and GENEVE name by an EtherType.</summary>
    private static bool TryFindByType(Span<byte> packet, int start, EtherType type, out Encapsulation found)
    {
        found = s_unreadable;
        switch (type)
        {
            case EtherType.Ipv4 when Version(packet, start) == 4:
            case EtherType.Ipv6 when Version(packet, start) == 6:
                found = new Encapsulation(start, packet.Length, LinkType.RawIp);
                return true;
            case EtherType.TransparentEthernetBridging when packet.Length - start >= EthernetHeader.Length:
                found = new Encapsulation(start, packet.Length, LinkType.Ethernet);
                return true;
            case EtherType.MplsUnicast or EtherType.MplsMulticast:
                return TryFindBehindLabels(packet, start, out found);
            case EtherType.Ipv4 or EtherType.Ipv6 or EtherType.TransparentEthernetBridging:
                return false;
            default:
                found = default;
                return false;
        }
    }

    private static int Version(Span<byte> packet, int offset) => offset < packet.Length ? packet[offset] >> 4 : 0;
}
