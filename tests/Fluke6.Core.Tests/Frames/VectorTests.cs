using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>The nine frames of Vectors/frames.txt, field by field.</summary>
public class VectorTests
{
    private static readonly MacAddress RouterMac = MacAddress.Parse("00:26:98:2a:dc:c1");
    private static readonly MacAddress HostMac = MacAddress.Parse("b8:27:eb:5a:af:b7");
    private static readonly Ipv6Address Target = Ipv6Address.Parse("2604:5f00:ffff:fe00::101:ca75");

    public static TheoryData<string> Names => [.. Vectors.Frames.Keys];

    [Fact]
    public void ThereAreNine() => Assert.Equal(9, Vectors.Frames.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void ChecksumVerifiesAndTheWalkIsComplete(string name)
    {
        var frame = new Frame(Arrived.Buffer(Vectors.Frames[name]));
        Assert.Equal(LayerStop.Complete, frame.Layers.StoppedAt);
        Assert.Equal(frame.Length, frame.Layers.NetworkEnd);
        Assert.Equal(0, NaiveSum.TransportError(frame.Octets));
        Assert.True(frame.TryGetIpv6(out Ipv6Header ipv6));
        Assert.Equal(6, ipv6.Version);
        Assert.False(frame.TryGetIpv4(out _));
        Assert.False(frame.TryGetArp(out _));
        Assert.False(frame.TryGetTcp(out _));
        Assert.False(frame.TryGetIcmpv4(out _));
        foreach (Ipv6ExtensionHeader header in frame.ExtensionHeaders)
            Assert.Fail($"There is no {header.Kind} in it.");
    }

    [Fact]
    public void NeighborSolicitation()
    {
        var frame = new Frame(Arrived.Buffer(Vectors.Frames["neighbor-solicitation"]));
        Assert.True(frame.TryGetEthernet(out EthernetHeader ethernet));
        Assert.True(frame.TryGetIpv6(out Ipv6Header ipv6));
        Assert.True(frame.TryGetNeighborSolicitation(out NeighborSolicitation solicitation));
        Assert.Equal(Target, solicitation.Target);
        Assert.Equal(Target.SolicitedNodeMulticast, ipv6.Destination);
        Assert.Equal(MacAddress.ForMulticast(ipv6.Destination), ethernet.Destination);
        Assert.Equal(RouterMac, ethernet.Source);
        Assert.Equal(255, ipv6.HopLimit);
        Assert.Equal(0xC0, ipv6.TrafficClass);
        Assert.True(solicitation.Options.TryGetLinkLayerAddress(out LinkLayerAddressOption address));
        Assert.Equal(NeighborDiscoveryOptionType.SourceLinkLayerAddress, address.Type);
        Assert.Equal(RouterMac, address.Address);
        Assert.False(frame.TryGetNeighborAdvertisement(out _));
        Assert.False(frame.TryGetRouterSolicitation(out _));
    }

    [Fact]
    public void NeighborAdvertisement()
    {
        var frame = new Frame(Arrived.Buffer(Vectors.Frames["neighbor-advertisement"]));
        Assert.True(frame.TryGetNeighborAdvertisement(out NeighborAdvertisement advertisement));
        Assert.False(advertisement.Router);
        Assert.True(advertisement.Solicited);
        Assert.True(advertisement.Override);
        Assert.Equal(Target, advertisement.Target);
        Assert.True(advertisement.Options.TryGetLinkLayerAddress(out LinkLayerAddressOption address));
        Assert.Equal(NeighborDiscoveryOptionType.TargetLinkLayerAddress, address.Type);
        Assert.Equal(HostMac, address.Address);
    }

    [Fact]
    public void RouterAdvertisement()
    {
        var frame = new Frame(Arrived.Buffer(Vectors.Frames["router-advertisement"]));
        Assert.True(frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement));
        Assert.Equal(64, advertisement.CurrentHopLimit);
        Assert.False(advertisement.Managed);
        Assert.False(advertisement.OtherConfiguration);
        Assert.Equal(RouterPreference.Medium, advertisement.DefaultRouterPreference);
        Assert.Equal(1800, advertisement.RouterLifetime);
        Assert.Equal(0u, advertisement.ReachableTime);
        Assert.Equal(0u, advertisement.RetransTimer);

        var types = new List<NeighborDiscoveryOptionType>();
        foreach (NeighborDiscoveryOption option in advertisement.Options)
            types.Add(option.Type);
        Assert.Equal(
            [NeighborDiscoveryOptionType.SourceLinkLayerAddress, NeighborDiscoveryOptionType.PrefixInformation, NeighborDiscoveryOptionType.Mtu],
            types);

        Assert.True(advertisement.Options.TryGetLinkLayerAddress(out LinkLayerAddressOption address));
        Assert.Equal(RouterMac, address.Address);
        Assert.True(advertisement.Options.TryGetPrefixInformation(out PrefixInformation prefix));
        Assert.Equal(Ipv6Prefix.Parse("2604:5f00:ffff:fe00::/64"), prefix.Prefix);
        Assert.True(prefix.OnLink);
        Assert.True(prefix.Autonomous);
        Assert.False(prefix.RouterAddress);
        Assert.Equal(2592000u, prefix.ValidLifetime);
        Assert.Equal(604800u, prefix.PreferredLifetime);
        Assert.True(advertisement.Options.TryGetMtu(out MtuOption mtu));
        Assert.Equal(1500u, mtu.Mtu);
        Assert.False(advertisement.Options.IsMalformed);
    }

