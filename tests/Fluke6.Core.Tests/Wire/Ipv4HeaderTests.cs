using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class Ipv4HeaderTests
{
    private const string Header = "46 b9 001c 1234 6005 40 11 0000 c0000201 c6336402 94040000 ffffffff";

    [Fact]
    public void ReadsEveryField()
    {
        Assert.True(Ipv4Header.TryRead(Hex.Octets(Header), out Ipv4Header ipv4));
        Assert.Equal(4, ipv4.Version);
        Assert.Equal(24, ipv4.HeaderLength);
        Assert.Equal(46, ipv4.DifferentiatedServices);
        Assert.Equal(1, ipv4.ExplicitCongestionNotification);
        Assert.Equal(28, ipv4.TotalLength);
        Assert.Equal(0x1234, ipv4.Identification);
        Assert.True(ipv4.DontFragment);
        Assert.True(ipv4.MoreFragments);
        Assert.Equal(40, ipv4.FragmentOffset);
        Assert.Equal(64, ipv4.TimeToLive);
        Assert.Equal(IpProtocol.Udp, ipv4.Protocol);
        Assert.Equal(0, ipv4.Checksum);
        Assert.Equal(Ipv4Address.Parse("192.0.2.1"), ipv4.Source);
        Assert.Equal(Ipv4Address.Parse("198.51.100.2"), ipv4.Destination);
        Assert.Equal("94040000", Hex.Of(ipv4.Options.Octets));
    }

    [Fact]
    public void WritesEveryField()
    {
        byte[] octets = Hex.Prefilled(28);
        Hex.Octets("45 a5 001c").CopyTo(octets, 0);
        Assert.True(Ipv4Header.TryRead(octets, out Ipv4Header ipv4));
        ipv4.DifferentiatedServices = 46;
        ipv4.ExplicitCongestionNotification = 2;
        ipv4.Identification = 0x1234;
        ipv4.DontFragment = true;
        ipv4.MoreFragments = false;
        ipv4.FragmentOffset = 65528;
        ipv4.TimeToLive = 63;
        ipv4.Source = Ipv4Address.Parse("192.0.2.1");
        ipv4.Destination = Ipv4Address.Parse("198.51.100.2");
        ipv4.Checksum = 0xBEEF;
        // The reserved bit and the protocol have no setter.
        Assert.Equal("45ba001c1234dfff3fa5beefc0000201c6336402" + "a5a5a5a5a5a5a5a5", Hex.Of(octets));
    }

    [Fact]
    public void RejectsTruncated()
    {
        byte[] octets = Hex.Octets(Header);
        for (int length = 0; length < octets.Length; length++)
            Assert.False(Ipv4Header.TryRead(octets.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData("44")]      // a header of 16 octets
    [InlineData("48")]      // one longer than the packet
    [InlineData("66")]      // version 6
    [InlineData("46b90017")]    // a packet shorter than its header
    [InlineData("46b9001d")]    // one longer than there are octets
    public void RejectsImpossibleLength(string start)
    {
        byte[] octets = Hex.Octets(Header);
        Hex.Octets(start).CopyTo(octets, 0);
        Assert.False(Ipv4Header.TryRead(octets, out _));
    }

    [Fact]
    public void OptionsReadAndWrite()
    {
        byte[] octets = Hex.Octets("48 00 0020 1234 0000 40 11 0000 c0000201 c6336402 94040001 01 8604 aabb 6303 0c");
        Assert.True(Ipv4Header.TryRead(octets, out Ipv4Header ipv4));
        Assert.True(ipv4.Options.TryGet(Ipv4OptionKind.RouterAlert, out Ipv4Option alert));
        Assert.Equal(1, alert.UInt16);
        Assert.Equal(4, alert.Length);
        Assert.True(alert.IsCopied);
        Assert.True(ipv4.Options.TryGet((Ipv4OptionKind)99, out Ipv4Option unknown));
        Assert.Equal(12, unknown.Byte);
        Assert.False(unknown.IsCopied);
        Assert.False(ipv4.Options.IsMalformed);

        unknown.Byte = 0xFF;
        alert.UInt16 = 0x0203;
        Assert.Equal(EditResult.Changed, ipv4.Options.Strip((Ipv4OptionKind)134));
        Assert.Equal("94040203" + "01" + "01010101" + "6303ff", Hex.Of(ipv4.Options.Octets));
        Assert.False(ipv4.Options.Contains((Ipv4OptionKind)134));
        Assert.Equal(EditResult.Refused, unknown.Write(1, [1]));
    }

    [Theory]
    [InlineData("9400 0000", true)]
    [InlineData("9401 0000", true)]
    [InlineData("9405 0000", true)]
    [InlineData("010101 94", true)]
    [InlineData("00 940500", false)]
    [InlineData("01010101", false)]
    public void ImpossibleOptionLengthEndsTheWalk(string options, bool malformed)
    {
        byte[] octets = Hex.Octets("46 00 0018 1234 0000 40 11 0000 c0000201 c6336402" + options);
        Assert.True(Ipv4Header.TryRead(octets, out Ipv4Header ipv4));
        Assert.Equal(malformed, ipv4.Options.IsMalformed);
    }
}
