using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class NeighborDiscoveryOptionTests
{
    [Fact]
    public void LinkLayerAddress()
    {
        byte[] octets = Solicitation("0201 a5a5a5a5a5a5");
        Assert.True(Options(octets).TryGetLinkLayerAddress(out LinkLayerAddressOption option));
        Assert.Equal(NeighborDiscoveryOptionType.TargetLinkLayerAddress, option.Type);
        option.Address = MacAddress.Parse("02:00:00:00:00:01");
        Assert.Equal("02:00:00:00:00:01", option.Address.ToString());
        Assert.Equal("0201020000000001", Hex.Of(octets.AsSpan(8)));
        Assert.False(Options(Solicitation("0102 0200000000010000000000000000")).TryGetLinkLayerAddress(out _));
    }

    [Fact]
    public void PrefixInformation()
    {
        byte[] octets = Solicitation("0304" + string.Concat(Enumerable.Repeat("a5", 30)));
        Assert.True(Options(octets).TryGetPrefixInformation(out PrefixInformation option));
        Assert.Equal(165, option.PrefixLength);
        Assert.Equal(128, option.Prefix.Length);
        option.Prefix = Ipv6Prefix.Parse("2001:db8:1::/64");
        option.OnLink = false;
        option.Autonomous = true;
        option.RouterAddress = false;
        option.ValidLifetime = 3600;
        option.PreferredLifetime = 1800;
        Assert.Equal("0304" + "40" + "45" + "00000e10" + "00000708" + "a5a5a5a5" + "20010db8000100000000000000000000", Hex.Of(octets.AsSpan(8)));
        Assert.Equal(Ipv6Prefix.Parse("2001:db8:1::/64"), option.Prefix);
        Assert.True(option.Autonomous);
        Assert.False(option.OnLink || option.RouterAddress);
        Assert.Equal(3600u, option.ValidLifetime);
        Assert.Equal(1800u, option.PreferredLifetime);
        Assert.False(Options(Solicitation("0303" + new string('0', 44))).TryGetPrefixInformation(out _));
    }

    [Fact]
    public void MtuAndRedirectedHeader()
    {
        byte[] octets = Solicitation("0501 a5a5 a5a5a5a5 0402 a5a5a5a5a5a5 6000000000000000");
        Assert.True(Options(octets).TryGetMtu(out MtuOption mtu));
        mtu.Mtu = 1280;
        Assert.Equal(1280u, mtu.Mtu);
        Assert.True(Options(octets).TryGetRedirectedHeader(out RedirectedHeader redirected));
        Assert.Equal(EditResult.Changed, redirected.Write(7, [1]));
        Assert.Equal(EditResult.Refused, redirected.Write(7, [1, 2]));
        Assert.Equal("6000000000000001", Hex.Of(redirected.InvokingPacket));
        Assert.Equal("0501a5a500000500", Hex.Of(octets.AsSpan(8, 8)));
        Assert.False(Options(Solicitation("0502" + new string('0', 28))).TryGetMtu(out _));
    }

    [Theory]
    [InlineData("2602 0708 0064ff9b0000000000000000", "64:ff9b::/96", 1800)]
    [InlineData("2602 fffd 20010db80000000000000000", "2001:db8::/32", 65528)]
    public void Pref64(string hex, string prefix, int lifetime)
    {
        byte[] octets = Solicitation(hex);
        Assert.True(Options(octets).TryGetPref64(out Pref64 option));
        Assert.Equal((Ipv6Prefix.Parse(prefix), lifetime), (option.Prefix, option.Lifetime));
        // RFC 8781 §4.1: rounded up to units of 8 s.
        option.Lifetime = 601;
        Assert.Equal(EditResult.Changed, option.SetPrefix(Ipv6Prefix.Parse("2001:db8:64::/48")));
        Assert.Equal(EditResult.Refused, option.SetPrefix(Ipv6Prefix.Parse("2001:db8:64::/49")));
        Assert.Equal("2602" + "0263" + "20010db80064000000000000", Hex.Of(octets.AsSpan(8)));
        Assert.Equal((608, Ipv6Prefix.Parse("2001:db8:64::/48")), (option.Lifetime, option.Prefix));
        option.Lifetime = int.MaxValue;
        Assert.Equal(Fluke6.Wire.Pref64.MaxLifetime, option.Lifetime);
        option.Lifetime = -1;
        Assert.Equal(0, option.Lifetime);
    }

    [Theory]
    [InlineData("2602 0706 0064ff9b0000000000000000")]
    [InlineData("2601 0700 0064ff9b")]
    [InlineData("2603 0700 0064ff9b000000000000000000000000 00000000")]
    public void Pref64OfALengthThatIsNone(string hex) => Assert.False(Options(Solicitation(hex)).TryGetPref64(out _));

    [Fact]
    public void EncryptedDns()
    {
        byte[] octets = Solicitation("9003 0001 00000258 0009 03646e7303666f6f00 0000000000");
        Assert.True(Options(octets).TryGetEncryptedDns(out EncryptedDns option));
        Assert.Equal((1, 600u), (option.ServicePriority, option.Lifetime));
        Assert.Equal("03646e7303666f6f00", Hex.Of(option.EncodedName));
        Assert.Equal("0000000000", Hex.Of(option.AddressesAndParameters));
        (option.ServicePriority, option.Lifetime) = (2, 0);
        Assert.Equal("9003" + "0002" + "00000000" + "0009", Hex.Of(octets.AsSpan(8, 10)));
        Assert.False(Options(Solicitation("9002 0001 00000258 0007 03646e730000")).TryGetEncryptedDns(out _));
        Assert.False(Options(Solicitation("9001 0001 00000258")).TryGetEncryptedDns(out _));
    }

    [Theory]
    [InlineData("1801 00 08 00000e10", "::/0", 0)]
    [InlineData("1802 30 08 00000e10 20010db800020000", "2001:db8:2::/48", 64)]
    [InlineData("1803 40 08 00000e10 20010db8000200000000000000000000", "2001:db8:2::/64", 128)]
    public void RouteInformation(string hex, string prefix, int longest)
    {
        byte[] octets = Solicitation(hex);
        Assert.True(Options(octets).TryGetRouteInformation(out RouteInformation route));
        Assert.Equal(Ipv6Prefix.Parse(prefix), route.Prefix);
        Assert.Equal(RouterPreference.High, route.Preference);
        Assert.Equal(3600u, route.RouteLifetime);
        route.Preference = RouterPreference.Low;
        route.RouteLifetime = 1;
        Assert.Equal(RouterPreference.Low, route.Preference);
        for (int length = 0; length <= 128; length++)
        {
            var other = new Ipv6Prefix(Ipv6Address.Parse("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"), length);
            Assert.Equal(length <= longest, route.SetPrefix(other) != EditResult.Refused);
            if (length <= longest)
                Assert.Equal(other, route.Prefix);
        }
    }

    [Theory]
    [InlineData("1801 01 08 00000e10")]
    [InlineData("1802 41 08 00000e10 20010db800020000")]
    [InlineData("1803 81 08 00000e10 20010db8000200000000000000000000")]
    [InlineData("1804 40 08 00000e10 20010db8000200000000000000000000 0000000000000000")]
    public void RouteInformationThatContradictsItselfIsNone(string hex) =>
        Assert.False(Options(Solicitation(hex)).TryGetRouteInformation(out _));

    [Fact]
    public void RecursiveDnsServers()
    {
        byte[] octets = Solicitation("1905 a5a5 a5a5a5a5" + KnownFrames.Ipv6Source + KnownFrames.Ipv6Destination);
        Assert.True(Options(octets).TryGetRecursiveDnsServers(out RecursiveDnsServers servers));
        Assert.Equal(2, servers.Count);
        servers.Lifetime = 3600;
        Assert.Equal(3600u, servers.Lifetime);
        servers[1] = Ipv6Address.Parse("2001:db8:1::aa");
        Assert.Equal(Ipv6Address.Parse("2001:db8::1"), servers[0]);
        Assert.Equal(Ipv6Address.Parse("2001:db8:1::aa"), servers[1]);
        Assert.EndsWith(KnownFrames.Ipv6Source + KnownFrames.OtherAddress, Hex.Of(octets), StringComparison.Ordinal);

        bool thrown = false;
        try
        {
            _ = servers[2];
        }
        catch (ArgumentOutOfRangeException)
        {
            thrown = true;
        }

        Assert.True(thrown);
        Assert.False(Options(Solicitation("1901 0000 00000000")).TryGetRecursiveDnsServers(out _));
        Assert.False(Options(Solicitation("1904 0000 00000000" + new string('0', 48))).TryGetRecursiveDnsServers(out _));
    }

    [Theory]
    [InlineData("07 6578616d706c65 00 0161 0162 00 00 00", "example a.b", false)]
    [InlineData("03 612e5c 00 02 0920 00 00000000000000", "a\\.\\\\ \\009\\032", false)]
    [InlineData("0000000000000000", "", false)]
    [InlineData("0161 00 c0 00 000000", "a", true)]             // a pointer: RFC 8106 §5.2 allows no compression
    [InlineData("0161 00 40 00 000000", "a", true)]
    [InlineData("0161 00 05 61626364", "a", true)]              // a label past the option
    [InlineData("0161 00 04 61626364", "a", true)]              // no end
    public void DnsSearchList(string names, string text, bool malformed)
    {
        byte[] encoded = Hex.Octets(names);
        Assert.Equal(0, encoded.Length % 8);
        Assert.True(Options(Solicitation($"1f{1 + (encoded.Length / 8):x2} 0000 00000e10" + names)).TryGetDnsSearchList(out DnsSearchList list));
        Assert.Equal(3600u, list.Lifetime);
        var read = new List<string>();
        foreach (DnsSearchName name in list)
            read.Add(name.ToString());
        Assert.Equal(text, string.Join(' ', read));
        Assert.Equal(malformed, list.IsMalformed);
    }

    [Fact]
    public void NameLongerThan255OctetsIsMalformed()
    {
        string names = string.Concat(Enumerable.Repeat("3f" + string.Concat(Enumerable.Repeat("61", 63)), 4)) + "00";
        Assert.True(Options(Solicitation("1f22 0000 00000e10" + names + new string('0', 14))).TryGetDnsSearchList(out DnsSearchList list));
        Assert.True(list.IsMalformed);
    }

    [Fact]
    public void UnknownOptionReadsAndWrites()
    {
        byte[] octets = Solicitation("2a01 010203040506");
        Assert.True(Options(octets).TryGet((NeighborDiscoveryOptionType)42, out NeighborDiscoveryOption option));
        Assert.Equal(8, option.Length);
        Assert.Equal("010203040506", Hex.Of(option.Data));
        Assert.Equal(EditResult.Changed, option.Write(4, [0xAA, 0xBB]));
        Assert.Equal(EditResult.Refused, option.Write(5, [0xAA, 0xBB]));
        option.Type = NeighborDiscoveryOptionType.Nonce;
        Assert.Equal("0e0101020304aabb", Hex.Of(octets.AsSpan(8)));
    }

    private static byte[] Solicitation(string options) => Hex.Octets("8500 beef 00000000" + options);

    private static NeighborDiscoveryOptions Options(byte[] solicitation)
    {
        Assert.True(RouterSolicitation.TryRead(solicitation, out RouterSolicitation message));
        return message.Options;
    }
}
