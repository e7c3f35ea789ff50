using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class Ipv6PrefixTests
{
    [Theory]
    [InlineData("2001:db8:1::/64", "2001:db8:1::ffff", true)]
    [InlineData("2001:db8:1::/64", "2001:db8:1:1::", false)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::", false)]
    [InlineData("::/0", "ffff::", true)]
    [InlineData("2001:db8::1/128", "2001:db8::1", true)]
    [InlineData("2001:db8::1/128", "2001:db8::", false)]
    [InlineData("2001:db8:0:0:8000::/65", "2001:db8::ffff:0:0:1", true)]
    [InlineData("2001:db8:0:0:8000::/65", "2001:db8::7fff:0:0:1", false)]
    public void Contains(string prefix, string address, bool contained)
    {
        Assert.Equal(contained, Ipv6Prefix.Parse(prefix).Contains(Ipv6Address.Parse(address)));
        Assert.Equal(prefix, Ipv6Prefix.Parse(prefix).ToString());
    }

    [Theory]
    [InlineData("2001:db8::")]
    [InlineData("2001:db8::/129")]
    [InlineData("2001:db8::/-1")]
    [InlineData("2001:db8::/")]
    [InlineData("/64")]
    [InlineData("2001:db8::1/64")]
    public void Refuses(string text)
    {
        Assert.False(Ipv6Prefix.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => Ipv6Prefix.Parse(text));
    }

    [Fact]
    public void CutsBitsBehindTheLengthAndTakesThemFromAHost()
    {
        var prefix = new Ipv6Prefix(Ipv6Address.Parse("2001:db8:1:2:3::4"), 48);
        Assert.Equal("2001:db8:1::/48", prefix.ToString());
        Assert.Equal(Ipv6Address.Parse("2001:db8:1:6::7"), prefix.Combine(Ipv6Address.Parse("fe80:5::6:0:0:0:7")));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ipv6Prefix(default, 129));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ipv6Prefix(default, -1));
    }

    [Fact]
    public void FormatsOnlyWhereThereIsRoom()
    {
        Ipv6Prefix prefix = Ipv6Prefix.Parse("2001:db8::/32");
        Assert.False(prefix.TryFormat(new char[12], out int written, default, null));
        Assert.Equal(0, written);
        Assert.True(prefix.TryFormat(new char[13], out written, default, null));
        Assert.Equal(13, written);
    }
}
