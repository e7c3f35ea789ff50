using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

/// <summary>
/// Where the checksum stands that covers the addresses of a packet whose transport has no view: protocols that Fluke6 only forwards,
/// transport headers that are cut short or contradict themselves, fragments. Found when an address is about to change, and not before.
/// </summary>
/// <remarks>
/// SCTP, ICMPv4, IGMP, GRE, OSPFv2, PIM over IPv4 and VRRPv2 sum no pseudo-header, nor do Shim6's own messages (RFC 5533 §5.3). What ESP
/// holds cannot be seen, and the integrity check value of an authentication header (RFC 4302) covers addresses by design: that breaks.
/// </remarks>
internal static class OtherTransport
{
    private const int VrrpChecksum = 6;

    /// <summary>Finds the checksum.</summary>
    /// <param name="octets">The frame.</param>
    /// <param name="layers">Its headers.</param>
    /// <param name="start">Where what the checksum covers begins.</param>
    /// <param name="field">Where the checksum stands.</param>
    /// <param name="kind">What it holds if the sender completed it.</param>
    /// <returns>False if no checksum in this packet has addresses in its pseudo-header.</returns>
    public static bool TryFindChecksum(ReadOnlySpan<byte> octets, in Layers layers, out int start, out int field, out ChecksumKind kind)
    {
        start = field = 0;
        kind = ChecksumKind.Absent;
        // An extension header is where the walk stops at a Mobility or HIP message that a fragment or a quotation has only the beginning of.
        if (layers.StoppedAt is not (LayerStop.UnknownProtocol or LayerStop.TransportHeader or LayerStop.LaterFragment or LayerStop.ExtensionHeader))
            return false;

        ReadOnlySpan<byte> packet = octets[..layers.NetworkEnd];
        IpProtocol protocol = layers.NextProtocol;
        start = layers.TransportOffset;
        if (layers.Network == EtherType.Ipv4)
            StepOverAuthentication(packet, ref start, ref protocol);
        else if (protocol == IpProtocol.NoNextHeader)
            StepBackToMessage(packet, layers.NetworkOffset, ref start, ref protocol);

        // A checksum that an earlier fragment was too short for stands in this one, as if the transport began before it.
        int first = start;
        if (layers.StoppedAt == LayerStop.LaterFragment)
            start -= FragmentOffset(packet, layers);

        field = start + ChecksumOffset(protocol, layers.Network);
        if (field == start || field < first || field + sizeof(ushort) > packet.Length)
            return false;

        kind = Kind(packet, start, field, protocol, layers);
        return kind != ChecksumKind.Absent;
    }

    /// <summary>The offset of the checksum from where the transport begins; 0 if the protocol has none over a pseudo-header.</summary>
    private static int ChecksumOffset(IpProtocol protocol, EtherType network) => (protocol, network) switch
    {
        (IpProtocol.Tcp, _) => 16,
        (IpProtocol.Udp, _) => 6,
        (IpProtocol.UdpLite, _) => 6,                       // RFC 3828 §3.1: whatever the coverage, the pseudo-header is summed
        (IpProtocol.Dccp, _) => 6,                          // RFC 4340 §9.1: likewise
        (IpProtocol.Vrrp, _) => VrrpChecksum,               // RFC 5798 §5.2.8
        (IpProtocol.HostIdentity, _) => 4,                  // RFC 7401 §5.1.1
        (IpProtocol.Ospf, _) => 12,                         // RFC 5340 §A.3.1; over IPv4, RFC 7949 §3.1
        (IpProtocol.Icmpv6, EtherType.Ipv6) => 2,           // RFC 4443 §2.3
        (IpProtocol.Pim, EtherType.Ipv6) => 2,              // RFC 7761 §4.9
        (IpProtocol.Mobility, EtherType.Ipv6) => 4,         // RFC 6275 §6.1.1
        _ => 0,
    };

    private static ChecksumKind Kind(ReadOnlySpan<byte> packet, int start, int field, IpProtocol protocol, in Layers layers)
    {
        if (layers.StoppedAt == LayerStop.LaterFragment)
            return ChecksumKind.Full;

        bool isZero = ReadUInt16BigEndian(packet[field..]) == 0;
        byte version = packet[start];
        switch (protocol)
        {
            // RFC 768, RFC 6935: none. RFC 3828 §3.1: not allowed, so it must stay what receivers discard.
            case IpProtocol.Udp or IpProtocol.UdpLite:
                return isZero ? ChecksumKind.Absent : ChecksumKind.FullNeverZero;

            // RFC 7166 §4.1: zero where an authentication trailer follows the packet.
            case IpProtocol.Ospf when isZero && HasOspfTrailer(packet[start..]):
            case IpProtocol.Ospf when layers.Network == EtherType.Ipv4 && version != 3:
                return ChecksumKind.Absent;

            case IpProtocol.Vrrp when version >> 4 != 3:
            case IpProtocol.Vrrp when layers.Network == EtherType.Ipv4 && !layers.IsFragment && IsRightByItself(packet[start..]):
                return ChecksumKind.Absent;

            default:
                return ChecksumKind.Full;
        }
    }

    private static bool HasOspfTrailer(ReadOnlySpan<byte> message) => ReadUInt16BigEndian(message[2..]) < message.Length;

    // RFC 9568 §5.2.8 says what RFC 5798 §5.2.8 left open: over IPv4, the message alone is summed. keepalived and others read it as with
    // a pseudo-header. The sum tells which.
    private static bool IsRightByItself(ReadOnlySpan<byte> message) => InternetChecksum.Sum(message) == 0xFFFF;

    private static int FragmentOffset(ReadOnlySpan<byte> packet, in Layers layers) => layers.Network == EtherType.Ipv4
        ? (ReadUInt16BigEndian(packet[(layers.NetworkOffset + 6)..]) & 0x1FFF) * 8
        : ReadUInt16BigEndian(packet[(layers.TransportOffset - FragmentHeader.Length + 2)..]) & 0xFFF8;

    private static void StepOverAuthentication(ReadOnlySpan<byte> packet, ref int start, ref IpProtocol protocol)
    {
        while (protocol == IpProtocol.AuthenticationHeader
            && Ipv6ExtensionHeader.TryGetLength(packet[start..], protocol, out int length))
        {
            protocol = (IpProtocol)packet[start];
            start += length;
        }
    }

    // Mobility and HIP messages are laid out as extension headers that nothing follows. RFC 6275 §6.1.1, RFC 7401 §5.1.
    private static void StepBackToMessage(ReadOnlySpan<byte> packet, int network, ref int start, ref IpProtocol protocol)
    {
        var next = (IpProtocol)packet[network + 6];
        int at = network + Ipv6Header.Length;
        while (Ipv6ExtensionHeader.IsExtension(next) && Ipv6ExtensionHeader.TryGetLength(packet[at..], next, out int length))
        {
            if (next is IpProtocol.Mobility or IpProtocol.HostIdentity)
                (start, protocol) = (at, next);
            next = (IpProtocol)packet[at];
            at += length;
        }
    }
}
