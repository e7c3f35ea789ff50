using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class MacAddressTests
{
    [Theory]
    [InlineData("00:26:98:2a:dc:c1", 0x0026982ADCC1)]
    [InlineData("FF-FF-FF-FF-FF-FF", 0xFFFFFFFFFFFF)]
    [InlineData(" 02:00:00:00:00:06 ", 0x020000000006)]
    public void Parses(string text, ulong value)
    {
        Assert.Equal(value, MacAddress.Parse(text).ToUInt64());
        Assert.Equal(text.Trim().ToLowerInvariant().Replace('-', ':'), MacAddress.FromUInt64(value).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00:26:98:2a:dc")]
    [InlineData("00:26:98:2a:dc:c1:00")]
    [InlineData("00:26:98:2a:dc:g1")]
    [InlineData("00.26.98.2a.dc.c1")]
    [InlineData("0026982adcc1")]
    public void Refuses(string text)
    {
        Assert.False(MacAddress.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => MacAddress.Parse(text));
    }

    [Fact]
    public void MulticastAddressesFollowTheGroup()
    {
        // RFC 2464 §7, RFC 1112 §6.4.
        Assert.Equal("33:33:ff:01:ca:75", MacAddress.ForMulticast(Ipv6Address.Parse("ff02::1:ff01:ca75")).ToString());
        Assert.Equal("33:33:00:00:00:01", MacAddress.ForMulticast(Ipv6Address.AllNodes).ToString());
        Assert.Equal("01:00:5e:7f:00:fb", MacAddress.ForMulticast(Ipv4Address.Parse("224.255.0.251")).ToString());
    }

    [Theory]
    [InlineData("02:00:00:00:00:01", false, true)]
    [InlineData("33:33:00:00:00:01", true, true)]
    [InlineData("01:00:5e:00:00:01", true, false)]
    [InlineData("00:26:98:2a:dc:c1", false, false)]
    public void TellsGroupAndLocalBits(string text, bool multicast, bool local)
    {
        Assert.Equal(multicast, MacAddress.Parse(text).IsMulticast);
        Assert.Equal(local, MacAddress.Parse(text).IsLocallyAdministered);
    }

    [Fact]
    public void FormatsOnlyWhereThereIsRoom()
    {
        Assert.False(MacAddress.Broadcast.TryFormat(new char[16], out int written, default, null));
        Assert.Equal(0, written);
        Assert.True(MacAddress.Broadcast.TryFormat(new char[17], out written, default, null));
        Assert.Equal(17, written);
    }
}
