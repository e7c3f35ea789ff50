using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class Ipv6AddressTests
{
    [Theory]
    [InlineData("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1")]
    [InlineData("2001:db8::0:1", "2001:db8::1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]            // RFC 5952 §4.2.2: one group alone is not shortened
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]                     // §4.2.3: the longest run
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]               // of equal runs the first
    [InlineData("2001:DB8::ABCD", "2001:db8::abcd")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("fe80:0:0:0:0:0:0:0", "fe80::")]
    public void FormatsCanonically(string text, string canonical)
    {
        Ipv6Address address = Ipv6Address.Parse(text);
        Assert.Equal(canonical, address.ToString());
        Assert.Equal(address, Ipv6Address.Parse(canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[2001:db8::1]")]
    [InlineData("2001:db8::/64")]
    [InlineData("2001:db8:::1")]
    [InlineData("12345::")]
    public void Refuses(string text)
    {
        Assert.False(Ipv6Address.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => Ipv6Address.Parse(text));
    }

    [Fact]
    public void AnyAddressFormatsAndParsesBack()
    {
        var random = new Random(1);
        byte[] octets = new byte[16];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(octets);
            for (int group = 0; group < 8; group++)
            {
                if (random.Next(2) == 0)
                    octets[group * 2] = octets[(group * 2) + 1] = 0;
            }

            Ipv6Address address = Ipv6Address.Read(octets);
            Assert.Equal(address, Ipv6Address.Parse(address.ToString()));
            byte[] written = new byte[16];
            address.WriteTo(written);
            Assert.Equal(octets, written);
        }
    }

    [Theory]
    [InlineData("2604:5f00:ffff:fe00::101:ca75", "ff02::1:ff01:ca75")]
    [InlineData("2001:db8::", "ff02::1:ff00:0")]
    public void SolicitedNodeMulticastTakesTheLast24Bits(string address, string group) =>
        Assert.Equal(group, Ipv6Address.Parse(address).SolicitedNodeMulticast.ToString());

    [Fact]
    public void TellsKinds()
    {
        Assert.True(Ipv6Address.Unspecified.IsUnspecified);
        Assert.True(Ipv6Address.AllNodes.IsMulticast);
        Assert.True(Ipv6Address.Parse("febf::1").IsLinkLocal);
        Assert.False(Ipv6Address.Parse("fec0::1").IsLinkLocal);
        Assert.False(Ipv6Address.Parse("2001:db8::1").IsMulticast);
    }
}
