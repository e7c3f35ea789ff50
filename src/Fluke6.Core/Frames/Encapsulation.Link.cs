using Fluke6.Wire;

namespace Fluke6.Frames;

// What stands between an Ethernet header and a packet, and what an ICMP error quotes.
internal readonly partial record struct Encapsulation
{
    private static bool TryFindBehindLink(Span<byte> octets, in Layers layers, out Encapsulation found)
    {
        found = default;
        if (layers.EtherType != EtherType.PppoeSession)
            return TryFindBehindLabels(octets, layers.NetworkOffset, out found);

        Encapsulation carried = BehindLink(octets, layers);
        PppoeHeader.TryRead(octets[layers.NetworkOffset..], out PppoeHeader pppoe);
        switch (pppoe.Protocol)
        {
            case PppProtocol.Ipv4 when Version(octets[..carried.End], carried.Offset) == 4:
            case PppProtocol.Ipv6 when Version(octets[..carried.End], carried.Offset) == 6:
                found = carried;
                return true;
            case PppProtocol.Ipv4 or PppProtocol.Ipv6:
                found = s_unreadable;
                return false;
            default:
                return false;
        }
    }

    /// <summary>What stands behind a PPPoE header or a label stack, which the walk through the headers has found whole.</summary>
    private static Encapsulation BehindLink(Span<byte> octets, in Layers layers)
    {
        int start = layers.NetworkOffset;
        if (layers.EtherType != EtherType.PppoeSession)
            return new Encapsulation(start + MplsLabel.StackLength(octets[start..]), octets.Length, LinkType.RawIp);

        PppoeHeader.TryGetEnd(octets[start..], out int end);
        return new Encapsulation(start + PppoeHeader.Length, start + end, LinkType.RawIp);
    }

    // Nothing in a label stack says what it carries: what does not begin as an IP packet does is for the rule to tell. RFC 3032 §2.2.
    private static bool TryFindBehindLabels(Span<byte> packet, int offset, out Encapsulation found)
    {
        int length = MplsLabel.StackLength(packet[offset..]);
        found = length == 0 ? s_unreadable : default;
        if (length == 0 || Version(packet, offset + length) is not (4 or 6))
            return false;

        found = new Encapsulation(offset + length, packet.Length, LinkType.RawIp);
        return true;
    }

    private static bool TryFindQuoted(Span<byte> packet, in Layers layers, out Encapsulation found)
    {
        Span<byte> message = packet[layers.TransportOffset..];
        int length = 0;
        if (layers.Transport == IpProtocol.Icmpv4 && Icmpv4Header.TryRead(message, out Icmpv4Header icmpv4))
            length = icmpv4.InvokingPacket.Length;
        else if (layers.Transport == IpProtocol.Icmpv6 && Icmpv6Header.TryRead(message, out Icmpv6Header icmpv6))
            length = icmpv6.InvokingPacket.Length;

        bool isReadable = length >= Ipv4Header.MinLength && Version(packet, layers.PayloadOffset) is 4 or 6;
        found = isReadable
            ? new Encapsulation(layers.PayloadOffset, layers.PayloadOffset + length, LinkType.RawIp) { IsQuoted = true, HasFixedLength = true }
            : default;
        return isReadable;
    }
}
