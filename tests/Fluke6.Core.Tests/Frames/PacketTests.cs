using System.Buffers.Binary;
using CsCheck;
using Fluke6.Frames;
using Fluke6.Ports;
using Fluke6.Wire;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.Core.Tests.Frames;

/// <summary>Packets in one expression, beside the same packets as scapy 2.5 writes them (Vectors/packets.txt, made by Vectors/packets.py).</summary>
public class PacketTests
{
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01"), s_other = MacAddress.Parse("02:00:00:00:00:02");
    private static readonly Ipv4Address s_source4 = Ipv4Address.Parse("192.0.2.1"), s_destination4 = Ipv4Address.Parse("198.51.100.2");
    private static readonly Ipv6Address s_source6 = Ipv6Address.Parse("2001:db8::1"), s_destination6 = Ipv6Address.Parse("2001:db8::2");
    private static readonly Ipv6Address s_router = Ipv6Address.Parse("fe80::1");

    private static readonly Dictionary<string, Packet> s_packets = new()
    {
        ["tcp4 syn"] = Ip4.Tcp(40000, 80, Syn, sequence: 1).MaximumSegmentSize(1460).SackPermitted().Timestamps(1, 0).NoOperation().WindowScale(7),
        ["tcp6 data"] = Ip6.Tcp(40000, 80, Psh | Ack, 0x01020304, 0x05060708, window: 1000).Payload("hello"u8),
        ["udp4 vlan"] = Packet.Ethernet(s_mac, s_other).Vlan(5, priority: 3).Ipv4(s_source4, s_destination4).Udp(1024, 53).Payload("abc"u8),
        ["qinq"] = Packet.Ethernet(s_mac, s_other).Vlan(100, protocolIdentifier: EtherType.Dot1Ad).Vlan(5).Ipv6(s_source6, s_destination6).Udp(1, 2),
        ["udp without checksum"] = Ip4.Udp(1, 2, checksum: false).Payload("x"u8),
        ["echo4"] = Ip4.EchoRequest(7, 9).Payload("0123456789"u8),
        ["echo6"] = Ip6.EchoReply(7, 9).Payload("01234567"u8),
        ["arp request"] = Packet.Ethernet(s_mac).Arp(ArpFields.Request(s_mac, s_source4, Ipv4Address.Parse("192.0.2.9"))),
        ["unreachable4"] = Ip4.DestinationUnreachable(4, nextHopMtu: 1400).Payload(Packet.Ipv4(s_destination4, s_source4).Udp(5, 6).Payload("q"u8)),
        ["too big"] = Ip6.PacketTooBig(1280).Payload(Packet.Ipv6(s_destination6, s_source6).Udp(5, 6)),
        ["rs"] = Packet.Ethernet(s_mac).Ipv6(s_router, Ipv6Address.AllRouters).RouterSolicitation().SourceLinkLayer(s_mac),
        ["ra"] = Packet.Ethernet(s_mac).Ipv6(s_router, Ipv6Address.AllNodes).RouterAdvertisement()
            .SourceLinkLayer(s_mac).Mtu(1480)
            .Prefix(Ipv6Prefix.Parse("2001:db8:1::/64"), valid: 3600, preferred: 1800)
            .Route(Ipv6Prefix.Parse("2001:db8:2::/48"), RouterPreference.High, lifetime: 600)
            .RecursiveDnsServers(Ipv6Address.Parse("2001:db8::53")).DnsSearchList(DnsName.Parse("test6.example")),
        ["ns"] = Packet.Ethernet(s_mac).Ipv6(s_source6, s_destination6.SolicitedNodeMulticast).NeighborSolicitation(s_destination6).SourceLinkLayer(s_mac),
        ["na"] = Packet.Ethernet(s_mac).Ipv6(s_source6, Ipv6Address.AllNodes).NeighborAdvertisement(s_source6, router: true).TargetLinkLayer(s_mac),
        ["redirect"] = Packet.Ethernet(s_mac, s_other).Ipv6(s_router, s_destination6)
            .Redirect(Ipv6Address.Parse("fe80::9"), Ipv6Address.Parse("2001:db8::99")).TargetLinkLayer(s_mac)
            .RedirectedHeader(Packet.Ipv6(s_destination6, Ipv6Address.Parse("2001:db8::99")).ToArray()),
        ["mld"] = Packet.Ethernet(s_mac).Ipv6(Ipv6Address.Parse("fe80::6"), MulticastListenerReport.Routers).MulticastListenerReport(
            MulticastRecordType.Joins, Ipv6Address.Parse("ff02::1:ff00:77"), Ipv6Address.Parse("ff02::1:ff00:abc")),
        ["extension headers"] = Ip6.HopByHopOptions(Ipv6OptionFields.RouterAlert())
            .DestinationOptions(new Ipv6OptionFields((Ipv6OptionType)0x1E, "Fluke6"u8.ToArray()))
            .Fragment(new FragmentFields(0x11223344)).Udp(1, 2).Payload("zz"u8),
        ["routing"] = Ip6.Routing(new RoutingFields(RoutingType.SourceRoute, 1) { Addresses = [Ipv6Address.Parse("2001:db8::7")] })
            .Udp(1, 2).Payload("zz"u8),
        ["gre"] = Ip4.Gre(new GreFields { HasChecksum = true, Key = 5, SequenceNumber = 6 }).Ipv6(s_source6, s_destination6).Udp(1, 2).Payload("x"u8),
        ["vxlan"] = Ip4.Udp(40000, VxlanHeader.Port, checksum: false).Vxlan(42)
            .Ethernet(s_mac).Ipv6(s_source6, s_destination6.SolicitedNodeMulticast).NeighborSolicitation(s_destination6),
        ["pppoe"] = Packet.Ethernet(s_mac, s_other).Vlan(7).Pppoe(new PppoeFields(0x1234)).Ipv6(s_source6, s_destination6).Udp(1, 2).Payload("x"u8),
        ["mpls"] = Packet.Ethernet(s_mac, s_other).Mpls(100, timeToLive: 63).Mpls(new MplsLabelFields(16) { TrafficClass = 5, TimeToLive = 62 })
            .Ipv4(s_source4, s_destination4).Udp(1, 2).Payload("x"u8),
        ["mpls in udp"] = Ip6.Udp(49152, 6635).Mpls(100).Ipv4(s_source4, s_destination4).EchoRequest(1, 2),
        ["mpls in gre"] = Ip4.Gre().Mpls(3).Mpls(4).Mpls(5).Ipv6(s_source6, s_destination6).EchoRequest(1, 2),
        ["geneve"] = Ip4.Udp(40000, GeneveHeader.Port)
            .Geneve(new GeneveFields(0x123456) { HasCriticalOptions = true, Options = [1, 2, 0x83, 1, 0xAA, 0xBB, 0xCC, 0xDD] })
            .Ethernet(s_mac, s_other).Ipv6(s_source6, s_destination6).Udp(1, 2).Payload("x"u8),
        ["geneve of ip"] = Ip6.Udp(40000, GeneveHeader.Port).Geneve(new GeneveFields(1)).Ipv4(s_source4, s_destination4).EchoRequest(1, 2),
        ["ip in ip"] = Ip6.Ipv4(s_source4, s_destination4).EchoRequest(1, 2),
        ["dns query"] = Ip6.Udp(1024, 53).DnsQuery(DnsName.Parse("www.example.net"), DnsType.Aaaa, id: 0x1234),
        ["teredo"] = Ip4.Udp(3544, 40000).Teredo(new TeredoFields { OriginAddress = s_source4, OriginPort = 1024 })
            .Ipv6(s_source6, s_destination6).Udp(1, 2),
        ["router alert4"] = Packet.Ethernet(s_mac)
            .Ipv4(new Ipv4Fields(s_source4, Ipv4Address.Parse("224.0.0.1")) { TimeToLive = 1, Options = [Ipv4OptionFields.RouterAlert] }).Udp(1, 2),
        ["tun tcp"] = Packet.Ipv4(s_source4, s_destination4).Tcp(1, 2, Rst | Ack, 3, 4, window: 0),
    };

