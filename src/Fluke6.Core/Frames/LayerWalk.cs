using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

/// <summary>Walks Ethernet, VLAN tags, IP, extension headers and transport once, and notes where each begins.</summary>
internal static class LayerWalk
{
    /// <summary>Walks the headers.</summary>
    /// <param name="octets">The frame.</param>
    /// <param name="linkType">What it begins with.</param>
    /// <param name="layers">What was found.</param>
    /// <param name="isQuoted">Whether it may be cut short, so that its lengths may tell of more than is there. RFC 1812 §4.3.2.3.</param>
    public static void Walk(ReadOnlySpan<byte> octets, LinkType linkType, out Layers layers, bool isQuoted = false)
    {
        layers = default;
        layers.IsQuoted = isQuoted;
        layers.StoppedAt = linkType == LinkType.Ethernet ? Ethernet(octets, ref layers) : RawIp(octets, ref layers);
    }

    private static LayerStop Ethernet(ReadOnlySpan<byte> octets, ref Layers layers)
    {
        if (octets.Length < EthernetHeader.Length)
            return LayerStop.Runt;

        int offset = EthernetHeader.Length;
        var etherType = (EtherType)ReadUInt16BigEndian(octets[12..]);
        while (etherType is EtherType.Dot1Q or EtherType.Dot1Ad or EtherType.LegacyQinQ)
        {
            if (layers.VlanTags == Layers.MaxVlanTags || octets.Length < offset + VlanTag.Length)
                return LayerStop.VlanTag;

            etherType = (EtherType)ReadUInt16BigEndian(octets[(offset + 2)..]);
            offset += VlanTag.Length;
            layers.VlanTags++;
        }

        return Network(octets, offset, etherType, ref layers);
    }

    private static LayerStop RawIp(ReadOnlySpan<byte> octets, ref Layers layers)
    {
        if (octets.IsEmpty)
            return LayerStop.Runt;

        EtherType etherType = (octets[0] >> 4) switch
        {
            4 => EtherType.Ipv4,
            6 => EtherType.Ipv6,
            _ => EtherType.None,
        };
        return Network(octets, 0, etherType, ref layers);
    }

    private static LayerStop Network(ReadOnlySpan<byte> octets, int offset, EtherType etherType, ref Layers layers)
    {
        layers.EtherType = etherType;
        layers.NetworkOffset = offset;
        return etherType switch
        {
            EtherType.Ipv4 => Ipv4(octets, offset, ref layers),
            EtherType.Ipv6 => Ipv6(octets, offset, ref layers),
            EtherType.Arp => Arp(octets, offset, ref layers),
            EtherType.PppoeSession => PppoeHeader.TryGetEnd(octets[offset..], out _) ? LayerStop.Tunnel : LayerStop.NetworkHeader,
            EtherType.MplsUnicast or EtherType.MplsMulticast =>
                MplsLabel.StackLength(octets[offset..]) > 0 ? LayerStop.Tunnel : LayerStop.NetworkHeader,
            _ => LayerStop.UnknownEtherType,
        };
    }

    private static LayerStop Arp(ReadOnlySpan<byte> octets, int offset, ref Layers layers)
    {
        if (!ArpPacket.IsEthernetIpv4(octets[offset..]))
            return LayerStop.NetworkHeader;

        layers.Network = EtherType.Arp;
        layers.NetworkEnd = offset + ArpPacket.Length;
        return LayerStop.Complete;
    }

    private static LayerStop Ipv4(ReadOnlySpan<byte> octets, int offset, ref Layers layers)
    {
        ReadOnlySpan<byte> packet = octets[offset..];
        if (packet.Length < Ipv4Header.MinLength || packet[0] >> 4 != 4)
            return LayerStop.NetworkHeader;

        int headerLength = (packet[0] & 0xF) * 4;
        int totalLength = ReadUInt16BigEndian(packet[2..]);
        if (layers.IsQuoted)
            totalLength = Math.Min(totalLength, packet.Length);
        if (headerLength < Ipv4Header.MinLength || totalLength < headerLength || totalLength > packet.Length)
            return LayerStop.NetworkHeader;

        ushort fragment = ReadUInt16BigEndian(packet[6..]);
        layers.Network = EtherType.Ipv4;
        layers.NetworkEnd = offset + totalLength;
        layers.TransportOffset = offset + headerLength;
        layers.NextProtocol = (IpProtocol)packet[9];
        layers.IsFragment = (fragment & 0x3FFF) != 0;
        if (headerLength > Ipv4Header.MinLength)
            layers.IsSourceRouted = AddressChecksum.TryFindFinalDestination(packet[..headerLength], out _);
        return (fragment & 0x1FFF) != 0
            ? LayerStop.LaterFragment
            : Transport(octets, EtherType.Ipv4, ref layers);
    }

