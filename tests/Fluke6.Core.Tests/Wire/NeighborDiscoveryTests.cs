using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class NeighborDiscoveryTests
{
    private const string Advertisement = "8600 beef 40 ec 0708 00007530 000003e8";
    private const string Target = KnownFrames.OtherAddress;

    [Fact]
    public void RouterAdvertisementReadsEveryField()
    {
        Assert.True(RouterAdvertisement.TryRead(Hex.Octets(Advertisement + "0101 020000000001"), out RouterAdvertisement advertisement));
        Assert.Equal(64, advertisement.CurrentHopLimit);
        Assert.True(advertisement.Managed && advertisement.OtherConfiguration && advertisement.HomeAgent && advertisement.ProxyFlag);
        Assert.Equal(RouterPreference.High, advertisement.DefaultRouterPreference);
        Assert.Equal(1800, advertisement.RouterLifetime);
        Assert.Equal(30000u, advertisement.ReachableTime);
        Assert.Equal(1000u, advertisement.RetransTimer);
        Assert.True(advertisement.Options.Contains(NeighborDiscoveryOptionType.SourceLinkLayerAddress));
    }

    [Fact]
    public void RouterAdvertisementWritesEveryField()
    {
        byte[] octets = Hex.Prefilled(16);
        Hex.Octets("8600 beef").CopyTo(octets, 0);
        Assert.True(RouterAdvertisement.TryRead(octets, out RouterAdvertisement advertisement));
        advertisement.CurrentHopLimit = 64;
        advertisement.Managed = false;
        advertisement.OtherConfiguration = true;
        advertisement.HomeAgent = false;
        advertisement.DefaultRouterPreference = RouterPreference.Low;
        advertisement.ProxyFlag = false;
        advertisement.RouterLifetime = 9000;
        advertisement.ReachableTime = 1;
        advertisement.RetransTimer = 2;
        // The two reserved flag bits stay as prefilled: 01.
        Assert.Equal("40" + "59" + "2328" + "00000001" + "00000002", Hex.Of(octets.AsSpan(4)));
    }

    [Fact]
    public void NeighborMessagesReadAndWriteEveryField()
    {
        byte[] octets = Hex.Prefilled(24);
        Hex.Octets("8800 beef").CopyTo(octets, 0);
        Assert.True(NeighborAdvertisement.TryRead(octets, out NeighborAdvertisement advertisement));
        Assert.True(advertisement.Router);
        Assert.False(advertisement.Solicited);
        Assert.True(advertisement.Override);
        advertisement.Router = false;
        advertisement.Solicited = true;
        advertisement.Override = false;
        advertisement.Target = Ipv6Address.Parse("2001:db8:1::aa");
        Assert.Equal("45a5a5a5" + Target, Hex.Of(octets.AsSpan(4)));

        octets = Hex.Prefilled(24);
        Hex.Octets("8700 beef").CopyTo(octets, 0);
        Assert.True(NeighborSolicitation.TryRead(octets, out NeighborSolicitation solicitation));
        solicitation.Target = Ipv6Address.Parse("2001:db8:1::aa");
        Assert.Equal("a5a5a5a5" + Target, Hex.Of(octets.AsSpan(4)));
        Assert.Equal(advertisement.Target, solicitation.Target);

        octets = Hex.Prefilled(40);
        Hex.Octets("8900 beef").CopyTo(octets, 0);
        Assert.True(Redirect.TryRead(octets, out Redirect redirect));
        redirect.Target = Ipv6Address.Parse("2001:db8:1::aa");
        redirect.Destination = Ipv6Address.Parse("2001:db8:2::bb");
        Assert.Equal("a5a5a5a5" + Target + KnownFrames.FinalAddress, Hex.Of(octets.AsSpan(4)));
        Assert.Equal(solicitation.Target, redirect.Target);
        Assert.Equal(Ipv6Address.Parse("2001:db8:2::bb"), redirect.Destination);
    }

    [Fact]
    public void RejectsTruncatedOtherTypesAndOtherCodes()
    {
        byte[] octets = new byte[48];
        for (int type = 0; type < 256; type++)
        {
            octets[0] = (byte)type;
            for (int length = 0; length <= octets.Length; length++)
            {
                for (byte code = 0; code < 2; code++)
                {
                    octets[1] = code;
                    Span<byte> message = octets.AsSpan(0, length);
                    Assert.Equal(type == 133 && code == 0 && length >= 8, RouterSolicitation.TryRead(message, out _));
                    Assert.Equal(type == 134 && code == 0 && length >= 16, RouterAdvertisement.TryRead(message, out _));
                    Assert.Equal(type == 135 && code == 0 && length >= 24, NeighborSolicitation.TryRead(message, out _));
                    Assert.Equal(type == 136 && code == 0 && length >= 24, NeighborAdvertisement.TryRead(message, out _));
                    Assert.Equal(type == 137 && code == 0 && length >= 40, Redirect.TryRead(message, out _));
                }
            }
        }
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("0101 020000000001", false)]
    [InlineData("0100 020000000001", true)]
    [InlineData("0102 020000000001", true)]
    [InlineData("0101 020000000001 05", true)]
    [InlineData("0101 020000000001 0501 0000", true)]
    public void ImpossibleOptionLengthEndsTheWalk(string options, bool malformed)
    {
        Assert.True(RouterSolicitation.TryRead(Hex.Octets("8500 beef 00000000" + options), out RouterSolicitation solicitation));
        Assert.Equal(malformed, solicitation.Options.IsMalformed);
    }
}
