using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Testing.Packets;

/// <summary>Valid Ethernet frames of every kind that has a view, as hosts send them.</summary>
internal static class KnownFrames
{
    public const string Ipv6Source = "20010db8000000000000000000000001";
    public const string Ipv6Destination = "20010db8000000000000000000000002";
    public const string OtherAddress = "20010db80001000000000000000000aa";
    public const string FinalAddress = "20010db80002000000000000000000bb";

    /// <summary>Where SACK-permitted stands in <see cref="TcpOverIpv4"/>.</summary>
    public const int SackPermittedOffset = 14 + 20 + 20 + 4;

    /// <summary>Where the TCP checksum stands in <see cref="TcpOverIpv4"/>.</summary>
    public const int TcpChecksumOffset = 14 + 20 + 16;

    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01"), s_other = MacAddress.Parse("02:00:00:00:00:02");
    private static readonly Ipv6Address s_via = Address(OtherAddress), s_final = Address(FinalAddress);

    /// <summary>A SYN, its options in Linux's order: MSS, SACK-permitted, timestamps, NOP, window scale.</summary>
    public static byte[] TcpOverIpv4 => Syn(Ipv4()).ToArray();

    public static byte[] TcpOverIpv6 => Syn(Ipv6()).ToArray();

    public static byte[] TcpWithPayload =>
        Ipv6().Tcp(12345, 80, TcpFlags.Ack | TcpFlags.Psh, 1, 2, window: 64240).Payload("Hello"u8).ToArray();

    public static byte[] TcpInVlan => Syn(
        Packet.Ethernet(s_mac, s_other).Vlan(100, protocolIdentifier: EtherType.Dot1Ad).Vlan(5, priority: 1)
            .Ipv6(Address(Ipv6Source), Address(Ipv6Destination), hopLimit: 255)).ToArray();

    /// <summary>A bare ACK over IPv4, without options, padded to the 60 octets of Ethernet.</summary>
    public static byte[] Ack => [.. Ipv4().Tcp(40000, 5001, TcpFlags.Ack, 1, 1, window: 256).ToArray(), .. new byte[6]];

    /// <summary>An ACK with timestamps over IPv6.</summary>
    public static byte[] AckOverIpv6 => Ipv6().Tcp(40000, 5001, TcpFlags.Ack, 1, 1, window: 256)
        .NoOperation().NoOperation().Timestamps(1, 1).ToArray();

    public static byte[] UdpOverIpv4 => Ipv4().Udp(5001, 53).Payload("Hello"u8).ToArray();

    public static byte[] UdpOverIpv6 => Ipv6().Udp(5001, 53).Payload("Hello"u8).ToArray();

    /// <summary>A DNS-sized datagram without a checksum, after one VLAN tag.</summary>
    public static byte[] TaggedUdp => Packet.Ethernet(s_mac, s_other).Vlan(6)
        .Ipv4(Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("192.0.2.2")).Udp(50000, 53, checksum: false)
        .Payload([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]).ToArray();

    public static byte[] EchoOverIpv4 => Ipv4().EchoRequest(0x1234, 1).Payload("abcde"u8).ToArray();

    public static byte[] EchoOverIpv6 => Ipv6().EchoRequest(0x1234, 1).Payload("abcde"u8).ToArray();

    /// <summary>Router alert, NOP, a security option, end of list.</summary>
    public static byte[] Ipv4WithOptions => Ipv4(
        Ipv4OptionFields.RouterAlert, new(Ipv4OptionKind.NoOperation), new((Ipv4OptionKind)0x86, [10]), new(Ipv4OptionKind.EndOfList))
        .Udp(5001, 53).Payload("H"u8).ToArray();

    public static byte[] HopByHop => Ipv6().HopByHopOptions(Ipv6OptionFields.RouterAlert()).Udp(5001, 53).Payload("H"u8).ToArray();

    public static byte[] SegmentRouting =>
        Syn(Ipv6().Routing(new RoutingFields(RoutingType.SegmentRouting, 1) { Addresses = [s_final, s_via] })).ToArray();

    public static byte[] SourceRoute =>
        Syn(Ipv6().Routing(new RoutingFields(RoutingType.SourceRoute, 1) { Addresses = [s_via, s_final] })).ToArray();

