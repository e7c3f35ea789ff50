using System.Reflection;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>Every view says what it is, in a string and in a log line, without allocating there.</summary>
[Collection("allocations")]
public sealed class ViewTextTests
{
    private readonly BridgeJournal _journal = new();
    private readonly RuleInstance _context;

    public ViewTextTests() =>
        _context = new RuleInstance("rule", new RuleCounters(), new RuleServices(_journal, TimeProvider.System, new Random(1)));

    /// <summary>All but what is no header and no part of one.</summary>
    public static TheoryData<string> Views => [.. typeof(Frame).Assembly.GetExportedTypes()
        .Where(type => type.IsByRefLike && type.DeclaringType is null
            && type.Name is not (nameof(Offload) or nameof(ChecksumField) or nameof(LogInterpolation) or nameof(DnsAnswer)))
        .Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Views))]
    public void ViewFormatsItself(string name) =>
        Assert.True(typeof(ISpanFormattable).IsAssignableFrom(Array.Find(typeof(Frame).Assembly.GetExportedTypes(), type => type.Name == name)));

    [Theory]
    [MemberData(nameof(FramesWithEveryView.Names), MemberType = typeof(FramesWithEveryView))]
    public void EveryViewOfAFrameSaysSomething(string sample)
    {
        foreach (ViewPath path in ViewPath.Of(() => FramesWithEveryView.Load(sample)).Where(path => !path.View.IsNested))
        {
            string text = path.Text(FramesWithEveryView.Load(sample));
            Assert.True(text is not null && !text.StartsWith("Fluke6.", StringComparison.Ordinal), $"{path}: {text}");
            Assert.True(text.Length > 0 || path.View == typeof(Ipv6ExtensionHeaders) || path.View == typeof(NeighborDiscoveryOptions)
                || path.View == typeof(DnsQuestions) || path.View == typeof(DnsRecords) || path.View == typeof(Ipv4Options)
                || path.View == typeof(TcpOptions), $"{path}");
        }
    }

    [Theory]
    [InlineData("router advertisement", "Options", "slla 02:00:00:00:00:01; mtu 1500; prefix 2001:db8:1::/64 flags [onlink,auto] valid 2592000s preferred 604800s; "
        + "route 2001:db8:2::/48 pref high lifetime 3600s; rdnss lifetime 3600s 2001:db8::53; dnssl lifetime 3600s example a.b; "
        + "pref64 64:ff9b::/96 lifetime 1800s; encrypted dns priority 1 lifetime 3600s dns")]
    [InlineData("DNS addresses", "Records", ". 60 IN A 192.0.2.1; . 60 IN AAAA 2001:db8:0:1::1")]
    [InlineData("DNS alias", "Questions", "abc IN A")]
    [InlineData("DNS alias", "Records", "abc 60 IN CNAME xyz")]
    [InlineData("DNS authority", "Records", ". 60 IN SOA nss ops 1 2 3 4 5")]
    [InlineData("DNS authority", "DnsStartOfAuthority", "nss ops 1 2 3 4 5")]
    [InlineData("DNS text", "DnsStrings", "\"abc\"")]
    [InlineData("DNS service", "DnsService", "1 abc ipv4hint=192.0.2.1 ipv6hint=2001:db8::1 key65535")]
    [InlineData("DNS service", "DnsServiceParameters", "ipv4hint=192.0.2.1 ipv6hint=2001:db8::1 key65535")]
    [InlineData("DNS service", "DnsIpv6Hints", "2001:db8::1")]
    [InlineData("EDNS", "DnsEdns", "EDNS version 0, flags do, udp 1232, CLIENT-SUBNET 192.0.2.0/24/0")]
    [InlineData("EDNS", "DnsClientSubnet", "192.0.2.0/24/0")]
    [InlineData("extension headers", "ExtensionHeaders",
        "HBH [rtalert 0x0000,padn 0] RT (type 3, segleft 0) frag (id 0xcafebabe, 0) DSTOPT [padn 12] ")]
    public void ListsAndPartsSayWhatTheyHold(string sample, string view, string text) =>
        Assert.Contains(text, ViewPath.Of(() => FramesWithEveryView.Load(sample))
            .Where(path => path.View.Name == view || path.ToString().EndsWith("get_" + view, StringComparison.Ordinal))
            .Select(path => path.Text(FramesWithEveryView.Load(sample))));

    [Fact]
    public void TcpAndItsLayersAreLogged()
    {
        var frame = new Frame(new FrameShape { TcpOptions = FrameShapes.LinuxSyn, TcpFlags = 2, VlanTags = 1 }.ToBuffer());
        Assert.True(frame.TryGetTcp(out TcpHeader tcp) & frame.TryGetIpv4(out Ipv4Header ip) & frame.TryGetEthernet(out EthernetHeader ethernet) & frame.TryGetVlanTag(out VlanTag tag));
        _context.Log($"{ethernet}|{tag}|{ip}|{tcp}|{tcp.Options}|{ip.Source}");
        Assert.Equal(
            "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype 802.1Q (0x8100)|vlan 5, p 1, ethertype IPv4 (0x0800)|"
            + "IP (ttl 57, id 4660, DF) 192.0.2.1 > 198.51.100.2: TCP (6)|"
            + "40000 > 80: Flags [S], seq 16909060, win 64240, options [mss 1460,sackOK,TS val 305419896 ecr 0,nop,wscale 7]|"
            + "mss 1460,sackOK,TS val 305419896 ecr 0,nop,wscale 7|192.0.2.1",
            Logged());
        _context.Log($"{frame}");
        Assert.Equal(frame.ToString(), Logged());
        Assert.Equal("40000 > 80: Flags [S]", tcp.ToString()[..21]);
    }

    [Fact]
    public void NeighborDiscoveryIsLogged()
    {
        Frame frame = new(Arrived.Buffer(KnownFrames.RouterAdvertisement));
        Assert.True(frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement) & frame.TryGetIcmpv6(out Icmpv6Header icmp) & frame.TryGetIpv6(out Ipv6Header ip));
        Assert.True(advertisement.Options.TryGetPrefixInformation(out PrefixInformation prefix));
        Assert.Equal(advertisement.ToString(), icmp.ToString());
        Assert.StartsWith("ICMP6, router advertisement, hop limit ", advertisement.ToString());
        Assert.Contains(prefix.ToString(), advertisement.ToString());
        Assert.StartsWith("prefix ", prefix.ToString());
        _context.Log($"{prefix}");
        Assert.Equal(prefix.ToString(), Logged());
        Assert.StartsWith("IP6 (hlim ", ip.ToString());
        foreach (NeighborDiscoveryOption option in advertisement.Options)
            Assert.Contains(option.ToString(), advertisement.ToString());
    }

    [Fact]
    public void DnsIsLoggedAsDigPrintsIt()
    {
        byte[] message = Hex.Octets("1234 8180 0001 0001 0000 0000 03777777 07657861 6d706c65 00 001c 0001 c00c 001c 0001 0000003c 0010 20010db8000000000000000000000001");
        Assert.True(DnsMessage.TryRead(message, out DnsMessage dns));
        Assert.Equal("DNS 4660 response NOERROR www.example IN AAAA? 1/0/0", dns.ToString());
        foreach (DnsRecord record in dns.Records)
        {
            _context.Log($"{record.Name}|{record}");
            Assert.Equal("www.example|www.example 60 IN AAAA 2001:db8::1", Logged());
        }
    }

    [Fact]
    public void LogOfViewsAllocatesNothing()
    {
        FrameBuffer buffer = new FrameShape { TcpOptions = FrameShapes.LinuxSyn }.ToBuffer();
        Log();
        Assert.Equal(0, Allocation.In(Log));

        void Log()
        {
            var frame = new Frame(buffer);
            Assert.True(frame.TryGetTcp(out TcpHeader tcp) & frame.TryGetIpv4(out Ipv4Header ip));
            for (int i = 0; i < 100; i++)
                _context.Log($"{tcp} {ip} {frame}");
        }
    }

    [Fact]
    public void TextThatDoesNotFitIsCutAndNothingFollows()
    {
        var frame = new Frame(new FrameShape { TcpOptions = FrameShapes.LinuxSyn }.ToBuffer());
        string text = frame.ToString();
        var line = new char[40];
        Assert.False(frame.TryFormat(line, out int length, default, null));
        Assert.Equal(text[..40], new string(line[..length]));
        _context.Log($"{new string('x', LogRing.MaxLineLength - 10)}{frame}{1}");
        Assert.Equal(new string('x', LogRing.MaxLineLength - 10) + text[..10], Logged());
    }

    private string Logged()
    {
        Assert.True(_journal.TryRead(out JournalNote note));
        return Assert.IsType<LogNote>(note).Message;
    }
}
