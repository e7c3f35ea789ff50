using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Tests.Frames;

public class ExtensionHeaderTests
{
    [Fact]
    public void WalksAllInOrder()
    {
        string chain = "2b00 01040000 0000"     // hop-by-hop
            + "3c02 0200 00000000" + SampleFrames.FinalAddress    // routing, no segments left
            + "2c00 01040000 0000"              // destination options
            + "3a00 0000 00000001"              // atomic fragment
            + "8000 0000 1234 0001";
        var frame = new Frame(Sample.Buffer(SampleFrames.Ipv6(0, chain)));
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
        var frame = new Frame(Sample.Buffer(SampleFrames.Ipv6(44, "3c00 0008 00000001 3c00010400000000", fill: false)));
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
        var frame = new Frame(Sample.Buffer(SampleFrames.Ipv6(0, "3c00 01040000 0000 3a01 010400000000", fill: false)));
        Assert.True(frame.ExtensionHeaders.IsMalformed);
        Assert.True(frame.TryGetHopByHopOptions(out _));
        Assert.False(frame.TryGetDestinationOptions(out _));
        Assert.Equal(LayerStop.ExtensionHeader, frame.Layers.StoppedAt);
    }

    [Fact]
    public void ThereAreNoneInIpv4()
    {
        var frame = new Frame(Sample.Buffer(SampleFrames.TcpOverIpv4));
        Assert.False(frame.ExtensionHeaders.TryGet(IpProtocol.Fragment, out _));
        Assert.False(frame.ExtensionHeaders.IsMalformed);
    }

    [Theory]
    [InlineData(nameof(SampleFrames.SegmentRouting), 0)]
    [InlineData(nameof(SampleFrames.SourceRoute), 1)]
    [InlineData(nameof(SampleFrames.MobileHomeAddress), 0)]
    public void FinalAddressAndOnlyItIsInThePseudoHeader(string name, int final)
    {
        FrameBuffer buffer = Sample.Buffer(SampleFrames.All[name]);
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetRoutingHeader(out RoutingHeader routing));
        Assert.True(frame.TryGetTcp(out TcpHeader tcp));
        for (int i = 0; i < routing.AddressCount; i++)
        {
            ushort before = tcp.Checksum;
            Assert.True(routing.TrySetAddress(i, Ipv6Address.Parse("2001:db8:9::9")));
            Assert.Equal(i == final, before != tcp.Checksum);
            Assert.Equal(0, NaiveChecksum.TransportError(frame.Octets));
        }

        // A router that is the last but one: no segments left, and the destination's turn to be covered.
        routing.SegmentsLeft = 0;
        Assert.Equal(0, NaiveChecksum.TransportError(frame.Octets));
        Assert.True(frame.TryGetIpv6(out Ipv6Header ipv6));
        ipv6.Destination = Ipv6Address.Parse("2001:db8:9::10");
        Assert.Equal(0, NaiveChecksum.TransportError(frame.Octets));
        routing.SegmentsLeft = 1;
        Assert.True(frame.TryGetIpv6(out ipv6));
        ipv6.Destination = Ipv6Address.Parse("2001:db8:9::11");
        Assert.Equal(0, NaiveChecksum.TransportError(frame.Octets));
    }

    [Fact]
    public void RuleThatFaultsLeavesExtensionHeadersAsTheyWere()
    {
        FrameBuffer buffer = Sample.Buffer(SampleFrames.HopByHop);
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetHopByHopOptions(out Ipv6Options options));
        options.Strip(Ipv6OptionType.RouterAlert);
        Assert.True(buffer.Edited);
        buffer.Undo();
        Assert.Equal(Hex.Of(SampleFrames.HopByHop), Hex.Of(buffer.Octets));
    }

    [Fact]
    public void RawIpHasThemToo()
    {
        FrameBuffer buffer = Sample.Buffer(SampleFrames.HopByHop[14..], LinkType.RawIp);
        Assert.True(new Frame(buffer).TryGetHopByHopOptions(out _));
    }
}
