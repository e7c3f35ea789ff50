using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class Ipv4PrefixTests
{
    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.255", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("10.128.0.0/9", "10.128.0.1", true)]
    [InlineData("10.128.0.0/9", "10.127.255.255", false)]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("192.0.2.1/32", "192.0.2.1", true)]
    [InlineData("192.0.2.1/32", "192.0.2.0", false)]
    public void Contains(string prefix, string address, bool contained)
    {
        Assert.Equal(contained, Ipv4Prefix.Parse(prefix).Contains(Ipv4Address.Parse(address)));
        Assert.Equal(prefix, Ipv4Prefix.Parse(prefix).ToString());
    }

    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.0", false)]
    [InlineData("192.0.2.0/24", "192.0.2.255", false)]
    [InlineData("192.0.2.0/24", "192.0.2.254", true)]
    [InlineData("192.0.2.0/24", "192.0.3.1", false)]
    [InlineData("192.0.2.0/31", "192.0.2.0", true)]
    [InlineData("192.0.2.0/31", "192.0.2.1", true)]
    [InlineData("192.0.2.1/32", "192.0.2.1", true)]
    public void HostsAreNeitherFirstNorLast(string prefix, string address, bool contained) =>
        Assert.Equal(contained, Ipv4Prefix.Parse(prefix).ContainsHost(Ipv4Address.Parse(address)));

    [Theory]
    [InlineData("192.0.2.0")]
    [InlineData("192.0.2.0/33")]
    [InlineData("192.0.2.0/-1")]
    [InlineData("192.0.2.0/")]
    [InlineData("/24")]
    [InlineData("192.0.2.1/24")]
    public void Refuses(string text)
    {
        Assert.False(Ipv4Prefix.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => Ipv4Prefix.Parse(text));
    }

    [Fact]
    public void CutsBitsBehindTheLength()
    {
        Assert.Equal("10.64.0.0/10", new Ipv4Prefix(Ipv4Address.Parse("10.127.1.2"), 10).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ipv4Prefix(default, 33));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ipv4Prefix(default, -1));
    }
}
