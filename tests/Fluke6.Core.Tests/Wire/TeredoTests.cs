using Fluke6.Frames;
using Fluke6.Core.Tests.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class TeredoTests
{
    private const string Bubble = "6000000000003b15" + "20010000412837fe" + "8000f22734ccf7fe" + "20010db8000000000000000000000001";

    // Authentication with 2 + 3 octets, as RFC 4380 §5.1.1 draws it, then an origin.
    private const string Authentication = "0001" + "02" + "03" + "6162" + "636465" + "0102030405060708" + "01";
    private const string Origin = "0000" + "f227" + "34ccf7fe";

    [Fact]
    public void AnAddressIsTakenApartAndPutTogether()
    {
        // The example of RFC 4380 §4: prefix, server 65.54.227.120, a cone NAT, port 40000, client 192.0.2.45.
        Ipv6Address address = Ipv6Address.Parse("2001:0000:4136:e378:8000:63bf:3fff:fdd2");
        Assert.True(TeredoAddress.TryParse(address, out TeredoAddress teredo));
        Assert.Equal("65.54.227.120", teredo.Server.ToString());
        Assert.True(teredo.IsCone);
        Assert.Equal(40000, teredo.Port);
        Assert.Equal("192.0.2.45", teredo.Client.ToString());
        Assert.Equal(address, teredo.ToIpv6Address());
    }

    [Fact]
    public void TheAddressOfTheNotesIsTakenApart()
    {
        Assert.True(TeredoAddress.TryParse(Ipv6Address.Parse("2001:0:53aa:64c:241f:5d99:b7a0:89d3"), out TeredoAddress teredo));
        Assert.Equal(("83.170.6.76", (ushort)0x241F, (ushort)41574, "72.95.118.44"),
            (teredo.Server.ToString(), teredo.Flags, teredo.Port, teredo.Client.ToString()));
        Assert.False(teredo.IsCone);
    }

    [Theory]
    [InlineData("2001:1::1")]
    [InlineData("2001:db8::1")]
    [InlineData("::1")]
    public void OtherAddressesAreNotTeredo(string address) =>
        Assert.False(TeredoAddress.TryParse(Ipv6Address.Parse(address), out _));

    [Theory]
    [InlineData("", false, false)]
    [InlineData(Origin, false, true)]
    [InlineData(Authentication, true, false)]
    [InlineData(Authentication + Origin, true, true)]
    public void IndicationsAreRead(string indications, bool authentication, bool origin)
    {
        Assert.True(TeredoPacket.TryRead(Hex.Octets(indications + Bubble), out TeredoPacket packet));
        Assert.Equal(indications.Length / 2, packet.HeaderLength);
        Assert.Equal(authentication, packet.HasAuthentication);
        Assert.Equal(origin, packet.HasOrigin);
        Assert.Equal(authentication ? "6162" : "", Hex.Of(packet.ClientIdentifier));
        Assert.Equal(authentication ? "636465" : "", Hex.Of(packet.AuthenticationValue));
        Assert.Equal(authentication ? 0x0102030405060708u : 0, packet.Nonce);
        Assert.Equal(authentication ? 1 : 0, packet.Confirmation);
        Assert.Equal(origin ? 3544 : 0, packet.OriginPort);
        Assert.Equal(origin ? "203.51.8.1" : "0.0.0.0", packet.OriginAddress.ToString());
        Assert.True(packet.IsBubble);
        Assert.Equal(Bubble, Hex.Of(packet.Packet));
    }

    [Fact]
    public void IndicationsAreWritten()
    {
        byte[] octets = Hex.Octets(Authentication + Origin + Bubble);
        TeredoPacket.TryRead(octets, out TeredoPacket packet);
        packet.Nonce = 0xA1A2A3A4A5A6A7A8;
        packet.Confirmation = 0;
        packet.OriginPort = 4096;
        packet.OriginAddress = Ipv4Address.Parse("192.0.2.1");
        Assert.Equal("0001020361626364 65a1a2a3a4a5a6a7a800 0000efff3ffffdfe".Replace(" ", ""), Hex.Of(octets)[..52]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Origin)]
    [InlineData(Authentication + Origin)]
    public void NothingCutShortIsTaken(string indications)
    {
        byte[] octets = Hex.Octets(indications + Bubble);
        for (int length = 0; length < octets.Length; length++)
            Assert.False(TeredoPacket.TryRead(octets.AsSpan(0, length), out _));
    }

    [Fact]
    public void OffTheServersPortOnlyAWholePacketWithATeredoAddressIsTaken()
    {
        Assert.True(TeredoPacket.TryRead(Hex.Octets(Bubble), out _, isServerPort: false));
        Assert.False(TeredoPacket.TryRead(Hex.Octets(Bubble + "00"), out _, isServerPort: false));
        Assert.False(TeredoPacket.TryRead(Hex.Octets(Origin + Bubble), out _, isServerPort: false));
        Assert.False(TeredoPacket.TryRead(Hex.Octets(Bubble.Replace("20010000", "20010db8")), out _, isServerPort: false));
    }

    [Fact]
    public void SettersInAFrameKeepTheUdpChecksum()
    {
        TunnelledFrame sample = new TunnelledFrame(new FrameShape { IsRawIp = true, IsIpv6 = true })
            .Wrap(TunnelKind.TeredoWithIndications, inIpv6: false, error: 0x1234).WithEthernet();
        var buffer = new FrameBuffer(new FrameUndo());
        sample.LoadInto(buffer);
        int?[] before = sample.Check(buffer.Octets);
        byte[] untouched = buffer.Octets.ToArray();

        Assert.True(new Frame(buffer).TryGetTeredo(out TeredoPacket teredo));
        Assert.Equal("192.0.2.1", teredo.OriginAddress.ToString());
        teredo.OriginAddress = Ipv4Address.Parse("198.51.100.7");
        teredo.OriginPort = 7;
        teredo.Nonce = 9;
        teredo.Confirmation = 1;

        Assert.Equal(before, sample.Check(buffer.Octets));
        Assert.NotEqual(untouched, buffer.Octets.ToArray());
        buffer.Undo();
        Assert.Equal(untouched, buffer.Octets.ToArray());
    }
}
