using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class EthernetHeaderTests
{
    [Fact]
    public void ReadsEveryField()
    {
        Assert.True(EthernetHeader.TryRead(Hex.Octets("333300000001 020000000001 86dd"), out EthernetHeader ethernet));
        Assert.Equal(MacAddress.Parse("33:33:00:00:00:01"), ethernet.Destination);
        Assert.Equal(MacAddress.Parse("02:00:00:00:00:01"), ethernet.Source);
        Assert.Equal(EtherType.Ipv6, ethernet.EtherType);
    }

    [Fact]
    public void WritesEveryField()
    {
        byte[] octets = Hex.Prefilled(16);
        Assert.True(EthernetHeader.TryRead(octets, out EthernetHeader ethernet));
        ethernet.Destination = MacAddress.Broadcast;
        ethernet.Source = MacAddress.Parse("02:00:00:00:00:01");
        ethernet.EtherType = EtherType.Arp;
        Assert.Equal("ffffffffffff0200000000010806a5a5", Hex.Of(octets));
    }

    [Fact]
    public void RejectsTruncated()
    {
        for (int length = 0; length < EthernetHeader.Length; length++)
            Assert.False(EthernetHeader.TryRead(new byte[length], out _));
    }
}
