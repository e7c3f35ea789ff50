using Fluke6.Frames;
using Fluke6.Testing;
using Fluke6.Testing.Oracle;
using Fluke6.Testing.Packets;
using Fluke6.Wire;

namespace Fluke6.Linux.Tests;

/// <summary>Super-segments in tunnels that leave whole: what the next host gets, and what the kernel makes of them where it has to cut.</summary>
public sealed class WholeTunnelTests : IDisposable
{
    private readonly CutBeyond _lab = new();

    // With how many frames each leaves if the last segment is shorter. One with an outer checksum then comes by itself.
    private static readonly (string Stack, int Frames)[] s_whole =
    [
        ("eth/ip4/udp0/vxlan/eth/ip4/tcp", 1), ("eth/ip4/udp0/vxlan/eth/ip6/tcp", 1), ("eth/ip6/udp0/vxlan/eth/ip4/tcp", 1),
        ("eth/ip6/udp0/vxlan/eth/ip6/tcp", 1), ("eth/ip4/udp0/vxlan/eth/ip4/udp", 1), ("eth/ip6/udp0/vxlan/eth/ip6/udp", 1),
        ("eth/ip4/udp0/vxlan/eth/vlan/ip4/tcp", 1), ("eth/ip4/udp0/vxlan/eth/ip4o/tcp", 1), ("eth/ip4/udp0/vxlan/eth/ip6x/tcp", 1),
        ("eth/vlan/ip4/udp0/vxlan/eth/ip4/tcp", 1), ("eth/svlan/vlan/ip6/udp0/vxlan/eth/ip4/tcp", 1), ("eth/ip4/udp0/vxlan-gpe/ip6/tcp", 1),
        ("eth/ip4/udp0/geneve/eth/ip4/tcp", 1), ("eth/ip6/udp0/geneve/ip6/tcp", 1), ("eth/ip4/udp0/gue/ip4/tcp", 1),
        ("eth/ip4/udp0/fou/ip6/tcp", 1), ("eth/ip4/udp0/mpls/ip4/tcp", 1),
        ("eth/ip4/gre/ip4/tcp", 1), ("eth/ip4/gre/ip6/tcp", 1), ("eth/ip4/gre/eth/ip4/tcp", 1), ("eth/ip6/gre/ip4/tcp", 1),
        ("eth/ip6/gre/eth/ip6/udp", 1), ("eth/vlan/ip4/gre/ip4/tcp", 1), ("eth/ip4/gre/mpls/ip6/tcp", 1),
        ("eth/ip4/ip4/tcp", 1), ("eth/ip4/ip6/tcp", 1), ("eth/ip6/ip4/tcp", 1), ("eth/ip6/ip6/tcp", 1), ("eth/ip4/ip4/udp", 1),
        ("eth/vlan/ip4/ip6/tcp", 1),
        ("eth/ip4/udpc/vxlan/eth/ip4/tcp", 2), ("eth/ip6/udpc/vxlan/eth/ip6/tcp", 2), ("eth/ip4/udpc/geneve/eth/ip4/udp", 2),
        ("eth/vlan/ip6/udpc/vxlan/eth/vlan/ip4/tcp", 2), ("eth/ip4/grec/ip4/tcp", 2), ("eth/ip6/grec/eth/ip6/tcp", 2),
    ];

