using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Rules;

/// <summary>Each option and field of an advertisement that hosts keep is taken back; forged advertisements are not remembered.</summary>
public sealed class RecoveredOptionTests
{
    private const string Prefix = "0304 40c0 00015180 00003840 00000000 20010db8000100000000000000000000";
    private const int OptionsOffset = 14 + 40 + 16;

    private readonly RouterAdvertisementRecovery _recovery = new();
    private readonly FrameBuffer _buffer = new(new FrameUndo());

    // The option as the router sends it, where the rule writes what, and the option as it is withdrawn.
    [Theory]
    // PREF64, lifetime 1,800 s (225 units of 8 s), /96 and /64. RFC 8781 §4.
    [InlineData("2602 0708 0064ff9b0000000000000000", 4, "20010db80064", "2602 0000 20010db80064000000000000")]
    [InlineData("2602 0709 0064ff9b0000000000000000", 4, "20010db80064", "2602 0001 20010db80064000000000000")]
    // The same prefix with another length is another one.
    [InlineData("2602 0709 20010db80064000000000000", 3, "08", "2602 0000 20010db80064000000000000")]
    // Encrypted DNS: priority 1, 600 s, ADN dns.foo. RFC 9463 §6.1.
    [InlineData("9003 0001 00000258 0009 03646e7303666f6f00 0000000000", 15, "62", "9003 0001 00000000 0009 03646e7303626f6f00 0000000000")]
    // Prefix, route, RDNSS and DNSSL as ever.
    [InlineData(Prefix, 16, "20010db80002", "0304 40c0 00000000 00000000 00000000 20010db8000200000000000000000000")]
    [InlineData("1802 3000 00000708 20010db800010000", 8, "20010db80002", "1802 3000 00000000 20010db800020000")]
    [InlineData("1903 0000 000004b0 20010db8000100000000000000000053", 23, "54", "1903 0000 00000000 20010db8000100000000000000000054")]
    [InlineData("1f02 0000 000004b0 0361626300000000", 9, "64", "1f02 0000 00000000 0364626300000000")]
    public void OptionThatWasGivenIsWithdrawnAndTheRoutersOwnIsBack(string own, int at, string written, string withdrawn)
    {
        byte[] frame = Advertisement(own);
        Meet(frame, frame => EditOption(frame, option => option.Write(at - 2, Hex.Octets(written))));

        List<byte[]> sent = Send();

        Assert.Equal(2, sent.Count);
        Assert.Equal(Hex.Of(Hex.Octets(withdrawn)), Hex.Of(sent[0].AsSpan(OptionsOffset)));
        Assert.Equal(Hex.Of(frame), Hex.Of(sent[1]));
        Assert.All(sent, octets => Assert.Equal(0, NaiveSum.TransportError(octets)));
    }

    [Theory]
    [InlineData("2602 0708 0064ff9b0000000000000000", "0708", "0010")]
    [InlineData("9003 0001 00000258 0009 03646e7303666f6f00 0000000000", "0001 00000258", "0002 00000001")]
    public void OptionThatTheRouterAdvertisesWithAnotherLifetimeIsNotWithdrawn(string own, string lifetime, string given)
    {
        byte[] frame = Advertisement(own);
        Assert.Contains(lifetime, own);
        Meet(frame, frame => EditOption(frame, option => option.Write(0, Hex.Octets(given))));
        Assert.Equal(Hex.Of(frame), Hex.Of(Assert.Single(Send())));
    }

    // Hosts keep a default router, and its prefixes and routes, until lifetimes of its own end: RFC 4861 §6.3.4, RFC 4191 §2.3. The router's
    // own advertisement says nothing of one whom a rule made up.
    [Fact]
    public void RouterThatARuleMadeUpIsWithdrawnWithAllThatItSaid()
    {
        Ipv6Address alleged = Ipv6Address.Parse("fe80::bad");
        byte[] frame = Advertisement(Prefix, new RouterAdvertisementFields { RouterLifetime = 1800 });
        Meet(frame, frame => GiveSource(frame, alleged));
        // Another one, made up as well: both are withdrawn.
        Meet(frame, frame => GiveSource(frame, Ipv6Address.Parse("fe80::bae")));

        List<byte[]> sent = Send();

        Assert.Equal(3, sent.Count);
        Assert.Equal(["fe80::bad", "fe80::bae"], sent[..2].Select(octets => Ipv6Address.Read(octets.AsSpan(14 + 8)).ToString()));
        foreach (byte[] withdrawn in sent[..2])
        {
            Assert.Equal(0, ReadUInt16BigEndian(withdrawn.AsSpan(14 + 40 + 6)));
            Assert.Equal(0ul, ReadUInt64BigEndian(withdrawn.AsSpan(OptionsOffset + 4)));
            Assert.Equal(0, NaiveSum.TransportError(withdrawn));
        }

        Assert.Equal(Hex.Of(frame), Hex.Of(sent[2]));

        static void GiveSource(Frame frame, Ipv6Address source)
        {
            Assert.True(frame.TryGetIpv6(out Ipv6Header ipv6));
            ipv6.Source = source;
        }
    }

    // What the router leaves unspecified goes back to its default. RFC 4861 §6.3.4, §10; IANA: a hop limit of 64.
    [Fact]
    public void ValueThatTheRouterLeavesToTheHostGoesBackToItsDefault()
    {
        // The option becomes one of the MTU: the router has none.
        byte[] frame = Advertisement("fd01 0000 00000514", new RouterAdvertisementFields { CurrentHopLimit = 0 });
        Meet(frame, mtu: 1400, edit: frame =>
        {
            Assert.True(frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement));
            (advertisement.CurrentHopLimit, advertisement.ReachableTime, advertisement.RetransTimer) = (3, 5, 7);
            EditOption(frame, option => option.Type = NeighborDiscoveryOptionType.Mtu);
        });