    public static TheoryData<string> Names => [.. s_packets.Keys];

    private static Packet<Ipv4Fields> Ip4 => Packet.Ethernet(s_mac, s_other).Ipv4(s_source4, s_destination4);

    private static Packet<Ipv6Fields> Ip6 => Packet.Ethernet(s_mac, s_other).Ipv6(s_source6, s_destination6);

    [Theory]
    [MemberData(nameof(Names))]
    public void IsWhatScapyWrites(string name) => Assert.Equal(Vectors.Packets[name], Convert.ToHexStringLower(s_packets[name].ToArray()));

    [Fact]
    public void EveryVectorIsWritten() => Assert.Equal(Vectors.Packets.Keys.Order(), s_packets.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void IsWholeAndRight(string name)
    {
        Packet packet = s_packets[name];
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(packet.ToArray(), packet.LinkType, Side.Left);

        Assert.True(buffer.Layers.AreUnderstood);
        Assert.Equal(packet.Length, packet.ToArray().Length);
        Assert.Equal(FramePrinter.Print(buffer.Octets, packet.LinkType), $"{packet}");
    }

    /// <summary>Whatever the payload, of either parity, checksums are those that a naive sum gives.</summary>
    [Fact]
    public void EveryChecksumIsRight() => Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, 3], Gen.Int[0, 5]).Sample((payload, tags, kind) =>
    {
        Packet<VlanTagFields> tagged = Packet.Ethernet(s_mac, s_other).Vlan(1);
        for (int i = 0; i < tags; i++)
            tagged = tagged.Vlan((ushort)i);
        byte[] frame = (kind switch
        {
            0 => tagged.Ipv4(s_source4, s_destination4).Tcp(1, 2, Ack).Timestamps(3, 4).Payload(payload),
            1 => tagged.Ipv6(s_source6, s_destination6).Tcp(1, 2, Ack).WindowScale(3).Payload(payload),
            2 => tagged.Ipv4(s_source4, s_destination4).Udp(1, 2).Payload(payload),
            3 => tagged.Ipv6(s_source6, s_destination6).HopByHopOptions(Ipv6OptionFields.RouterAlert()).Udp(1, 2).Payload(payload),
            4 => tagged.Ipv4(s_source4, s_destination4).EchoRequest(1, 2).Payload(payload),
            _ => tagged.Ipv6(s_source6, s_destination6).EchoRequest(1, 2).Payload(payload),
        }).ToArray();

        (int field, ushort expected) = NaiveSum.Recompute(frame);
        Assert.Equal(expected, BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(field)));
    });

    [Fact]
    public void APacketStaysAsItWasWhenAnotherGoesOnFromIt()
    {
        Packet<UdpFields> begun = Ip6.Udp(1, 2);
        string before = Convert.ToHexStringLower(begun.ToArray());

        byte[] one = begun.Payload(new byte[1000]).ToArray(), two = begun.Payload("two"u8).ToArray();
        Packet<TcpFields> longer = Ip6.HopByHopOptions(new Ipv6OptionFields((Ipv6OptionType)0x1E, new byte[250])).Tcp(1, 2, Syn);
        string withoutOption = Convert.ToHexStringLower(longer.ToArray());
        longer.WindowScale(7);

        Assert.Equal(before, Convert.ToHexStringLower(begun.ToArray()));
        Assert.Equal((begun.Length + 1000, begun.Length + 3), (one.Length, two.Length));
        Assert.Equal(withoutOption, Convert.ToHexStringLower(longer.ToArray()));
    }

    [Fact]
    public void HopLimitIsTheRulesIfItGivesOne()
    {
        byte[] given = Packet.Ipv6(s_source6, s_destination6, hopLimit: 7).NeighborAdvertisement(s_source6).ToArray();
        byte[] chosen = Packet.Ipv6(s_source6, s_destination6).NeighborAdvertisement(s_source6).ToArray();
        byte[] echo = Packet.Ipv6(s_source6, s_destination6).EchoRequest(1, 1).ToArray();

        Assert.Equal((7, 255, 64), (given[7], chosen[7], echo[7]));
    }

    [Fact]
    public void MacDestinationIsTheGroupsOrEveryones()
    {
        Assert.Equal("ffffffffffff", Destination(Packet.Ethernet(s_mac).Ipv6(s_source6, s_destination6)));
        Assert.Equal("333300000001", Destination(Packet.Ethernet(s_mac).Vlan(4).Vlan(5).Ipv6(s_source6, Ipv6Address.AllNodes)));
        Assert.Equal("01005e0000fb", Destination(Packet.Ethernet(s_mac).Ipv4(s_source4, Ipv4Address.Parse("224.0.0.251"))));
        Assert.Equal("020000000002", Destination(Packet.Ethernet(s_mac, s_other).Ipv6(s_source6, Ipv6Address.AllNodes)));
        Assert.Equal("020000000002", Destination(Packet.Ethernet(s_mac).Arp(
            ArpFields.Reply(s_source4, s_mac) with { TargetHardwareAddress = s_other, TargetProtocolAddress = s_destination4 })));

        static string Destination(Packet packet) => Convert.ToHexStringLower(packet.ToArray()[..6]);
    }

    [Fact]
    public void TooManyTcpOptionsAreToldOf()
    {
        Packet<TcpFields> tcp = Ip4.Tcp(1, 2, Syn).Options(new byte[38]);

        string message = Assert.Throws<InvalidOperationException>(() => tcp.MaximumSegmentSize(1460)).Message;

        Assert.Equal("A TCP header has room for 40 bytes of options: MaximumSegmentSize does not fit.", message);
        Assert.Equal(60, 20 + tcp.Options([1, 1]).Length - Ip4.Tcp(1, 2, Syn).Length);
    }

    [Fact]
    public void APacketLongerThanIpCanSayIsToldOf()
    {
        string message = Assert.Throws<InvalidOperationException>(() => Ip4.Udp(1, 2).Payload(new byte[65_536])).Message;

        Assert.Equal("A packet is at most 65535 bytes long, not 65578.", message);
    }

    [Fact]
    public void WritingAllocatesNothing()
    {
        byte[] octets = new byte[256];
        int written = 0;
        void Write() => written = Packet.Ethernet(s_mac).Ipv6(s_source6, s_destination6)
            .NeighborAdvertisement(s_source6, router: false).TargetLinkLayer(s_mac).Write(octets);
        Write();

        Assert.Equal(0, Allocation.In(() =>
        {
            for (int i = 0; i < 100; i++)
                Write();
        }));
        Assert.Equal(14 + 40 + 32, written);
    }
}