    private static LayerStop Ipv6(ReadOnlySpan<byte> octets, int offset, ref Layers layers)
    {
        ReadOnlySpan<byte> packet = octets[offset..];
        if (packet.Length < Ipv6Header.Length || packet[0] >> 4 != 6)
            return LayerStop.NetworkHeader;

        int end = Ipv6Header.Length + ReadUInt16BigEndian(packet[4..]);
        if (layers.IsQuoted)
            end = Math.Min(end, packet.Length);
        if (end > packet.Length)
            return LayerStop.NetworkHeader;

        layers.Network = EtherType.Ipv6;
        layers.NetworkEnd = offset + end;
        var next = (IpProtocol)packet[6];
        int position = Ipv6Header.Length;
        while (Ipv6ExtensionHeader.IsExtension(next))
        {
            layers.NextProtocol = next;
            layers.TransportOffset = offset + position;
            if (!Ipv6ExtensionHeader.TryGetLength(packet[position..end], next, out int length))
                return LayerStop.ExtensionHeader;

            if (next == IpProtocol.Fragment)
            {
                ushort fragment = ReadUInt16BigEndian(packet[(position + 2)..]);
                // RFC 8200 §4.5, RFC 6946: offset zero and no more fragments is a whole packet, an atomic fragment.
                layers.IsFragment |= (fragment & 0xFFF9) != 0;
                if (fragment >> 3 != 0)
                {
                    layers.NextProtocol = (IpProtocol)packet[position];
                    layers.TransportOffset = offset + position + length;
                    return LayerStop.LaterFragment;
                }
            }
            else
            {
                NoteOtherAddresses(packet.Slice(position, length), next, ref layers);
            }

            next = (IpProtocol)packet[position];
            position += length;
        }

        layers.NextProtocol = next;
        layers.TransportOffset = offset + position;
        return Transport(octets, EtherType.Ipv6, ref layers);
    }

    private static void NoteOtherAddresses(ReadOnlySpan<byte> header, IpProtocol kind, ref Layers layers)
    {
        switch (kind)
        {
            case IpProtocol.Routing when header[3] != 0:
                layers.IsSourceRouted = true;
                break;
            case IpProtocol.DestinationOptions when AddressChecksum.TryFindHomeAddress(header, out _):
                layers.HasHomeAddress = true;
                break;
            case IpProtocol.Shim6 when AddressChecksum.NamesShim6Context(header):
                layers.HasShim6Context = true;
                break;
        }
    }

    private static LayerStop Transport(ReadOnlySpan<byte> octets, EtherType network, ref Layers layers)
    {
        ReadOnlySpan<byte> segment = octets[layers.TransportOffset..layers.NetworkEnd];
        int headerLength, length = segment.Length;
        switch (layers.NextProtocol)
        {
            case IpProtocol.Tcp:
                if (length < TcpHeader.MinLength)
                    return LayerStop.TransportHeader;
                headerLength = (segment[12] >> 4) * 4;
                if (headerLength < TcpHeader.MinLength || headerLength > length)
                    return LayerStop.TransportHeader;
                break;

            case IpProtocol.Udp:
                if (length < UdpHeader.Length)
                    return LayerStop.TransportHeader;
                headerLength = UdpHeader.Length;
                int udpLength = ReadUInt16BigEndian(segment[4..]);
                if (udpLength < headerLength || (udpLength > length && !layers.IsFragment && !layers.IsQuoted))
                    return LayerStop.TransportHeader;
                length = Math.Min(length, udpLength);
                break;

            case IpProtocol.Icmpv4 when network == EtherType.Ipv4:
            case IpProtocol.Icmpv6 when network == EtherType.Ipv6:
                // RFC 792, RFC 4443 §2.1: type, code, checksum; every message defined has four octets more.
                headerLength = 8;
                if (length < headerLength)
                    return LayerStop.TransportHeader;
                break;

            default:
                return LayerStop.UnknownProtocol;
        }

        layers.Transport = layers.NextProtocol;
        layers.HasTransport = true;
        layers.PayloadOffset = layers.TransportOffset + headerLength;
        layers.PayloadEnd = layers.TransportOffset + length;
        return LayerStop.Complete;
    }
}
