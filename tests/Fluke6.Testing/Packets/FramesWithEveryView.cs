using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Testing.Packets;

/// <summary>Frames that have, all together, every view that there is.</summary>
internal static class FramesWithEveryView
{
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01"), s_other = MacAddress.Parse("02:00:00:00:00:02");
    private static readonly Ipv6Address s_source = Ipv6Address.Parse("2001:db8:0:1::1"), s_destination = Ipv6Address.Parse("2001:db8:0:2::2");

    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        ["TCP"] = new FrameShape { TcpOptions = FrameShapes.LinuxSyn, VlanTags = 1, HasRouterAlert = true }.ToOctets(),
        ["extension headers"] = new FrameShape
        {
            IsIpv6 = true, Transport = IpProtocol.Udp, Payload = [1, 2, 3],
            ExtensionHeaders = [.. FrameShapes.Extensions],
        }.ToOctets(),
        ["destination options"] = new FrameShape
        {
            IsIpv6 = true, Transport = IpProtocol.Icmpv4, Payload = [1, 2, 3], ExtensionHeaders = FrameShapes.Extensions[^1..],
        }.ToOctets(),
        ["ICMPv4"] = new FrameShape { Transport = IpProtocol.Icmpv4, Payload = [1, 2, 3] }.ToOctets(),
        ["ARP"] = KnownFrames.Arp,
        ["router solicitation"] = Ipv6.RouterSolicitation().SourceLinkLayer(s_mac).ToArray(),
        ["router advertisement"] = KnownFrames.Advertisement(Ipv6).Pref64(Ipv6Prefix.Parse("64:ff9b::/96"))
            .Option(new EncryptedDnsFields(DnsName.Parse("dns")) { Lifetime = 3600 }).ToArray(),
        ["neighbor solicitation"] = Ipv6.NeighborSolicitation(s_destination).SourceLinkLayer(s_mac).ToArray(),
        ["neighbor advertisement"] = Ipv6.NeighborAdvertisement(s_destination, solicited: true).TargetLinkLayer(s_mac).ToArray(),
        ["redirect"] = KnownFrames.Redirect,
        ["DNS addresses"] = Dns("0000 0002 0000 0000" + "00 0001 0001 0000003c 0004 c0000201" + "00 001c 0001 0000003c 0010 20010db8000000010000000000000001"),
        ["DNS alias"] = Dns("0001 0001 0000 0000 0361626300 0001 0001" + "c00c 0005 0001 0000003c 0005 0378797a00"),
        ["DNS authority"] = Dns(
            "0000 0000 0001 0000" + "00 0006 0001 0000003c 001e 036e737300 036f707300 00000001 00000002 00000003 00000004 00000005"),
        ["DNS text"] = Dns("0000 0001 0000 0000" + "00 0010 0001 0000003c 0004 03616263"),
        ["DNS service"] = Dns(
            "0000 0001 0000 0000" + "00 0041 0001 0000003c 0027 0001 0361626300 0004 0004 c0000201 0006 0010 20010db8000000000000000000000001 ffff 0000"),
        ["EDNS"] = Dns("0000 0000 0000 0001" + "00 0029 04d0 00008000 000b 0008 0007 0001 18 00 c00002"),
        ["DHCPv4"] = KnownFrames.DhcpDiscover,
        ["DHCPv6"] = KnownFrames.Dhcpv6Solicit,
        ["DHCPv6 relay"] = KnownFrames.Dhcpv6Relayed,
        ["TLS"] = KnownFrames.ClientHello(recordLength: 16384),
        ["TLS in records"] = KnownFrames.ClientHello(recordLength: 3),
        ["PPPoE"] = Link(LinkKind.Pppoe),
        ["MPLS"] = Link(LinkKind.Mpls),
        ["GENEVE"] = Tunnel(TunnelKind.Geneve),
        ["GRE"] = Tunnel(TunnelKind.GreWithEverything),
        ["VXLAN"] = Tunnel(TunnelKind.Vxlan),
        ["Teredo"] = Tunnel(TunnelKind.TeredoWithIndications),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    private static Packet<Ipv6Fields> Ipv6 => Packet.Ethernet(s_mac, s_other).Ipv6(s_source, s_destination);

    public static FrameBuffer Load(string name) => Arrived.Buffer(All[name]);

    /// <summary>An answer, from its counts on.</summary>
    private static byte[] Dns(string message) => Packet.Ethernet(s_mac, s_other)
        .Ipv4(Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("198.51.100.2")).Udp(53, 53)
        .Payload([0x12, 0x34, 0x81, 0x80, .. Hex.Octets(message)]).ToArray();

    private static byte[] Link(LinkKind kind) =>
        Loaded(new TunnelledFrame(new FrameShape { IsRawIp = true }).Wrap(TunnelKind.IpInIp, inIpv6: true).WithEthernet(kind));

    private static byte[] Tunnel(TunnelKind kind)
    {
        var inner = new FrameShape { IsRawIp = kind != TunnelKind.Vxlan, IsIpv6 = true, TcpFlags = 2, TcpOptions = FrameShapes.LinuxSyn };
        return Loaded(new TunnelledFrame(inner).Wrap(kind, inIpv6: false).WithEthernet());
    }

    private static byte[] Loaded(TunnelledFrame frame)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        frame.LoadInto(buffer);
        return buffer.Octets.ToArray();
    }
}
