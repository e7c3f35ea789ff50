using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>The DHCP message for IPv4 in a datagram from or to port 67 or 68. RFC 2131 §4.1.</summary>
    /// <param name="message">The message. Its fixed fields are sure to be there, options may be malformed.</param>
    public readonly bool TryGetDhcpv4(out Dhcpv4Message message)
    {
        message = default;
        if (!HasUdpPort(Dhcpv4Message.ServerPort, Dhcpv4Message.ClientPort))
            return false;

        return Dhcpv4Message.TryRead(UdpPayload, out message, TransportChecksum()) || (UdpPayload.Length < Dhcpv4Message.MinLength && IsMalformed());
    }

    /// <summary>The DHCP message for IPv6 in a datagram from or to port 546 or 547. RFC 8415 §7.2.</summary>
    /// <param name="message">The message, which may be a relay's. Its header is sure to be there, options may be malformed.</param>
    public readonly bool TryGetDhcpv6(out Dhcpv6Message message)
    {
        message = default;
        if (!HasUdpPort(Dhcpv6Message.ServerPort, Dhcpv6Message.ClientPort))
            return false;

        return Dhcpv6Message.TryRead(UdpPayload, out message, TransportChecksum()) || IsMalformed();
    }

    // A super-segment holds many datagrams' data.
    private readonly bool HasUdpPort(ushort first, ushort second) => TryGetUdp(out UdpHeader udp) && SegmentSize == 0
        && (udp.SourcePort == first || udp.SourcePort == second || udp.DestinationPort == first || udp.DestinationPort == second);
}
