using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class IcmpHeaderTests
{
    private const string Message = "0800 beef 1234 0001 6162";

    [Fact]
    public void ReadsEveryField()
    {
        Assert.True(Icmpv4Header.TryRead(Hex.Octets(Message), out Icmpv4Header icmpv4));
        Assert.Equal(Icmpv4Type.Echo, icmpv4.Type);
        Assert.True(icmpv4.IsEchoRequest);
        Assert.Equal(0, icmpv4.Code);
        Assert.Equal(0xBEEF, icmpv4.Checksum);
        Assert.Equal(0x1234, icmpv4.Identifier);
        Assert.Equal(1, icmpv4.SequenceNumber);
        Assert.Equal("123400016162", Hex.Of(icmpv4.Body));
        Assert.Equal("6162", Hex.Of(icmpv4.Data));

        Assert.True(Icmpv6Header.TryRead(Hex.Octets("0203 beef 00000500 6162"), out Icmpv6Header icmpv6));
        Assert.Equal(Icmpv6Type.PacketTooBig, icmpv6.Type);
        Assert.True(icmpv6.IsError);
        Assert.Equal(3, icmpv6.Code);
        Assert.Equal(1280u, icmpv6.Mtu);
        Assert.Equal(1280u, icmpv6.Pointer);
        Assert.Equal("000005006162", Hex.Of(icmpv6.Body));
        Assert.Equal("6162", Hex.Of(icmpv6.InvokingPacket));
    }

    [Fact]
    public void WritesEveryField()
    {
        byte[] octets = Hex.Prefilled(10);
        Assert.True(Icmpv4Header.TryRead(octets, out Icmpv4Header icmpv4));
        icmpv4.Type = Icmpv4Type.EchoReply;
        icmpv4.Code = 1;
        icmpv4.Identifier = 0x1234;
        icmpv4.SequenceNumber = 2;
        Assert.Equal(EditResult.Changed, icmpv4.WriteBody(5, [0x62]));
        Assert.Equal(EditResult.Refused, icmpv4.WriteBody(5, [1, 2]));
        Assert.Equal(EditResult.Refused, icmpv4.WriteBody(-1, [1]));
        icmpv4.Checksum = 0xBEEF;
        Assert.Equal("0001beef12340002a562", Hex.Of(octets));
        icmpv4.NextHopMtu = 1400;
        Assert.Equal(0x0578, icmpv4.SequenceNumber);

        octets = Hex.Prefilled(10);
        Assert.True(Icmpv6Header.TryRead(octets, out Icmpv6Header icmpv6));
        icmpv6.Type = Icmpv6Type.EchoReply;
        icmpv6.Code = 1;
        icmpv6.Identifier = 0x1234;
        icmpv6.SequenceNumber = 2;
        Assert.Equal(EditResult.Changed, icmpv6.WriteBody(4, [0x61, 0x62]));
        Assert.Equal(EditResult.Refused, icmpv6.WriteBody(4, [1, 2, 3]));
        icmpv6.Checksum = 0xBEEF;
        Assert.Equal("8101beef123400026162", Hex.Of(octets));
        icmpv6.Mtu = 1280;
        Assert.Equal(1280u, icmpv6.Pointer);
    }

    [Fact]
    public void RejectsTruncated()
    {
        for (int length = 0; length < 8; length++)
        {
            Assert.False(Icmpv4Header.TryRead(new byte[length], out _));
            Assert.False(Icmpv6Header.TryRead(new byte[length], out _));
        }
    }

    [Theory]
    [InlineData("0300 0000 00000000 0102030405060708", "0102030405060708")]
    [InlineData("0300 0000 00010000 0102030405060708", "01020304")]              // RFC 4884: one word, extensions behind
    [InlineData("0300 0000 00ff0000 0102030405060708", "0102030405060708")]      // a length past the message is none
    [InlineData("0500 0000 c0000201 0102030405060708", "0102030405060708")]      // in a redirect, an address stands there
    [InlineData("0800 0000 00000000 0102030405060708", "")]
    public void InvokingPacketOfIcmpv4Errors(string message, string packet)
    {
        Assert.True(Icmpv4Header.TryRead(Hex.Octets(message), out Icmpv4Header icmp));
        Assert.Equal(packet, Hex.Of(icmp.InvokingPacket));
        Assert.Equal(packet.Length > 0, icmp.IsError);
    }

    [Theory]
    [InlineData("0100 0000 00000000 0102030405060708 090a", "0102030405060708090a")]
    [InlineData("0100 0000 01000000 0102030405060708 090a", "0102030405060708")]
    [InlineData("0200 0000 01000000 0102030405060708 090a", "0102030405060708090a")]     // an MTU stands there
    [InlineData("8000 0000 01000000 0102030405060708 090a", "")]
    public void InvokingPacketOfIcmpv6Errors(string message, string packet)
    {
        Assert.True(Icmpv6Header.TryRead(Hex.Octets(message), out Icmpv6Header icmp));
        Assert.Equal(packet, Hex.Of(icmp.InvokingPacket));
    }
}
