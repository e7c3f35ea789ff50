using Fluke6.Frames;

namespace Fluke6.Linux.Tests;

/// <summary>Segmentation in software against the kernel's: the same super-segment through a kernel bridge to a TAP without offloads.</summary>
public sealed class SegmentationTests
{
    [Theory]
    [InlineData(false, 0x18)]
    [InlineData(true, 0x18)]
    [InlineData(false, 0x99)]
    [InlineData(true, 0x11)]
    public void TcpIsCutAsTheKernelCutsIt(bool ipv6, byte flags) => CutsLikeTheKernel(TestFrames.Tcp(ipv6, 10_001, 1400, flags), 8);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UdpIsCutAsTheKernelCutsIt(bool ipv6) => CutsLikeTheKernel(TestFrames.Udp(ipv6, 10_001, 1200), 9);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ATaggedFrameIsCutAsTheKernelCutsIt(bool ipv6) => CutsLikeTheKernel(TestFrames.Tcp(ipv6, 3_000, 1400, tags: 0x8100), 3);

    [Fact]
    public void AFrameWhoseHeadersContradictTheVirtioHeaderIsNotCut()
    {
        FrameBuffer frame = TestFrames.Tcp(ipv6: false, 3_000, 1400);
        frame.Offload.SetSegmentation(SegmentationKind.Udp, 1400, TestFrames.Headers);
        Assert.False(new Segmentation().Begin(frame));
        frame.Offload.SetSegmentation(SegmentationKind.Tcpv4, 0, TestFrames.Headers);
        Assert.False(new Segmentation().Begin(frame));
    }

    [Fact]
    public void AnAbsentUdpChecksumStaysAbsent()
    {
        FrameBuffer frame = TestFrames.Udp(ipv6: false, 3_000, 1400);
        frame.Offload.ClearPartialChecksum();
        frame.Octets[40] = frame.Octets[41] = 0;
        List<FrameBuffer> cut = Cut(frame);
        Assert.Equal(3, cut.Count);
        Assert.All(cut, segment => Assert.Equal(0, segment.Octets[40] | segment.Octets[41]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnIpv4ChecksumThatArrivedWrongStaysWrong(bool wrong)
    {
        FrameBuffer frame = TestFrames.Tcp(ipv6: false, 3_000, 1400);
        frame.Octets[24] ^= (byte)(wrong ? 0x40 : 0);
        Assert.All(Cut(frame), segment => Assert.Equal(!wrong, WireCheck.AreChecksumsRight(segment, out _)));
    }

    private static void CutsLikeTheKernel(FrameBuffer frame, int segments)
    {
        using var lab = new Namespaces();
        string host = lab.Add("host");
        lab.Ip(host, "link add br0 type bridge");
        lab.Ip(host, "link set br0 up");
        using var into = new Wire($"tap:in0@{host}");
        using var outOf = new Wire($"tap:out0@{host}", offload: false);
        lab.Ip(host, "link set in0 master br0");
        lab.Ip(host, "link set out0 master br0");
        Namespaces.Until(() => lab.Exec(host, "bridge", "link").Split("state forwarding").Length == 3, "both bridge ports to forward");

        into.Send(frame);
        Assert.Equal(1, into.Counters.TxFrames);
        List<FrameBuffer> expected = outOf.Receive(segments), cut = Cut(frame);
        Assert.Equal(segments, expected.Count);
        Assert.Equal(expected.Select(segment => Convert.ToHexString(segment.Octets)), cut.Select(segment => Convert.ToHexString(segment.Octets)));
        Assert.All(cut, segment => Assert.True(WireCheck.AreChecksumsRight(segment, out bool hasTransport) && hasTransport));
        Assert.All(cut, segment => Assert.False(segment.Offload.NeedsCsum || segment.Offload.SegmentSize > 0));
    }

    private static List<FrameBuffer> Cut(FrameBuffer frame)
    {
        var segmentation = new Segmentation();
        Assert.True(segmentation.Begin(frame));
        List<FrameBuffer> segments = [];
        while (segmentation.HasNext)
        {
            var segment = new FrameBuffer(new FrameUndo());
            Assert.True(segmentation.TryNext(segment));
            segments.Add(segment);
        }

        return segments;
    }
}
