using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class ArpPacketTests
{
    private const string Request = "0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202";

    [Fact]
    public void ReadsEveryField()
    {
        Assert.True(ArpPacket.TryRead(Hex.Octets(Request), out ArpPacket arp));
        Assert.Equal(1, arp.HardwareType);
        Assert.Equal(EtherType.Ipv4, arp.ProtocolType);
        Assert.Equal(6, arp.HardwareLength);
        Assert.Equal(4, arp.ProtocolLength);
        Assert.Equal(ArpOperation.Request, arp.Operation);
        Assert.Equal(MacAddress.Parse("02:00:00:00:00:01"), arp.SenderHardwareAddress);
        Assert.Equal(Ipv4Address.Parse("192.0.2.1"), arp.SenderProtocolAddress);
        Assert.Equal(default, arp.TargetHardwareAddress);
        Assert.Equal(Ipv4Address.Parse("192.0.2.2"), arp.TargetProtocolAddress);
    }

    [Fact]
    public void WritesEveryField()
    {
        byte[] octets = Hex.Prefilled(30);
        Hex.Octets("0001 0800 06 04").CopyTo(octets, 0);
        Assert.True(ArpPacket.TryRead(octets, out ArpPacket arp));
        arp.Operation = ArpOperation.Reply;
        arp.SenderHardwareAddress = MacAddress.Parse("02:00:00:00:00:02");
        arp.SenderProtocolAddress = Ipv4Address.Parse("192.0.2.2");
        arp.TargetHardwareAddress = MacAddress.Parse("02:00:00:00:00:01");
        arp.TargetProtocolAddress = Ipv4Address.Parse("192.0.2.1");
        Assert.Equal("0001080006040002020000000002c0000202020000000001c0000201a5a5", Hex.Of(octets));
    }

    [Fact]
    public void RejectsTruncated()
    {
        byte[] octets = Hex.Octets(Request);
        for (int length = 0; length < ArpPacket.Length; length++)
            Assert.False(ArpPacket.TryRead(octets.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData("0006 0800 06 04")]
    [InlineData("0001 86dd 06 04")]
    [InlineData("0001 0800 08 04")]
    [InlineData("0001 0800 06 10")]
    public void RejectsOtherThanIpv4OverEthernet(string start)
    {
        byte[] octets = Hex.Octets(Request);
        Hex.Octets(start).CopyTo(octets, 0);
        Assert.False(ArpPacket.TryRead(octets, out _));
    }
}
