using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class UdpHeaderTests
{
    [Fact]
    public void ReadsEveryField()
    {
        Assert.True(UdpHeader.TryRead(Hex.Octets("1389 0035 000a beef 0102"), out UdpHeader udp));
        Assert.Equal(5001, udp.SourcePort);
        Assert.Equal(53, udp.DestinationPort);
        Assert.Equal(10, udp.DatagramLength);
        Assert.Equal(0xBEEF, udp.Checksum);
        Assert.Equal(ChecksumKind.FullNeverZero, udp.ChecksumKind);
    }

    [Fact]
    public void WritesEveryField()
    {
        byte[] octets = Hex.Prefilled(10);
        Hex.Octets("000a").CopyTo(octets, 4);
        Assert.True(UdpHeader.TryRead(octets, out UdpHeader udp));
        udp.SourcePort = 5001;
        udp.DestinationPort = 53;
        udp.Checksum = 0xBEEF;
        Assert.Equal("13890035000abeefa5a5", Hex.Of(octets));
    }

    [Fact]
    public void RejectsTruncated()
    {
        byte[] octets = Hex.Octets("1389 0035 000a beef 0102");
        for (int length = 0; length < octets.Length; length++)
            Assert.False(UdpHeader.TryRead(octets.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("0007")]
    [InlineData("000b")]
    public void RejectsImpossibleLength(string length)
    {
        byte[] octets = Hex.Octets("1389 0035" + length + "beef 0102");
        Assert.False(UdpHeader.TryRead(octets, out _));
    }

    [Fact]
    public void ZeroSaysThatThereIsNoChecksum()
    {
        Assert.True(UdpHeader.TryRead(Hex.Octets("1389 0035 0008 0000"), out UdpHeader udp));
        Assert.Equal(ChecksumKind.Absent, udp.ChecksumKind);
        Assert.True(UdpHeader.TryRead(Hex.Octets("1389 0035 0008 0000"), out udp, partialChecksum: true));
        Assert.Equal(ChecksumKind.Partial, udp.ChecksumKind);
    }
}
