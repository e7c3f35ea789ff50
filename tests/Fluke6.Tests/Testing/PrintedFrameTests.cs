using Fluke6.Command.Testing;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Command.Tests.Testing;

/// <summary>Words of a log become the frame that they were printed of.</summary>
public sealed class PrintedFrameTests
{
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01"), s_other = MacAddress.Parse("02:00:00:00:00:02");
    private static readonly Ipv4Address s_address4 = Ipv4Address.Parse("192.0.2.1"), s_other4 = Ipv4Address.Parse("192.0.2.2");
    private static readonly Ipv6Address s_address6 = Ipv6Address.Parse("2001:db8::1"), s_other6 = Ipv6Address.Parse("2001:db8::2");

    private static readonly Dictionary<string, Packet> s_frames = new()
    {
        ["ARP request"] = Packet.Ethernet(s_mac).Arp(ArpFields.Request(s_mac, s_address4, s_other4)),
        ["ARP request in a tag"] = Packet.Ethernet(s_mac).Vlan(7).Arp(ArpFields.Request(s_mac, s_address4, s_other4)),
        ["UDP in two tags"] = Packet.Ethernet(s_mac, s_other).Vlan(100, protocolIdentifier: EtherType.Dot1Ad)
            .Vlan(new VlanTagFields(5) { Priority = 3, DropEligible = true }).Ipv4(s_address4, s_other4).Udp(1, 2).Payload(new byte[9]),
        ["SYN in a tag"] = Packet.Ethernet(s_mac, s_other).Vlan(5).Ipv6(s_address6, s_other6).Tcp(1, 2, TcpFlags.Syn, 7).MaximumSegmentSize(1440),
        ["router solicitation"] = Ipv6.RouterSolicitation().SourceLinkLayer(s_mac),
        ["router advertisement"] = KnownFrames.Advertisement(Ipv6).Pref64(Ipv6Prefix.Parse("64:ff9b::/96"))
            .Option(new EncryptedDnsFields(DnsName.Parse("dns.example")) { ServicePriority = 2, Lifetime = 600 }),
        ["router advertisement of nothing"] = Ipv6.RouterAdvertisement(routerLifetime: 0),
        ["neighbor solicitation"] = Ipv6.NeighborSolicitation(s_other6).SourceLinkLayer(s_mac),
        ["neighbor solicitation of nobody's"] = Ipv6.NeighborSolicitation(s_other6),
        ["neighbor advertisement"] = Ipv6.NeighborAdvertisement(s_address6, router: true, solicited: true).TargetLinkLayer(s_mac),
        ["neighbor advertisement without flags"] = Ipv6.NeighborAdvertisement(s_address6, @override: false),
        ["redirect"] = Ipv6.Redirect(s_address6, s_other6).TargetLinkLayer(s_other),
        ["first fragment of IPv4"] = Packet.Ethernet(s_mac, s_other)
            .Ipv4(new Ipv4Fields(s_address4, s_other4) { Identification = 7, DontFragment = false, MoreFragments = true }).Udp(1, 2).Payload(new byte[16]),
        ["later fragment of IPv4"] = Packet.Ipv4(new Ipv4Fields(s_address4, s_other4) { Identification = 7, DontFragment = false, FragmentOffset = 1480 })
            .Payload(IpProtocol.Udp, new byte[20]),
        ["options of IPv4"] = Packet.Ethernet(s_mac, s_other).Vlan(7).Ipv4(new Ipv4Fields(s_address4, s_other4)
        {
            Options =
            [
                Ipv4OptionFields.RouterAlert, new(Ipv4OptionKind.NoOperation), new((Ipv4OptionKind)222, [0xAB, 0xCD]),
                new(Ipv4OptionKind.RecordRoute, Convert.FromHexString("08C000020900000000")), new(Ipv4OptionKind.Security),
            ],
        }).Tcp(1, 2, TcpFlags.Syn, 7).WindowScale(3),
        ["source routes of IPv4"] = Packet.Ipv4(new Ipv4Fields(s_address4, s_other4)
        {
            Options =
            [
                new(Ipv4OptionKind.LooseSourceRoute, Convert.FromHexString("04C0000209")), new(Ipv4OptionKind.StrictSourceRoute, [4]),
                new(Ipv4OptionKind.StrictSourceRoute, Convert.FromHexString("04C00002")), new(Ipv4OptionKind.Timestamp, Convert.FromHexString("0D0100000001")),
            ],
        }).Udp(1, 2).Payload(new byte[3]),
        ["first fragment of IPv6"] = Ipv6.Fragment(new FragmentFields(0x1234) { MoreFragments = true }).EchoRequest(1, 2).Payload(new byte[16]),
        ["later fragment of IPv6"] = Ipv6.Fragment(new FragmentFields(0xABCDEF01) { FragmentOffset = 1448 }).Payload(IpProtocol.Icmpv6, new byte[9]),
        ["another protocol"] = Packet.Ipv6(s_address6, s_other6).DestinationOptions().Payload((IpProtocol)132, new byte[20]),
        ["options in a tag"] = Packet.Ethernet(s_mac, s_other).Vlan(7).Ipv6(s_address6, s_other6).HopByHopOptions(Ipv6OptionFields.RouterAlert(1))
            .DestinationOptions(
                new Ipv6OptionFields((Ipv6OptionType)0x1E, "Fluke6"u8.ToArray()), new Ipv6OptionFields(Ipv6OptionType.Pad1),
                new Ipv6OptionFields(Ipv6OptionType.TunnelEncapsulationLimit, [4]), new Ipv6OptionFields((Ipv6OptionType)0x3E))
            .Tcp(1, 2, TcpFlags.Syn, 7).WindowScale(3),
        ["home address"] = Ipv6.DestinationOptions(
            new Ipv6OptionFields(Ipv6OptionType.HomeAddress, Convert.FromHexString("20010db8000000000000000000000077"))).Udp(1, 2),
        ["routing headers"] = Ipv6
            .Routing(new RoutingFields(RoutingType.SourceRoute, 1) { Addresses = [s_address6, Ipv6Address.Parse("2001:db8::7")] })
            .Routing(new RoutingFields(RoutingType.SegmentRouting, 0) { Addresses = [s_other6] }).Udp(1, 2).Payload(new byte[3]),
        ["solicitation after an empty list"] = Ipv6.HopByHopOptions().NeighborSolicitation(s_other6),
        ["neighbor advertisement on TUN"] = Packet.Ipv6(s_address6, s_other6).NeighborAdvertisement(s_address6),
    };

