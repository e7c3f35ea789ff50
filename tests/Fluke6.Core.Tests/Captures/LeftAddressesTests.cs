using Fluke6.Captures;
using Fluke6.Frames;

namespace Fluke6.Core.Tests.Captures;

/// <summary>Where a capture does not tell which side a frame came from, its source does.</summary>
public sealed class LeftAddressesTests
{
    private const string Ipv6 = "3333ff01ca75" + "0026982adcc1" + "86dd"
        + "6c00000000203aff26045f00fffffe000000000000000001ff0200000000000000000001ff01ca75"
        + "870068930000000026045f00fffffe00000000000101ca7501010026982adcc1";

    private const string Ipv4 = "020000000002020000000001" + "0800" + "4500002c000740003f06073fc63364010a05004d" + "9c4004d2000003e8000000006002faf0c3b40000020405b4";
    private const string Arp = "ffffffffffff020000000001" + "0806" + "0001080006040001" + "020000000009" + "c0000201" + "000000000000" + "c0000202";

    [Theory]
    [InlineData("00:26:98:2a:dc:c1", Ipv6, true)]
    [InlineData("00:26:98:2a:dc:c2", Ipv6, false)]
    [InlineData("2604:5f00:ffff:fe00::1", Ipv6, true)]
    [InlineData("2604:5f00:ffff:fe00::2", Ipv6, false)]
    [InlineData("2604:5f00::/32", Ipv6, true)]
    [InlineData("ff02::/16", Ipv6, false)]
    [InlineData("198.51.100.1", Ipv4, true)]
    [InlineData("10.5.0.77", Ipv4, false)]
    [InlineData("198.51.100.0/24, 2001:db8::/32", Ipv4, true)]
    [InlineData("192.0.2.1", Arp, true)]
    [InlineData("192.0.2.2", Arp, false)]
    [InlineData("02:00:00:00:00:01", Arp, true)]
    [InlineData("02:00:00:00:00:09", Arp, false)]
    [InlineData("0.0.0.0/0,::/0", "ffffffffffff02000000000108", false)]
    public void SourceDecides(string list, string frame, bool isLeft)
    {
        Assert.True(LeftAddresses.TryParse(list, out LeftAddresses? left, out _));
        Assert.Equal(isLeft, left.AreSourceOf(Convert.FromHexString(frame), LinkType.Ethernet));
    }

    [Fact]
    public void PacketsThatAreCutShortAndThoseWithoutALinkHeaderHaveSources()
    {
        Assert.True(LeftAddresses.TryParse("198.51.100.1,2604:5f00:ffff:fe00::1", out LeftAddresses? left, out _));
        Assert.True(left.AreSourceOf(Convert.FromHexString(Ipv4).AsSpan(0, 40), LinkType.Ethernet));
        Assert.True(left.AreSourceOf(Convert.FromHexString(Ipv6).AsSpan(14, 46), LinkType.RawIp));
        Assert.False(left.AreSourceOf([], LinkType.RawIp));
    }

    [Theory]
    [InlineData("eth0", "eth0")]
    [InlineData("192.0.2.1,,", "")]
    [InlineData("192.0.2.1/33", "192.0.2.1/33")]
    public void WhatIsNoAddressIsNamed(string list, string expected)
    {
        Assert.False(LeftAddresses.TryParse(list, out _, out string? wrong));
        Assert.Equal(expected, wrong);
    }
}
