using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

[Collection("allocations")]
public class FramePrinterTests
{
    public static TheoryData<string, string> Lines => new()
    {
        { "neighbor-solicitation", "00:26:98:2a:dc:c1 > 33:33:ff:01:ca:75, ethertype IPv6 (0x86dd), length 86: IP6 (hlim 255, class 0xc0) "
            + "2604:5f00:ffff:fe00::1 > ff02::1:ff01:ca75: ICMP6, neighbor solicitation, who has 2604:5f00:ffff:fe00::101:ca75, "
            + "options [slla 00:26:98:2a:dc:c1], length 32" },
        { "neighbor-advertisement", "b8:27:eb:5a:af:b7 > 00:26:98:2a:dc:c1, ethertype IPv6 (0x86dd), length 86: IP6 (hlim 255) "
            + "2604:5f00:ffff:fe00::101:ca75 > 2604:5f00:ffff:fe00::1: ICMP6, neighbor advertisement, "
            + "tgt is 2604:5f00:ffff:fe00::101:ca75, flags [solicited,override], options [tlla b8:27:eb:5a:af:b7], length 32" },
        { "router-advertisement", "00:26:98:2a:dc:c1 > 33:33:00:00:00:01, ethertype IPv6 (0x86dd), length 118: IP6 (hlim 255, class 0xc0) "
            + "fe80::226:98ff:fe2a:dcc1 > ff02::1: ICMP6, router advertisement, hop limit 64, flags [none], pref medium, "
            + "router lifetime 1800s, reachable time 0ms, retrans timer 0ms, options [slla 00:26:98:2a:dc:c1; "
            + "prefix 2604:5f00:ffff:fe00::/64 flags [onlink,auto] valid 2592000s preferred 604800s; mtu 1500], length 64" },
        { nameof(KnownFrames.TcpOverIpv4), "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 74: "
            + "IP (ttl 64, id 4660, DF) 192.0.2.1.12345 > 198.51.100.2.80: Flags [S], seq 1, win 64240, "
            + "options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7], length 0" },
        { nameof(KnownFrames.TcpInVlan), "02:00:00:00:00:01 > 02:00:00:00:00:02, svlan 100, vlan 5, p 1, ethertype IPv6 (0x86dd), length 102: "
            + "IP6 (hlim 255) 2001:db8::1.12345 > 2001:db8::2.80: Flags [S], seq 1, win 64240, "
            + "options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7], length 0" },
        { nameof(KnownFrames.EchoOverIpv4), "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 47: "
            + "IP (ttl 64, id 4660, DF) 192.0.2.1 > 198.51.100.2: ICMP echo request, id 4660, seq 1, length 13" },
        { nameof(KnownFrames.Ipv4WithOptions), "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 55: "
            + "IP (ttl 64, id 4660, DF, options [RA 0x0000,NOP,unknown-134 0x0a,EOL]) 192.0.2.1.5001 > 198.51.100.2.53: UDP, length 1" },
        { nameof(KnownFrames.HopByHop), "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv6 (0x86dd), length 71: "
            + "IP6 (hlim 255) 2001:db8::1.5001 > 2001:db8::2.53: HBH [rtalert 0x0000,padn 0] UDP, length 1" },
        { nameof(KnownFrames.MobileHomeAddress), "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv6 (0x86dd), length 118: "
            + "IP6 (hlim 255) 2001:db8::1.12345 > 2001:db8::2.80: RT (type 2, segleft 1, 2001:db8:2::bb) Flags [S], seq 1, win 64240, "
            + "options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7], length 0" },
        { nameof(KnownFrames.AtomicFragment), "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv6 (0x86dd), length 72: "
            + "IP6 (hlim 255) 2001:db8::1 > 2001:db8::2: frag (id 0x12345678, 0) ICMP6, echo request, id 4660, seq 1, length 10" },
        { nameof(KnownFrames.RouterAdvertisement), "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv6 (0x86dd), length 182: "
            + "IP6 (hlim 255) 2001:db8::1 > 2001:db8::2: ICMP6, router advertisement, hop limit 64, flags [managed,other,home agent], "
            + "pref low, router lifetime 1800s, reachable time 30000ms, retrans timer 1000ms, options [slla 02:00:00:00:00:01; "
            + "mtu 1500; prefix 2001:db8:1::/64 flags [onlink,auto] valid 2592000s preferred 604800s; "
            + "route 2001:db8:2::/48 pref high lifetime 3600s; rdnss lifetime 3600s 2001:db8::53; "
            + "dnssl lifetime 3600s example a.b], length 128" },
        { nameof(KnownFrames.Redirect), "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv6 (0x86dd), length 118: "
            + "IP6 (hlim 255) 2001:db8::1 > 2001:db8::2: ICMP6, redirect, 2001:db8:2::bb to 2001:db8:1::aa, "
            + "options [tlla 02:00:00:00:00:09; redirected header, length 8], length 64" },
    };