    private static readonly string[] s_cut =
    [
        "eth/ip4o/udp0/vxlan/eth/ip4/tcp", "eth/ip6x/ip4/tcp", "eth/ip6r/udpc/vxlan/eth/ip4/tcp", "eth/ip4/gree/ip4/tcp", "eth/ip4/udp0/gtp/ip4/tcp",
        "eth/ip4/udp0/vxlan/eth/ip4/gre/ip4/tcp", "eth/ip4/ip4/ip4/tcp", "eth/pppoe/ip4/ip4/tcp", "eth/mpls/ip4/tcp", "eth/ip4/etherip/eth/ip4/tcp",
        "eth/vlan/vlan/vlan/ip4/udp0/vxlan/eth/ip4/tcp", "eth/ip4/udp0/vxlan/eth/mpls/ip4/tcp",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PiecesThatTheKernelCutsAreThoseOfAWire(bool atThePort)
    {
        if (atThePort)
            _lab.CutAtThePort();
        foreach ((string stack, int frames) in s_whole)
        {
            foreach ((int length, int size) in new[] { (10_001, 1000), (12_000, 1200), (60_000, 1300) })
            {
                long before = _lab.Port.Counters.TxFrames;
                _lab.AssertCutRight(new NaivePacket(stack.Split('/'), FrameShapes.Data(length, length), size));
                Assert.Equal((stack, length % size == 0 ? 1 : frames), (stack, _lab.Port.Counters.TxFrames - before));
            }
        }

        Assert.Equal(0, _lab.Port.Counters.TxDropped);
    }

    [Fact]
    public void TunnelsThatTheKernelWouldNotCutRightAreCutHere()
    {
        foreach (string stack in s_cut)
        {
            long before = _lab.Port.Counters.TxFrames;
            _lab.AssertCutRight(new NaivePacket(stack.Split('/'), FrameShapes.Data(10_001), 1000));
            Assert.Equal((stack, 11), (stack, _lab.Port.Counters.TxFrames - before));
        }

        Assert.Equal(0, _lab.Port.Counters.TxDropped);
    }

    [Theory]
    [InlineData("eth/ip4/udp0/vxlan/eth/ip4/tcp")]
    [InlineData("eth/ip6/udp0/geneve/eth/ip6/udp")]
    [InlineData("eth/vlan/ip4/gre/ip4/tcp")]
    [InlineData("eth/ip4/ip6/tcp")]
    public void NextHostGetsTheFrameAsItIs(string stack)
    {
        using var next = new Wire($"h0@{_lab.Beyond}");
        FrameBuffer sent = new NaivePacket(stack.Split('/'), FrameShapes.Data(60_001), 1400).ToBuffer(out _);
        _lab.Port.Send(sent);
        FrameBuffer came = Assert.Single(next.Receive(1));
        Assert.Equal(Convert.ToHexString(sent.Octets), Convert.ToHexString(came.Octets));
        Assert.Equal((sent.Offload.Segmentation, sent.Offload.SegmentSize), (came.Offload.Segmentation, came.Offload.SegmentSize));
        Assert.Equal((sent.Offload.ChecksumStart, sent.Offload.ChecksumOffset), (came.Offload.ChecksumStart, came.Offload.ChecksumOffset));
    }

    [Theory]
    [InlineData("eth/ip4/udp0/vxlan/eth/ip4/tcp")]
    [InlineData("eth/vlan/ip6/udpc/vxlan/eth/ip6/tcp")]
    [InlineData("eth/ip6/grec/ip4/tcp")]
    public void EditsLeaveWithEveryPiece(string stack)
    {
        FrameBuffer frame = new NaivePacket(stack.Split('/'), FrameShapes.Data(5001), 1000).ToBuffer(out _);
        Assert.True(new Frame(frame).TryGetInner(out Frame inner));
        Assert.Equal(EditResult.Changed, inner.RemoveTcpOption(TcpOptionKind.Timestamps));
        Assert.True(inner.TryGetTcp(out TcpHeader tcp));
        tcp.DestinationPort = 81;
        frame.EndRule();

        List<FrameBuffer> pieces = [.. _lab.Send(frame, 6).OrderBy(SequenceNumber)];
        Assert.InRange(_lab.Port.Counters.TxFrames, 1, 2);
        for (int i = 0; i < pieces.Count; i++)
        {
            Assert.True(new Frame(pieces[i]).TryGetInner(out Frame piece) && piece.TryGetTcp(out tcp));
            Assert.Equal((81, 20, 0xFFFF_FF00u + (uint)(1000 * i)), (tcp.DestinationPort, tcp.HeaderLength, tcp.SequenceNumber));
            Assert.Equal(i < 5 ? 1000 : 1, piece.Payload.Length);
            Assert.True(!stack.Contains("udpc", StringComparison.Ordinal) || WireCheck.AreChecksumsRight(pieces[i], out _));
            Assert.Equal(0, FrameCheck.Read(piece.Buffer).ChecksumError);
        }
    }

    private static uint SequenceNumber(FrameBuffer frame) =>
        new Frame(frame).TryGetInner(out Frame inner) && inner.TryGetTcp(out TcpHeader tcp) ? tcp.SequenceNumber - 0xFFFF_FF00u : uint.MaxValue;

    // tcpdump sees frames as they leave.
    [Fact]
    public void FramesLeaveWholeAndInTheirOrder()
    {
        using System.Net.Sockets.Socket tcpdump = PacketSocket.Open(_lab.Middle, ((KernelPort)_lab.Port.Port).InterfaceIndex);
        FrameBuffer[] sent =
        [
            .. Enumerable.Range(0, 20).Select(i => i % 3 == 1
                ? new NaivePacket("eth/ip4/udp0/vxlan/eth/ip4/tcp".Split('/'), FrameShapes.Data(4000, i), 1000).ToBuffer(out _)
                : TestFrames.Plain((byte)i)),
        ];
        _lab.Port.Send(sent);
        tcpdump.ReceiveTimeout = 30_000;
        byte[] buffer = new byte[65536];
        List<string> seen = [];
        // The host's own frames come from elsewhere.
        while (seen.Count < sent.Length)
        {
            int length = tcpdump.Receive(buffer);
            if (buffer.AsSpan(6, 5).SequenceEqual(sent[0].Octets.Slice(6, 5)))
                seen.Add(Convert.ToHexString(buffer.AsSpan(0, length)));
        }

        Assert.Equal(sent.Select(frame => Convert.ToHexString(frame.Octets)), seen);
    }

    [Fact]
    public void SendingAllocatesNothing()
    {
        foreach (string stack in new[] { "eth/ip4/udp0/vxlan/eth/ip4/tcp", "eth/ip6/udpc/vxlan/eth/ip4/tcp" })
        {
            FrameBuffer[] frames = [new NaivePacket(stack.Split('/'), FrameShapes.Data(20_001), 1000).ToBuffer(out _)];
            _lab.Port.Send(frames);
            Assert.Equal(0, Allocation.In(() => _lab.Port.Port.Transmit(frames)));
        }
    }

    public void Dispose() => _lab.Dispose();
}