    public static byte[] MobileHomeAddress =>
        Syn(Ipv6().Routing(new RoutingFields(RoutingType.HomeAddress, 1) { Addresses = [s_final] })).ToArray();

    public static byte[] AtomicFragment => Ipv6().Fragment(new FragmentFields(0x1234_5678)).EchoRequest(0x1234, 1).Payload("ab"u8).ToArray();

    public static byte[] RouterAdvertisement => Advertisement(Ipv6()).ToArray();

    public static byte[] Redirect =>
        Ipv6().Redirect(s_via, s_final).TargetLinkLayer(MacAddress.Parse("02:00:00:00:00:09")).RedirectedHeader([0x60, 0, 0, 0, 0, 0, 0, 0]).ToArray();

    public static byte[] Arp => Packet.Ethernet(s_mac)
        .Arp(ArpFields.Request(s_mac, Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("192.0.2.2"))).ToArray();

    public static TheoryData<string> Names => [.. All.Keys];

    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        [nameof(TcpOverIpv4)] = TcpOverIpv4,
        [nameof(TcpOverIpv6)] = TcpOverIpv6,
        [nameof(TcpWithPayload)] = TcpWithPayload,
        [nameof(TcpInVlan)] = TcpInVlan,
        [nameof(UdpOverIpv4)] = UdpOverIpv4,
        [nameof(UdpOverIpv6)] = UdpOverIpv6,
        [nameof(EchoOverIpv4)] = EchoOverIpv4,
        [nameof(EchoOverIpv6)] = EchoOverIpv6,
        [nameof(Ipv4WithOptions)] = Ipv4WithOptions,
        [nameof(HopByHop)] = HopByHop,
        [nameof(SegmentRouting)] = SegmentRouting,
        [nameof(SourceRoute)] = SourceRoute,
        [nameof(MobileHomeAddress)] = MobileHomeAddress,
        [nameof(AtomicFragment)] = AtomicFragment,
        [nameof(RouterAdvertisement)] = RouterAdvertisement,
        [nameof(Redirect)] = Redirect,
    };

    /// <summary>An IPv4 packet to go on from, as that of all these frames.</summary>
    public static Packet<Ipv4Fields> Ipv4(params ReadOnlySpan<Ipv4OptionFields> options) => Packet.Ethernet(s_mac, s_other).Ipv4(
        new Ipv4Fields(Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("198.51.100.2")) { Identification = 0x1234, Options = FieldList.Create(options) });

    /// <summary>An IPv6 packet to go on from, as that of all these frames.</summary>
    public static Packet<Ipv6Fields> Ipv6() => Packet.Ethernet(s_mac, s_other).Ipv6(Address(Ipv6Source), Address(Ipv6Destination), hopLimit: 255);

    /// <summary>A router advertisement with every field set, and most options.</summary>
    public static Packet<RouterAdvertisementFields> Advertisement(Packet<Ipv6Fields> ipv6) => ipv6
        .RouterAdvertisement(new RouterAdvertisementFields
        {
            Managed = true, OtherConfiguration = true, HomeAgent = true, DefaultRouterPreference = RouterPreference.Low, ReachableTime = 30_000, RetransTimer = 1000,
        })
        .SourceLinkLayer(s_mac).Mtu(1500).Prefix(Ipv6Prefix.Parse("2001:db8:1::/64"))
        .Route(Ipv6Prefix.Parse("2001:db8:2::/48"), RouterPreference.High, lifetime: 3600)
        .Option(new RecursiveDnsServersFields([Ipv6Address.Parse("2001:db8::53")]) { Lifetime = 3600 })
        .Option(new DnsSearchListFields([DnsName.Parse("example"), DnsName.Parse("a.b")]) { Lifetime = 3600 });

    private static Packet<TcpFields> Syn<T>(Packet<T> network)
        where T : INetworkFields
        => network.Tcp(12345, 80, TcpFlags.Syn, sequence: 1, window: 64240)
            .MaximumSegmentSize(1460).SackPermitted().Timestamps(1, 0).NoOperation().WindowScale(7);

    private static Ipv6Address Address(string digits) => Ipv6Address.Read(Convert.FromHexString(digits));

    /// <summary>A client looks for servers: an option of more than 255 octets, and options in the fields of file and server name.</summary>
    public static byte[] DhcpDiscover { get; } = Packet.Ethernet(DhcpClient).Ipv4(Ipv4Address.Any, Ipv4Address.Broadcast).Udp(68, 67)
        .Dhcpv4(Dhcpv4Fields.Request(Dhcpv4MessageType.Discover, 0x1234_5678, DhcpClient,
            Dhcpv4OptionFields.Of((Dhcpv4OptionCode)5, Ipv4Address.Parse("192.0.2.5")),
            Dhcpv4OptionFields.Of(Dhcpv4OptionCode.RequestedAddress, Ipv4Address.Parse("192.0.2.100")),
            new Dhcpv4OptionFields(Dhcpv4OptionCode.VendorInformation, new byte[300]),
            Dhcpv4OptionFields.Of(Dhcpv4OptionCode.HostName, "box"))).ToArray();

    /// <summary>A client wants an address and a prefix.</summary>
    public static byte[] Dhcpv6Solicit { get; } = Dhcpv6Client.Dhcpv6(Solicit).ToArray();

    /// <summary>The same as a relay hands it on.</summary>
    public static byte[] Dhcpv6Relayed { get; } = Dhcpv6Client.Dhcpv6(
        new Dhcpv6RelayFields(Dhcpv6MessageType.RelayForward, Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("fe80::1"))
        {
            Options = [new Dhcpv6OptionFields(Dhcpv6OptionCode.InterfaceIdentifier, [1, 2, 3]), Dhcpv6RelayFields.Carrying(Solicit)],
        }).ToArray();

    /// <summary>What a browser begins with.</summary>
    /// <param name="recordLength">How much of it a record holds.</param>
    public static byte[] ClientHello(int recordLength) => Packet.Ethernet(DhcpClient, MacAddress.Parse("02:00:00:00:00:02"))
        .Ipv4(Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("198.51.100.2")).Tcp(40000, 443, TcpFlags.Ack | TcpFlags.Psh)
        .TlsClientHello(new TlsClientHelloFields(
        [
            TlsExtensionFields.ServerName("www.example.net"), TlsExtensionFields.ApplicationProtocols("h2", "http/1.1"),
            new TlsExtensionFields((TlsExtensionType)5, [1, 0, 0, 0, 0]), TlsExtensionFields.SupportedVersions(0x0304, 0x0303),
        ])
        {
            RecordLength = recordLength, SessionId = [1, 2, 3], Random = [9, 8, 7],
        }).ToArray();

    private static MacAddress DhcpClient => MacAddress.Parse("02:00:00:00:00:01");

    private static Packet<UdpFields> Dhcpv6Client =>
        Packet.Ethernet(DhcpClient).Ipv6(Ipv6Address.Parse("fe80::1"), Ipv6Address.Parse("ff02::1:2")).Udp(546, 547);

    private static Dhcpv6Fields Solicit => new(Dhcpv6MessageType.Solicit, 0xABCDEF)
    {
        Options =
        [
            Dhcpv6OptionFields.Of(Dhcpv6OptionCode.ClientIdentifier, DhcpClient),
            new Dhcpv6AssociationFields(7)
            {
                RenewAfter = 100, RebindAfter = 200,
                Options = [new Dhcpv6AddressFields(Ipv6Address.Parse("2001:db8::7"), 300, 400) { Options = [new Dhcpv6StatusFields(Dhcpv6StatusCode.NoBinding, "no")] }],
            },
            new Dhcpv6AssociationFields(8, Dhcpv6OptionCode.PrefixDelegation) { Options = [new Dhcpv6PrefixFields(Ipv6Prefix.Parse("2001:db8:1::/56"), 300, 400)] },
            new Dhcpv6AddressFields(Ipv6Address.Parse("2001:db8::9")),
            new Dhcpv6PrefixFields(Ipv6Prefix.Parse("2001:db8:2::/56")),
            new Dhcpv6DnsServersFields([Ipv6Address.Parse("2001:db8::53"), Ipv6Address.Parse("2001:db8::54")]),
            new Dhcpv6StatusFields(Dhcpv6StatusCode.NoAddressesAvailable, "none"),
        ],
    };
}
