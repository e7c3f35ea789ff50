using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

public class ExtensionHeaderTests
{
    [Fact]
    public void WalksAllInOrder()
    {
        string chain = "2b00 01040000 0000"     // hop-by-hop
            + "3c02 0200 00000000" + KnownFrames.FinalAddress    // routing, no segments left
            + "2c00 01040000 0000"              // destination options
            + "3a00 0000 00000001"              // atomic fragment
            + "8000 0000 1234 0001";
        var frame = new Frame(Arrived.Buffer(KnownFrames.Ipv6().Payload(IpProtocol.HopByHopOptions, Hex.Octets(chain)).ToArray()));
        var kinds = new List<IpProtocol>();
        foreach (Ipv6ExtensionHeader header in frame.ExtensionHeaders)
            kinds.Add(header.Kind);
        Assert.Equal([IpProtocol.HopByHopOptions, IpProtocol.Routing, IpProtocol.DestinationOptions, IpProtocol.Fragment], kinds);
        Assert.True(frame.TryGetHopByHopOptions(out _));
        Assert.True(frame.TryGetDestinationOptions(out _));
        Assert.True(frame.TryGetRoutingHeader(out _));
        Assert.True(frame.TryGetFragmentHeader(out _));
        Assert.True(frame.TryGetIcmpv6(out Icmpv6Header icmp));
        Assert.True(icmp.IsEchoRequest);
    }

    [Fact]
    public void StopsAtTheFragmentHeaderOfALaterFragment()
    {
        // What follows looks like another extension header and is none.
        var frame = new Frame(Arrived.Buffer(KnownFrames.Ipv6().Payload(IpProtocol.Fragment, Hex.Octets("3c00 0008 00000001 3c00010400000000")).ToArray()));
        int count = 0;
        foreach (Ipv6ExtensionHeader header in frame.ExtensionHeaders)
            count++;
        Assert.Equal(1, count);
        Assert.False(frame.ExtensionHeaders.IsMalformed);
        Assert.False(frame.TryGetDestinationOptions(out _));
        Assert.Equal(LayerStop.LaterFragment, frame.Layers.StoppedAt);
    }

    [Fact]
    public void SaysThatAHeaderIsCutShort()
    {
        var frame = new Frame(Arrived.Buffer(KnownFrames.Ipv6().Payload(IpProtocol.HopByHopOptions, Hex.Octets("3c00 01040000 0000 3a01 010400000000")).ToArray()));
        Assert.True(frame.ExtensionHeaders.IsMalformed);
        Assert.True(frame.TryGetHopByHopOptions(out _));
        Assert.False(frame.TryGetDestinationOptions(out _));
        Assert.Equal(LayerStop.ExtensionHeader, frame.Layers.StoppedAt);
    }

    [Fact]
    public void ThereAreNoneInIpv4()
    {
        var frame = new Frame(Arrived.Buffer(KnownFrames.TcpOverIpv4));
        Assert.False(frame.ExtensionHeaders.TryGet(IpProtocol.Fragment, out _));
        Assert.False(frame.ExtensionHeaders.IsMalformed);
    }

    [Theory]
    [InlineData(nameof(KnownFrames.SegmentRouting), 0)]
    [InlineData(nameof(KnownFrames.SourceRoute), 1)]
    [InlineData(nameof(KnownFrames.MobileHomeAddress), 0)]
    public void FinalAddressAndOnlyItIsInThePseudoHeader(string name, int final)
    {
        FrameBuffer buffer = Arrived.Buffer(KnownFrames.All[name]);
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetRoutingHeader(out RoutingHeader routing));
        Assert.True(frame.TryGetTcp(out TcpHeader tcp));
        for (int i = 0; i < routing.AddressCount; i++)
        {
            ushort before = tcp.Checksum;
            Assert.Equal(EditResult.Changed, routing.SetAddress(i, Ipv6Address.Parse("2001:db8:9::9")));
            Assert.Equal(i == final, before != tcp.Checksum);
            Assert.Equal(0, NaiveSum.TransportError(frame.Octets));
        }

        // A router that is the last but one: no segments left, and the destination's turn to be covered.
        routing.SegmentsLeft = 0;
        Assert.Equal(0, NaiveSum.TransportError(frame.Octets));
        Assert.True(frame.TryGetIpv6(out Ipv6Header ipv6));
        ipv6.Destination = Ipv6Address.Parse("2001:db8:9::10");
        Assert.Equal(0, NaiveSum.TransportError(frame.Octets));
        routing.SegmentsLeft = 1;
        Assert.True(frame.TryGetIpv6(out ipv6));
        ipv6.Destination = Ipv6Address.Parse("2001:db8:9::11");
        Assert.Equal(0, NaiveSum.TransportError(frame.Octets));
    }

    [Fact]
    public void RuleThatFaultsLeavesExtensionHeadersAsTheyWere()
    {
        FrameBuffer buffer = Arrived.Buffer(KnownFrames.HopByHop);
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetHopByHopOptions(out Ipv6Options options));
        options.Strip(Ipv6OptionType.RouterAlert);
        Assert.True(buffer.Edited);
        buffer.Undo();
        Assert.Equal(Hex.Of(KnownFrames.HopByHop), Hex.Of(buffer.Octets));
    }

    [Fact]
    public void RawIpHasThemToo()
    {
        FrameBuffer buffer = Arrived.Buffer(KnownFrames.HopByHop[14..], LinkType.RawIp);
        Assert.True(new Frame(buffer).TryGetHopByHopOptions(out _));
    }
}