    [Fact]
    public void AnotherPrefixLeavesAllElse()
    {
        FrameBuffer buffer = Arrived.Buffer(Vectors.Frames["router-advertisement"]);
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement));
        foreach (NeighborDiscoveryOption option in advertisement.Options)
        {
            if (option.TryGetPrefixInformation(out PrefixInformation information))
                information.Prefix = Ipv6Prefix.Parse("2001:db8:2::/64");
        }

        string before = Hex.Of(Vectors.Frames["router-advertisement"]);
        string expected = before.Replace("26045f00fffffe000000000000000000", "20010db8000200000000000000000000", StringComparison.Ordinal);
        (int field, ushort checksum) = NaiveSum.Recompute(Hex.Octets(expected));
        expected = string.Concat(expected.AsSpan(0, field * 2), $"{checksum:x4}", expected.AsSpan((field * 2) + 4));
        Assert.NotEqual(before, expected);
        Assert.Equal(expected, Hex.Of(frame.Octets));
    }

    [Theory]
    [InlineData("echo-request", Icmpv6Type.EchoRequest)]
    [InlineData("echo-reply", Icmpv6Type.EchoReply)]
    public void Echo(string name, Icmpv6Type type)
    {
        var frame = new Frame(Arrived.Buffer(Vectors.Frames[name]));
        Assert.True(frame.TryGetIcmpv6(out Icmpv6Header icmp));
        Assert.Equal(type, icmp.Type);
        Assert.Equal(type == Icmpv6Type.EchoRequest, icmp.IsEchoRequest);
        Assert.Equal(type == Icmpv6Type.EchoReply, icmp.IsEchoReply);
        Assert.Equal(0x52CE, icmp.Identifier);
        Assert.Equal(2, icmp.SequenceNumber);
        Assert.False(icmp.IsError);
        Assert.Equal(56, icmp.Data.Length);
        Assert.Equal(60, icmp.Body.Length);
        Assert.Equal(0x37, icmp.Data[^1]);
        Assert.True(icmp.InvokingPacket.IsEmpty);
        Assert.Equal(NaiveSum.Recompute(frame.Octets).Value, icmp.Checksum);
    }

    [Theory]
    [InlineData("dns-query-aaaa-ecs", 0xD425, 53, 71)]
    [InlineData("dns-answer-aaaa", 53, 0xD425, 119)]
    [InlineData("dns-query-aaaa-edns", 0xA0F4, 53, 55)]
    [InlineData("dns-answer-aaaa-2", 53, 0xA0F4, 119)]
    public void Dns(string name, int source, int destination, int length)
    {
        var frame = new Frame(Arrived.Buffer(Vectors.Frames[name]));
        Assert.True(frame.TryGetUdp(out UdpHeader udp));
        Assert.Equal(source, udp.SourcePort);
        Assert.Equal(destination, udp.DestinationPort);
        Assert.Equal(length, frame.Payload.Length);
        Assert.Equal(length + UdpHeader.Length, udp.DatagramLength);
    }
}