    public static TheoryData<string> Frames => [.. s_frames.Keys];

    private static Packet<Ipv6Fields> Ipv6 => Packet.Ethernet(s_mac, s_other).Ipv6(s_address6, s_other6);

    [Fact]
    public void OptionsOfIpv4AreNamedAsTcpdumpNamesThem()
    {
        Assert.Contains(
            "options [RA 0x0000,NOP,unknown-222 0xabcd,RR ptr 8 192.0.2.9 0.0.0.0,security,EOL]) ", s_frames["options of IPv4"].ToString(),
            StringComparison.Ordinal);
        Assert.Contains(
            "options [LSRR ptr 4 192.0.2.9,SSRR ptr 4,SSRR 0x04c00002,timestamp 0x0d0100000001]) ", s_frames["source routes of IPv4"].ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("options [RA 0x0000,hop]")]
    [InlineData("options [RA 0x000]")]
    [InlineData("options [RR ptr 8 192.0.2]")]
    [InlineData("options [unknown-256 0x00]")]
    [InlineData("options [unknown-148 0x0000]")]
    [InlineData("options [NOP,unknown-222 0x000000000000000000000000000000000000000000000000000000000000000000000000000000]")]
    public void OptionsOfIpv4ThatAreNotUnderstoodAreRefused(string options) =>
        Assert.False(PrintedFrame.TryWrite($"IP (ttl 64, id 0, DF, {options}) 192.0.2.1.1 > 192.0.2.2.2: UDP, length 0", null, out _));

    [Theory]
    [MemberData(nameof(Frames))]
    public void WordsBecomeTheFrame(string name)
    {
        Packet packet = s_frames[name];
        string words = packet.ToString();
        Assert.True(PrintedFrame.TryWrite(words, payload: null, out byte[] frame), $"{words}\n{(frame.Length == 0 ? "not understood" : FramePrinter.Print(frame, packet.LinkType))}");
        Assert.Equal(Hex.Of(packet.ToArray()), Hex.Of(frame));
    }

    // RFC 826: what is not said is whom it is for.
    [Fact]
    public void ReplyIsForNobodyInParticular()
    {
        const string Words = "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype ARP (0x0806), length 60: ARP, Reply 192.0.2.2 is-at 02:00:00:00:00:02, length 28";
        Assert.True(PrintedFrame.TryWrite(Words, payload: null, out byte[] frame));
        byte[] expected = Packet.Ethernet(s_other, s_mac).Arp(ArpFields.Reply(s_other4, s_other)).ToArray();
        Assert.Equal(Hex.Of([.. expected, .. new byte[18]]), Hex.Of(frame));
    }

    [Theory]
    [InlineData("02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv6 (0x86dd), length 86: IP6 (hlim 255) 2001:db8::1 > 2001:db8::2: "
        + "ICMP6, neighbor advertisement, tgt is 2001:db8::1, flags [override], options [tlla 02:00:00:00:00:01; mtu many], length 32")]
    [InlineData("02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype ARP (0x0806), length 42: ARP, operation 9, length 28")]
    public void WordsThatSayTooLittleAreRefused(string words) => Assert.False(PrintedFrame.TryWrite(words, payload: null, out _));

    [Theory]
    [InlineData("DNS 7 www.example IN AAAA? 0/0/0")]
    [InlineData("DNS 7 www.example IN TYPE99? 0/0/1", "EDNS version 0, flags do, udp 1232")]
    [InlineData("DNS 65535 response NAMEERROR www.example IN A? 0/0/0")]
    [InlineData("DNS 7 response NOERROR www.example IN A? 2/1/2",
        "www.example 60 IN CNAME web.example", "web.example 60 IN A 192.0.2.1", "example 3600 IN NS ns.example", "ns.example 60 IN AAAA 2001:db8::53",
        "EDNS version 0, flags none, udp 1232")]
    [InlineData("DNS 0 response NOERROR 1/0/0", "www.example 60 IN TXT \"a text\"")]
    public void DnsMessageIsAsItIsPrinted(params string[] lines) => Assert.Equal(lines, PrintedDns.Lines(PrintedDns.Write(lines)));

    [Theory]
    [InlineData("DNS 7 www.example IN AAAA? 1/0/0")]
    [InlineData("DNS 7 www.example. IN AAAA? 0/0/0")]
    [InlineData("DNS 7 www.example IN WHATEVER? 0/0/0")]
    [InlineData("DNS 7 response NOERROR www.example IN A? 1/0/0", "www.example 60 IN A 192.0.2.256")]
    public void DnsMessageThatWouldBePrintedOtherwiseIsRefused(params string[] lines) => Assert.ThrowsAny<FormatException>(() => PrintedDns.Write(lines));
}
