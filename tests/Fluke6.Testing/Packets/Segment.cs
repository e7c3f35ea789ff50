using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Testing.Packets;

/// <summary>Whole frames for tests, by addresses as text: Ethernet, one VLAN tag if wanted, IP, TCP or others.</summary>
internal static class Segment
{
    private static readonly MacAddress s_source = MacAddress.Parse("02:00:00:00:00:01"), s_destination = MacAddress.Parse("02:00:00:00:00:02");

    /// <summary>What a Linux host offers, in its order: MSS 1460, SACK-permitted, timestamps, NOP, window scale 7.</summary>
    public static byte[] LinuxOptions(ushort mss = 1460, byte shift = 7) =>
        [2, 4, (byte)(mss >> 8), (byte)mss, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, shift];

    public static byte[] Timestamps => [1, 1, 8, 10, 0, 0, 0, 2, 0, 0, 0, 1];

    public static byte[] Tcp(
        string source, int sourcePort, string destination, int destinationPort, TcpFlags flags, byte[]? options = null, int payload = 0, int vlan = 0) =>
        Tcp(source, destination, new TcpFields((ushort)sourcePort, (ushort)destinationPort, flags) { Window = 1000 }, options, new byte[payload], vlan);

    public static byte[] Tcp(string source, string destination, TcpFields fields, byte[]? options, byte[] payload, int vlan = 0)
    {
        Packet<TcpFields> tcp = IsIpv6(source)
            ? Ipv6(source, destination, vlan).Tcp(fields)
            : Ipv4(source, destination, vlan).Tcp(fields);
        return tcp.Options(options).Payload(payload).ToArray();
    }

    public static byte[] Udp(string source, int sourcePort, string destination, int destinationPort, int payload = 0, int vlan = 0)
    {
        Packet<UdpFields> udp = IsIpv6(source)
            ? Ipv6(source, destination, vlan).Udp((ushort)sourcePort, (ushort)destinationPort)
            : Ipv4(source, destination, vlan).Udp((ushort)sourcePort, (ushort)destinationPort);
        return udp.Payload(new byte[payload]).ToArray();
    }

    public static byte[] Echo(string source, string destination, bool reply, ushort identifier) => IsIpv6(source)
        ? Ipv6(source, destination).Icmpv6(reply ? Icmpv6Fields.EchoReply(identifier, 1) : Icmpv6Fields.EchoRequest(identifier, 1)).ToArray()
        : Ipv4(source, destination).Icmpv4(reply ? Icmpv4Fields.EchoReply(identifier, 1) : Icmpv4Fields.EchoRequest(identifier, 1)).ToArray();

    /// <summary>An IPv6 packet to go on from, with hop limit 255.</summary>
    public static Packet<Ipv6Fields> Ipv6(string source, string destination, int vlan = 0)
    {
        var fields = new Ipv6Fields(Ipv6Address.Parse(source), Ipv6Address.Parse(destination)) { HopLimit = 255 };
        return vlan == 0 ? Ethernet.Ipv6(fields) : Ethernet.Vlan((ushort)vlan).Ipv6(fields);
    }

    /// <summary>An IPv4 packet to go on from.</summary>
    public static Packet<Ipv4Fields> Ipv4(string source, string destination, int vlan = 0)
    {
        var fields = new Ipv4Fields(Ipv4Address.Parse(source), Ipv4Address.Parse(destination));
        return vlan == 0 ? Ethernet.Ipv4(fields) : Ethernet.Vlan((ushort)vlan).Ipv4(fields);
    }

    private static Packet<EthernetFields> Ethernet => Packet.Ethernet(s_source, s_destination);

    private static bool IsIpv6(string address) => address.Contains(':', StringComparison.Ordinal);
}