        List<byte[]> sent = Send();

        Assert.Equal(2, sent.Count);
        Assert.Equal(
            Hex.Of(Advertisement("0501 0000 00000578", new RouterAdvertisementFields { ReachableTime = 30_000, RetransTimer = 1_000 })),
            Hex.Of(sent[0]));
        Assert.Equal(Hex.Of(frame), Hex.Of(sent[1]));
    }

    /// <summary>Advertisements that hosts discard, from the routers 0 to 99.</summary>
    private static readonly Dictionary<string, Func<int, byte[]>> s_forged = new()
    {
        ["hop limit 64"] = i => Ipv6(Router(i), 64).RouterAdvertisement().Payload(Hex.Octets(Prefix)).ToArray(),
        ["hop limit 254"] = i => Ipv6(Router(i), 254).RouterAdvertisement().Payload(Hex.Octets(Prefix)).ToArray(),
        ["from a global address"] = i => Advertisement(Prefix, source: $"2001:db8::1{i:x2}"),
        ["from nobody"] = _ => Advertisement(Prefix, source: "::"),
        ["from a site-local address"] = i => Advertisement(Prefix, source: $"fec0::1{i:x2}"),
        ["wrong checksum"] = i => WithWrongChecksum(Advertisement(Prefix, source: Router(i))),
        ["code 1"] = i => Ipv6(Router(i)).Icmpv6(new Icmpv6Fields(Icmpv6Type.RouterAdvertisement, 1, 0x4000_0708))
            .Payload([.. new byte[8], .. Hex.Octets(Prefix)]).ToArray(),
        ["cut short"] = i => Ipv6(Router(i)).Icmpv6(new Icmpv6Fields(Icmpv6Type.RouterAdvertisement, 0, 0x4000_0708)).Payload(new byte[7]).ToArray(),
        ["option without length"] = i => Advertisement(Prefix + "1900000000000000", source: Router(i)),
        ["option past the end"] = i => Advertisement(Prefix + "1909000000000000", source: Router(i)),
        ["fragment header"] = i => Ipv6(Router(i)).Fragment(new FragmentFields(1)).RouterAdvertisement().Payload(Hex.Octets(Prefix)).ToArray(),
    };

    public static TheoryData<string> Forged => [.. s_forged.Keys];

    // RFC 4861 §6.1.2, RFC 6980 §5.
    [Theory]
    [MemberData(nameof(Forged))]
    public void AdvertisementThatHostsDiscardPushesNoRouterOut(string forged)
    {
        byte[] frame = Advertisement(Prefix);
        Meet(frame, GiveOther);
        for (int i = 0; i < 100; i++)
            Meet(s_forged[forged](i), GiveOther);

        List<byte[]> sent = Send();
        Assert.Equal(2, sent.Count);
        Assert.Equal(Hex.Of(frame), Hex.Of(sent[1]));
    }

    // A forged one in the router's name does not become its last word either.
    [Fact]
    public void AdvertisementThatHostsDiscardIsNotTheRoutersLastWord()
    {
        byte[] frame = Advertisement(Prefix);
        Meet(frame, GiveOther);
        Meet(Ipv6("fe80::1", 254).RouterAdvertisement(new RouterAdvertisementFields { CurrentHopLimit = 1 }).Payload(Hex.Octets(Prefix)).ToArray(), _ => { });
        Assert.Equal(Hex.Of(frame), Hex.Of(Send()[1]));
    }

    private static string Router(int number) => $"fe80::{number + 2:x}";

    private static Packet<Ipv6Fields> Ipv6(string source, byte hopLimit = 255) =>
        Packet.Ethernet(MacAddress.Parse("02:00:00:00:00:0a")).Ipv6(Ipv6Address.Parse(source), Ipv6Address.AllNodes, hopLimit);

    private static byte[] Advertisement(string options, RouterAdvertisementFields? fields = null, string source = "fe80::1") =>
        Ipv6(source).RouterAdvertisement(fields ?? new RouterAdvertisementFields()).Payload(Hex.Octets(options)).ToArray();

    private static byte[] WithWrongChecksum(byte[] octets)
    {
        (int field, ushort value) = NaiveSum.Recompute(octets);
        WriteUInt16BigEndian(octets.AsSpan(field), NaiveSum.Add(value, 1));
        return octets;
    }

    private static void GiveOther(Frame frame)
    {
        if (frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement)
            && advertisement.Options.TryGetPrefixInformation(out PrefixInformation information))
        {
            information.Prefix = Ipv6Prefix.Parse("2001:db8:2::/64");
        }
    }

    private static void EditOption(Frame frame, OptionEdit edit)
    {
        Assert.True(frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement));
        foreach (NeighborDiscoveryOption option in advertisement.Options)
            edit(option);
    }

    private void Meet(byte[] octets, FrameEdit edit, int mtu = 1500)
    {
        _buffer.Load(octets, LinkType.Ethernet, Side.Left, mtu);
        _buffer.BeginRule();
        var frame = new Frame(_buffer);
        edit(frame);
        _recovery.Remember(in frame);
        _buffer.EndRule();
    }

    private List<byte[]> Send()
    {
        var sent = new List<byte[]>();
        _recovery.Send((_, octets) => sent.Add(octets.ToArray()));
        return sent;
    }

    private delegate void FrameEdit(Frame frame);

    private delegate void OptionEdit(NeighborDiscoveryOption option);
}
