using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class Ipv4AddressTests
{
    [Theory]
    [InlineData("192.0.2.1", 0xC0000201)]
    [InlineData("0.0.0.0", 0)]
    [InlineData("255.255.255.255", 0xFFFFFFFF)]
    public void ParsesAndFormats(string text, uint value)
    {
        Assert.Equal(value, Ipv4Address.Parse(text).Value);
        Assert.Equal(text, new Ipv4Address(value).ToString());
        Assert.Equal(text, new Ipv4Address(value).ToIPAddress().ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.1")]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.2.1.1")]
    [InlineData("0x0a000001")]
    [InlineData("2001:db8::1")]
    [InlineData("::ffff:192.0.2.1")]
    public void Refuses(string text)
    {
        Assert.False(Ipv4Address.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => Ipv4Address.Parse(text));
    }

    [Fact]
    public void FormatsOnlyWhereThereIsRoom()
    {
        Ipv4Address address = Ipv4Address.Parse("192.0.2.1");
        Assert.False(address.TryFormat(new char[8], out int written, default, null));
        Assert.Equal(0, written);
        Assert.True(address.TryFormat(new char[9], out written, default, null));
        Assert.Equal(9, written);
    }

    [Fact]
    public void TellsMulticast()
    {
        Assert.True(Ipv4Address.Parse("239.255.255.255").IsMulticast);
        Assert.False(Ipv4Address.Parse("223.255.255.255").IsMulticast);
        Assert.False(Ipv4Address.Broadcast.IsMulticast);
    }
}
