using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

/// <summary>Where in a frame another one is carried.</summary>
internal readonly record struct Encapsulation(int Offset, int End, LinkType LinkType)
{
    private static readonly Encapsulation s_unreadable = new() { IsUnreadable = true };

    /// <summary>Whether none was found though one has to be there: it, or what is around it, is cut short or contradicts itself.</summary>
    public bool IsUnreadable { get; private init; }

    /// <summary>Finds a frame behind IP (RFC 2003, 2473, 4213), GRE (RFC 2784), VXLAN (RFC 7348) or Teredo (RFC 4380).</summary>
    public static bool TryFind(Span<byte> octets, in Layers layers, out Encapsulation found)
    {
        found = default;
        // The lengths and checksums of a fragment cover octets that travel elsewhere.
        if (layers.Network is not (EtherType.Ipv4 or EtherType.Ipv6) || layers.IsFragment)
            return false;

        if (layers.HasTransport)
            return layers.Transport == IpProtocol.Udp && TryFindInUdp(octets[..layers.PayloadEnd], layers, out found);
        if (layers.StoppedAt != LayerStop.UnknownProtocol)
            return false;

        Span<byte> packet = octets[..layers.NetworkEnd];
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
            default:
                return false;
        }
    }

    private static bool TryFindInGre(Span<byte> packet, int offset, out Encapsulation found)
    {
        found = s_unreadable;
        if (!GreHeader.TryRead(packet[offset..], out GreHeader gre))
            return false;

        int start = offset + gre.HeaderLength;
        switch (gre.ProtocolType)
        {
            case EtherType.Ipv4 when Version(packet, start) == 4:
            case EtherType.Ipv6 when Version(packet, start) == 6:
                found = new Encapsulation(start, packet.Length, LinkType.RawIp);
                return true;
            case GreHeader.TransparentEthernetBridging when packet.Length - start >= EthernetHeader.Length:
                found = new Encapsulation(start, packet.Length, LinkType.Ethernet);
                return true;
            case EtherType.Ipv4 or EtherType.Ipv6 or GreHeader.TransparentEthernetBridging:
                return false;
            default:
                found = default;
                return false;
        }
    }

    private static bool TryFindInUdp(Span<byte> datagram, in Layers layers, out Encapsulation found)
    {
        found = default;
        Span<byte> payload = datagram[layers.PayloadOffset..];
        ushort sourcePort = ReadUInt16BigEndian(datagram[layers.TransportOffset..]);
        ushort destinationPort = ReadUInt16BigEndian(datagram[(layers.TransportOffset + 2)..]);
        if (destinationPort == VxlanHeader.Port)
        {
            if (!VxlanHeader.TryRead(payload, out _) || payload.Length < VxlanHeader.Length + EthernetHeader.Length)
            {
                found = s_unreadable;
                return false;
            }

            found = new Encapsulation(layers.PayloadOffset + VxlanHeader.Length, datagram.Length, LinkType.Ethernet);
            return true;
        }

        bool isServerPort = sourcePort == TeredoPacket.Port || destinationPort == TeredoPacket.Port;
        if (layers.Network != EtherType.Ipv4)
            return false;

        if (!TeredoPacket.TryRead(payload, out TeredoPacket teredo, isServerPort))
        {
            found = isServerPort ? s_unreadable : default;
            return false;
        }

        found = new Encapsulation(layers.PayloadOffset + teredo.HeaderLength, datagram.Length, LinkType.RawIp);
        return true;
    }

    private static int Version(Span<byte> packet, int offset) => offset < packet.Length ? packet[offset] >> 4 : 0;
}
