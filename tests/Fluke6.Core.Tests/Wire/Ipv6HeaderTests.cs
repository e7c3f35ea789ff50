using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class Ipv6HeaderTests
{
    private const string Header = "6a b 12345 0004 3a ff" + KnownFrames.Ipv6Source + KnownFrames.Ipv6Destination + "00000000";

    [Fact]
    public void ReadsEveryField()
    {
        Assert.True(Ipv6Header.TryRead(Hex.Octets(Header), out Ipv6Header ipv6));
        Assert.Equal(6, ipv6.Version);
        Assert.Equal(0xAB, ipv6.TrafficClass);
        Assert.Equal(0x12345u, ipv6.FlowLabel);
        Assert.Equal(4, ipv6.PayloadLength);
        Assert.Equal(IpProtocol.Icmpv6, ipv6.NextHeader);
        Assert.Equal(255, ipv6.HopLimit);
        Assert.Equal(Ipv6Address.Parse("2001:db8::1"), ipv6.Source);
        Assert.Equal(Ipv6Address.Parse("2001:db8::2"), ipv6.Destination);
    }

    [Fact]
    public void WritesEveryField()
    {
        byte[] octets = Hex.Prefilled(44);
        Hex.Octets("6a5a5a5a 0004").CopyTo(octets, 0);
        Assert.True(Ipv6Header.TryRead(octets, out Ipv6Header ipv6));
        ipv6.TrafficClass = 0xBC;
        ipv6.FlowLabel = 0x12345;
        ipv6.HopLimit = 64;
        ipv6.Source = Ipv6Address.Parse("2001:db8::1");
        ipv6.Destination = Ipv6Address.Parse("2001:db8::2");
        Assert.Equal("6bc123450004a540" + KnownFrames.Ipv6Source + KnownFrames.Ipv6Destination + "a5a5a5a5", Hex.Of(octets));
    }

    [Fact]
    public void RejectsTruncated()
    {
        byte[] octets = Hex.Octets(Header);
        for (int length = 0; length < octets.Length; length++)
            Assert.False(Ipv6Header.TryRead(octets.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData("40000000 0004")]
    [InlineData("60000000 0005")]
    public void RejectsImpossibleLength(string start)
    {
        byte[] octets = Hex.Octets(Header);
        Hex.Octets(start).CopyTo(octets, 0);
        Assert.False(Ipv6Header.TryRead(octets, out _));
    }
}