    public static TheoryData<string, string> Stops => new()
    {
        { "", "[runt, length 0]" },
        { "020000000002 020000000001 88b5 0102", "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype (0x88b5), length 16: [unknown EtherType]" },
        { "020000000002 020000000001 0026 4242", "02:00:00:00:00:01 > 02:00:00:00:00:02, 802.3 length 38, length 16: [unknown EtherType]" },
        { "020000000002 020000000001 8100 00", "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype 802.1Q (0x8100), length 15: "
            + "[VLAN tag cut short or stacked too deep]" },
        { "020000000002 020000000001 0800 45000014", "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 18: "
            + "[network header cut short or contradictory]" },
        { "020000000002 020000000001 0806 0001 0800 0604 0001 020000000001 c0000201 000000000000 c0000202",
            "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype ARP (0x0806), length 42: "
            + "ARP, Request who-has 192.0.2.2 tell 192.0.2.1, length 28" },
        { "020000000002 020000000001 0806 0001 0800 0604 0002 020000000001 c0000201 020000000002 c0000202",
            "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype ARP (0x0806), length 42: "
            + "ARP, Reply 192.0.2.1 is-at 02:00:00:00:00:01, length 28" },
        { "020000000002 020000000001 0800 45000018 12340010 40110000 c0000201 c6336402 00000000",
            "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 38: "
            + "IP (ttl 64, id 4660, frag 128) 192.0.2.1 > 198.51.100.2: UDP (17), length 4 [later fragment]" },
        { "020000000002 020000000001 0800 45000018 12340000 402f0000 c0000201 c6336402 00000000",
            "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 38: "
            + "IP (ttl 64, id 4660) 192.0.2.1 > 198.51.100.2: GRE (47), length 4 [unknown protocol]" },
        { "020000000002 020000000001 0800 45000018 12340000 40060000 c0000201 c6336402 00000000",
            "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 38: "
            + "IP (ttl 64, id 4660) 192.0.2.1 > 198.51.100.2: TCP (6), length 4 [transport header cut short or contradictory]" },
        { "020000000002 020000000001 86dd 60000000 0008 00 40" + KnownFrames.Ipv6Source + KnownFrames.Ipv6Destination + "3a01 000000000000",
            "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv6 (0x86dd), length 62: "
            + "IP6 (hlim 64) 2001:db8::1 > 2001:db8::2: HBH (0), length 8 [extension header cut short]" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void PrintsWhatIsThere(string name, string line)
    {
        byte[] octets = Vectors.Frames.TryGetValue(name, out byte[]? vector) ? vector : KnownFrames.All[name];
        Assert.Equal(line, FramePrinter.Print(octets, LinkType.Ethernet));
        Assert.Equal(line, new Frame(Arrived.Buffer(octets)).ToString());
        Assert.Equal(line[(line.IndexOf("IP", line.IndexOf("length", StringComparison.Ordinal), StringComparison.Ordinal))..],
            FramePrinter.Print(octets.AsSpan(name.Contains("Vlan", StringComparison.Ordinal) ? 22 : 14), LinkType.RawIp));
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public void SaysWhyTheWalkStopped(string hex, string line) => Assert.Equal(line, FramePrinter.Print(Hex.Octets(hex), LinkType.Ethernet));

    [Theory]
    [InlineData("0300 0000 00000000 45000024 12344000 40110000 c0000201 c6336402",
        "ICMP destination unreachable, for 192.0.2.1 > 198.51.100.2, length 28")]
    [InlineData("0304 0000 00000514 45000024 12344000 40110000 c0000201 c6336402",
        "ICMP destination unreachable, code 4, mtu 1300, for 192.0.2.1 > 198.51.100.2, length 28")]
    [InlineData("2a00 0000 00000000", "ICMP type 42, length 8")]
    public void PrintsIcmpv4(string message, string end) =>
        Assert.EndsWith(": " + end, FramePrinter.Print(KnownFrames.Ipv4().Payload(IpProtocol.Icmpv4, Hex.Octets(message)).ToArray(), LinkType.Ethernet), StringComparison.Ordinal);

    [Theory]
    [InlineData("0200 0000 00000500 60000000 0000 3b 40" + KnownFrames.Ipv6Source + KnownFrames.Ipv6Destination,
        "ICMP6, packet too big, mtu 1280, for 2001:db8::1 > 2001:db8::2, length 48")]
    [InlineData("8501 0000 00000000", "ICMP6, malformed router solicitation, code 1, length 8")]
    [InlineData("8500 0000 00000000 0100 020000000001", "ICMP6, router solicitation, options [[malformed]], length 16")]
    [InlineData("8500 0000 00000000 2a01 020000000001", "ICMP6, router solicitation, options [option 42, length 8], length 16")]
    [InlineData("8700 0000 00000000", "ICMP6, malformed neighbor solicitation, length 8")]
    public void PrintsIcmpv6(string message, string end) =>
        Assert.EndsWith(": " + end, FramePrinter.Print(KnownFrames.Ipv6().Payload(IpProtocol.Icmpv6, Hex.Octets(message)).ToArray(), LinkType.Ethernet), StringComparison.Ordinal);

    [Fact]
    public void EveryTruncationPrints()
    {
        foreach (byte[] octets in Vectors.Frames.Values.Concat(KnownFrames.All.Values))
        {
            for (int length = 0; length <= octets.Length; length++)
            {
                Assert.NotEmpty(FramePrinter.Print(octets.AsSpan(0, length), LinkType.Ethernet));
                Assert.NotEmpty(FramePrinter.Print(octets.AsSpan(Math.Min(14, length), Math.Max(0, length - 14)), LinkType.RawIp));
            }
        }
    }

    [Fact]
    public void AnyOctetsPrintAndAreLeftAlone()
    {
        byte[][] seeds = [.. Vectors.Frames.Values, .. KnownFrames.All.Values];
        var random = new Random(6);
        char[] line = new char[FramePrinter.MaxLength];
        byte[] octets = new byte[512];
        byte[] copy = new byte[512];
        for (int i = 0; i < 120_000; i++)
        {
            int end = Mutate(octets, seeds, random);
            octets.CopyTo(copy, 0);
            LinkType linkType = i % 2 == 0 ? LinkType.Ethernet : LinkType.RawIp;
            int start = linkType == LinkType.RawIp ? Math.Min(14, end) : 0;
            FramePrinter.TryFormat(octets.AsSpan(start..end), linkType, line, out int length);
            Assert.InRange(length, 1, line.Length);
            Assert.True(octets.AsSpan().SequenceEqual(copy));
        }
    }

    [Fact]
    public void CutsWhatDoesNotFitAtEveryLength()
    {
        foreach (byte[] octets in Vectors.Frames.Values.Concat(KnownFrames.All.Values))
        {
            string whole = FramePrinter.Print(octets, LinkType.Ethernet);
            char[] line = new char[whole.Length];
            for (int room = 0; room <= whole.Length; room++)
            {
                bool fitted = FramePrinter.TryFormat(octets, LinkType.Ethernet, line.AsSpan(0, room), out int length);
                Assert.Equal(room == whole.Length, fitted);
                Assert.Equal(whole[..room], line.AsSpan(0, length).ToString());
            }
        }
    }

    [Fact]
    public void LineTooLongForPrintEndsInAnEllipsis()
    {
        string servers = string.Concat(Enumerable.Repeat(KnownFrames.OtherAddress, 127));
        string options = string.Concat(Enumerable.Repeat("19ff 0000 00000001" + servers, 3));
        string line = FramePrinter.Print(KnownFrames.Ipv6().RouterSolicitation().Payload(Hex.Octets(options)).ToArray(), LinkType.Ethernet);
        Assert.Equal(FramePrinter.MaxLength, line.Length);
        Assert.EndsWith("…", line, StringComparison.Ordinal);
    }

    [Fact]
    public void FormattingAllocatesNothing()
    {
        char[] line = new char[FramePrinter.MaxLength];
        foreach ((string name, byte[] octets) in Vectors.Frames.Concat(KnownFrames.All))
        {
            FramePrinter.TryFormat(octets, LinkType.Ethernet, line, out _);
            long allocated = Allocation.In(() => FramePrinter.TryFormat(octets, LinkType.Ethernet, line, out _));
            Assert.True(allocated == 0, $"{name} allocated {allocated} octets.");
        }
    }

    private static int Mutate(byte[] octets, byte[][] seeds, Random random)
    {
        int length = random.Next(octets.Length);
        random.NextBytes(octets);
        if (random.Next(4) == 0)
            return length;

        byte[] seed = seeds[random.Next(seeds.Length)];
        seed.CopyTo(octets, 0);
        for (int i = random.Next(6); i > 0; i--)
            octets[random.Next(seed.Length)] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next(256) };
        return random.Next(4) == 0 ? random.Next(seed.Length + 1) : seed.Length;
    }
}
