using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>DHCP messages in UDP. RFC 2131, RFC 8415. (A request is answered by <c>frame.Answer</c>.)</summary>
public static class PacketDhcpExtensions
{
    /// <summary>A DHCP message for IPv4: clients send it from port 68 to 67. RFC 2131 §2.</summary>
    public static Packet Dhcpv4(this Packet<UdpFields> packet, in Dhcpv4Fields message) => packet.Value.WithPart(message);

    /// <summary>A DHCP message for IPv6: clients send it from port 546 to 547. RFC 8415 §8.</summary>
    public static Packet Dhcpv6(this Packet<UdpFields> packet, in Dhcpv6Fields message) => packet.Value.WithPart(message);

    /// <summary>A DHCP message of a relay, for IPv6. RFC 8415 §9.</summary>
    public static Packet Dhcpv6(this Packet<UdpFields> packet, in Dhcpv6RelayFields message) => packet.Value.WithPart(message);
}
