using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Benchmarks;

/// <summary>Frames as two Linux hosts send them, and buffers that hold them.</summary>
internal static class SampleFrames
{
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01"), s_other = MacAddress.Parse("02:00:00:00:00:02");
    private static readonly Ipv4Address s_source = Ipv4Address.Parse("192.0.2.1"), s_destination = Ipv4Address.Parse("192.0.2.2");
    private static readonly Packet<EthernetFields> s_ethernet = Packet.Ethernet(s_mac, s_other);
    private static readonly Packet<Ipv4Fields> s_ipv4 = s_ethernet.Ipv4(new Ipv4Fields(s_source, s_destination) { Identification = 1 });

    /// <summary>A SYN over IPv4: MSS, SACK-permitted, timestamps, NOP, window scale.</summary>
    public static byte[] Syn { get; } = s_ipv4.Tcp(40000, 5001, TcpFlags.Syn, sequence: 1, window: 64240)
        .MaximumSegmentSize(1460).SackPermitted().Timestamps(1, 0).NoOperation().WindowScale(7).ToArray();

    /// <summary>Where SACK-permitted stands in <see cref="Syn"/>.</summary>
    public const int SackPermittedOffset = 14 + 20 + 20 + 4;

    /// <summary>Where the TCP checksum stands in <see cref="Syn"/>.</summary>
    public const int TcpChecksumOffset = 14 + 20 + 16;

    /// <summary>A bare ACK over IPv4, without options, padded to the 60 octets of Ethernet.</summary>
    public static byte[] Ack { get; } = [.. s_ipv4.Tcp(40000, 5001, TcpFlags.Ack, 1, 1, window: 256).ToArray(), .. new byte[6]];

    /// <summary>An ACK with timestamps over IPv6.</summary>
    public static byte[] AckOverIpv6 { get; } = s_ethernet.Ipv6(Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("2001:db8::2"))
        .Tcp(40000, 5001, TcpFlags.Ack, 1, 1, window: 256).NoOperation().NoOperation().Timestamps(1, 1).ToArray();

    /// <summary>A DNS-sized UDP datagram over IPv4, behind one VLAN tag.</summary>
    public static byte[] TaggedUdp { get; } = s_ethernet.Vlan(6).Ipv4(s_source, s_destination).Udp(50000, 53, checksum: false)
        .Payload([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]).ToArray();

    /// <summary>An ARP request.</summary>
    public static byte[] Arp { get; } = Packet.Ethernet(s_mac).Arp(ArpFields.Request(s_mac, s_source, s_destination)).ToArray();

    /// <summary>A buffer that holds a frame as a port leaves it.</summary>
    public static FrameBuffer Load(byte[] octets, FrameUndo? undo = null)
    {
        var buffer = new FrameBuffer(undo ?? new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left);
        return buffer;
    }
}
