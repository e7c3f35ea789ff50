using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>Super-segments in every encapsulation against frames that are laid out one by one.</summary>
public sealed class SegmentationTests
{
    public static TheoryData<string> Stacks => new(
        "eth/ip4/tcp", "eth/ip6/udp", "eth/vlan/ip4/tcp", "eth/svlan/vlan/vlan/vlan/vlan/vlan/ip6/tcp", "eth/ip4o/udp", "eth/ip6x/tcp",
        "eth/ip4/udpc/vxlan/eth/ip4/tcp", "eth/ip4/udp0/vxlan/eth/ip6/tcp", "eth/ip6/udpc/vxlan/eth/vlan/ip4/udp",
        "eth/vlan/ip6/udp0/vxlan/eth/ip4/tcp", "eth/ip4/udpc/vxlan-gpe/ip6/tcp", "eth/ip6/udpc/vxlan-gpe/eth/ip4/udp",
        "eth/ip4/udpc/geneve/eth/ip4/tcp", "eth/ip6/udpc/geneve/ip6/tcp", "eth/ip4/udpc/gue/ip4/tcp", "eth/ip6/udpc/gue/gre/ip4/udp",
        "eth/ip4/udpc/fou/ip4/tcp", "eth/ip6/udpc/fou/ip6/tcp", "eth/ip4/udpc/fou/gree/ip4/tcp", "eth/ip4/udp0/mpls/ip4/tcp",
        "eth/ip4/udpc/gtp/ip4/tcp", "eth/ip4/gre/ip4/tcp", "eth/ip4/grec/ip4/tcp", "eth/ip6/gree/ip6/tcp", "eth/ip4/gree/eth/ip4/udp", "eth/ip4/gre/mpls/ip6/tcp",
        "eth/ip4/ip4/tcp", "eth/ip4/ip6/tcp", "eth/ip6/ip4/udp", "eth/ip6/ip6/tcp", "eth/ip6r/ip4/tcp", "eth/ip6r/udpc/vxlan/eth/ip4/tcp",
        "eth/ip6/eth/ip4/tcp", "eth/ip4/etherip/eth/ip4/tcp", "eth/mpls/ip4/tcp", "eth/vlan/mpls/ip6/udp", "eth/mpls/eth/ip4/tcp",
        "eth/mpls-cw/eth/vlan/ip6/tcp", "eth/ip4/mpls/ip4/tcp", "eth/pppoe/ip4/tcp", "eth/vlan/pppoe/ip6/tcp", "eth/nsh/eth/ip4/tcp",
        "ip4/udpc/vxlan/eth/ip4/tcp", "ip6/ip4/tcp", "ip4/tcp",
        "eth/ip4/udpc/vxlan/eth/ip4/udpc/vxlan/eth/ip6/gree/ip4/tcp", "eth/ip6/gree/ip4/udp0/geneve/eth/ip6/udpc/vxlan/eth/ip4/udp");

    [Theory]
    [MemberData(nameof(Stacks))]
    public void EachPieceIsTheFrameThatAWireWouldCarry(string stack)
    {
        foreach ((int length, int size) in new[] { (5000, 1000), (5001, 1000), (4999, 1000), (1, 1), (300, 7), (1000, 1000), (20_000, 1448) })
            AssertCut(new NaivePacket(stack.Split('/'), FrameShapes.Data(length, length), size));
    }

    [Theory]
    [MemberData(nameof(Stacks))]
    public void WhatIsLongerThanAPacketBecomesSeveralThatAreNot(string stack)
    {
        if (stack.EndsWith("udp", StringComparison.Ordinal))
            return;

        foreach ((int length, int size) in new[] { (65_500, 1448), (65_536, 1448), (150_000, 1448), (180_001, 1024), (510_000, 8948) })
        {
            var sample = new NaivePacket(stack.Split('/'), FrameShapes.Data(length, length), size);
            FrameBuffer buffer = sample.ToBuffer(out ReadOnlyMemory<byte> rest);
            List<FrameBuffer> pieces = Cut(new Segmentation(SegmentationPieces.SuperSegments), buffer, rest);

            Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 65535));
            Assert.True(pieces.Count <= (length / 62_000) + 1 + (rest.IsEmpty ? 0 : 1), $"{sample}: {pieces.Count} pieces");
            AssertSame(sample, pieces.SelectMany(piece => Cut(new Segmentation(), piece)));
            AssertSame(sample, Cut(new Segmentation(), buffer, rest));
        }
    }

    [Theory]
    [MemberData(nameof(Stacks))]
    public void TunnelDatagramsTogetherAreTheSameDatagrams(string stack)
    {
        foreach ((int length, int size) in new[] { (5000, 1000), (60_001, 1448), (64_000, 60), (900, 1000) })
        {
            var sample = new NaivePacket(stack.Split('/'), FrameShapes.Data(length, length), size);
            FrameBuffer buffer = sample.ToBuffer(out _);
            var regrouping = new Segmentation(SegmentationPieces.TunnelDatagrams);
            bool isUdpTunnel = sample.Layers.SkipWhile(name => name is "eth" or "vlan" or "svlan").Skip(1).First() == "udpc" && !stack.Contains("ip6r");
            Assert.Equal(isUdpTunnel, regrouping.Begin(buffer));
            if (!isUdpTunnel)
                continue;

            List<FrameBuffer> groups = Cut(regrouping, buffer);
            Assert.True(groups.Count <= (length / size / 64) + 2 + (length / 50_000), $"{sample}: {groups.Count} groups");
            Assert.All(groups, group => Assert.True(group.IsSegmentedAtOuterTransport && group.Layers.NetworkEnd == group.Length));
            AssertSame(sample, groups.SelectMany(group => Cut(new Segmentation(), group)));
        }
    }

    [Fact]
    public void AnyStackOfHeadersIsCutRight()
    {
        string[] networks = ["ip4", "ip6", "ip4o", "ip6x"];
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            List<string> layers = ["eth", .. Enumerable.Repeat("vlan", random.Next(3))];
            for (int depth = random.Next(5); depth > 0; depth--)
            {
                string network = networks[random.Next(networks.Length)];
                string[][] tunnels =
                [
                    [network], [network, "gre"], [network, "gree"], [network, "gree", "eth"], [network, "udpc", "vxlan", "eth"],
                    [network, "udp0", "vxlan", "eth", "vlan"], [network, "udpc", "geneve", "eth"], [network, "udpc", "geneve"],
                    [network, "udpc", "gue"], [network, "udp0", "fou"], [network, "udpc", "gtp"], [network, "udpc", "vxlan-gpe"],
                ];
                if (layers[^1] is "eth" or "vlan" && random.Next(4) == 0)
                    layers.Add(random.Next(2) == 0 ? "mpls" : "pppoe");
                layers.AddRange(tunnels[random.Next(tunnels.Length)]);
            }

            layers.Add(networks[random.Next(networks.Length)]);
            layers.Add(random.Next(3) == 0 ? "udp" : "tcp");
            int size = random.Next(1, 1500);
            var sample = new NaivePacket([.. layers], FrameShapes.Data(random.Next(1, 20 * size), seed), size, (byte)random.Next(256));
            AssertCut(sample);
        }
    }

    [Theory]
    [InlineData("eth/unknown/ip4/tcp")]
    [InlineData("eth/ip4/udpc/unknown/eth/ip4/tcp")]
    public void WhatIsInsideHeadersThatNobodyKnowsIsNotCut(string stack)
    {
        string[] layers = stack.Split('/');
        var known = new NaivePacket([.. layers.Where(name => name != "unknown")], FrameShapes.Data(5000), 1000);
        FrameBuffer buffer = known.ToBuffer(out _);
        int at = layers[1] == "unknown" ? 14 : 42;
        byte[] octets = [.. buffer.Octets[..at], 0xFF, 0xFF, 0xFF, .. buffer.Octets[at..]];
        if (at == 14)
            (octets[12], octets[13]) = (0x88, 0xB5);
        int start = buffer.Offload.ChecksumStart + 3;
        buffer.Load(octets, buffer.LinkType, default);
        buffer.Offload.SetPartialChecksum(start, 16);
        buffer.Offload.SetSegmentation(SegmentationKind.Tcpv4, 1000, 0);
        Assert.All(Enum.GetValues<SegmentationPieces>().Where(pieces => pieces != SegmentationPieces.SuperSegments),
            pieces => Assert.False(new Segmentation(pieces).Begin(buffer)));
    }

    [Theory]
    [InlineData("eth/ip4/udpc/vxlan/eth/ip4/tcp")]
    [InlineData("eth/vlan/ip6/udp0/vxlan/eth/ip6/tcp")]
    [InlineData("eth/ip6/gree/ip4/tcp")]
    [InlineData("eth/ip4/ip6/tcp")]
    public void EditsInsideATunnelLeaveWithEveryPiece(string stack)
    {
        FrameBuffer buffer = new NaivePacket(stack.Split('/'), FrameShapes.Data(5001), 1000).ToBuffer(out _);
        Assert.True(new Frame(buffer).TryGetInner(out Frame inner));
        Assert.Equal(1000, inner.SegmentSize);
        Assert.Equal(EditResult.Changed, inner.RemoveTcpOption(TcpOptionKind.Timestamps));
        Assert.True(inner.TryGetTcp(out TcpHeader tcp));
        tcp.DestinationPort = 81;
        buffer.EndRule();

        List<FrameBuffer> pieces = Cut(new Segmentation(), buffer);
        Assert.Equal(6, pieces.Count);
        for (int i = 0; i < pieces.Count; i++)
        {
            Assert.True(new Frame(pieces[i]).TryGetInner(out Frame piece) && piece.TryGetTcp(out tcp));
            Assert.Equal((81, 20), (tcp.DestinationPort, tcp.HeaderLength));
            Assert.Equal(0xFFFF_FF00u + (uint)(1000 * i), tcp.SequenceNumber);
            Assert.Equal(i < 5 ? 1000 : 1, piece.Payload.Length);
            Assert.Equal(0, FrameCheck.Read(piece.Buffer).ChecksumError);
            if (pieces[i].Layers.HasTransport && stack.Contains("udpc"))
                Assert.Equal(0, FrameCheck.Read(pieces[i]).ChecksumError);
        }
    }

    [Fact]
    public void AnyOctetsAreSafeToCut()
    {
        string[] stacks = [.. Stacks.Select(row => row.Data)];
        var into = new FrameBuffer(new FrameUndo());
        Segmentation[] all = [.. Enum.GetValues<SegmentationPieces>().Select(pieces => new Segmentation(pieces))];
        int cut = 0;
        for (int seed = 0; seed < 60_000; seed++)
        {
            var random = new Random(seed);
            FrameBuffer buffer = s_buffers[seed % s_buffers.Length] ??=
                new NaivePacket(stacks[seed % stacks.Length].Split('/'), FrameShapes.Data(3000), 1000).ToBuffer(out _);
            byte[] octets = buffer.Octets.ToArray(), offload = new byte[Offload.Length];
            buffer.Array.AsSpan(buffer.Start - Offload.Length, Offload.Length).CopyTo(offload);
            for (int i = random.Next(1, 4); i > 0; i--)
                octets[random.Next(120)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                offload[random.Next(2, 10)] = (byte)random.Next(256);

            foreach (Segmentation segmentation in all)
            {
                into.Load(octets.AsSpan(0, random.Next(5) == 0 ? random.Next(octets.Length) : octets.Length), buffer.LinkType, default);
                offload.CopyTo(into.Array.AsSpan(into.Start - Offload.Length));
                var piece = new FrameBuffer(new FrameUndo());
                for (bool more = segmentation.Begin(into); more; more = segmentation.HasNext)
                {
                    Assert.True(segmentation.TryNext(piece));
                    Assert.InRange(piece.Length, 0, FrameBuffer.MaxFrameLength);
                    cut++;
                }
            }
        }

        Assert.InRange(cut, 60_000, int.MaxValue);
    }

    [Fact]
    public void ManyWaysThroughTheHeadersEndSoon()
    {
        // UDP in UDP in UDP, where each could be one of seven tunnels, and labels without end.
        byte[] octets = new byte[60_000];
        octets.AsSpan().Fill(0x48);
        new NaivePacket(["eth", "ip4", "udp0", "fou", "ip4", "tcp"], [1], 1).SuperSegment().Octets.CopyTo(octets, 0);
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, default);
        buffer.Offload.SetPartialChecksum(59_000, 16);
        buffer.Offload.SetSegmentation(SegmentationKind.Tcpv4, 100, 0);
        var segmentation = new Segmentation();
        for (int i = 0; i < 10_000; i++)
            Assert.False(segmentation.Begin(buffer));
    }

    [Fact]
    public void CuttingAllocatesNothing()
    {
        FrameBuffer buffer = new NaivePacket("eth/ip6/udpc/vxlan/eth/ip4/tcp".Split('/'), FrameShapes.Data(60_000), 1448).ToBuffer(out _);
        var into = new FrameBuffer(new FrameUndo());
        foreach (SegmentationPieces pieces in Enum.GetValues<SegmentationPieces>())
        {
            var segmentation = new Segmentation(pieces);
            CutAll(segmentation, buffer, into);
            Assert.Equal(0, Allocation.In(() => CutAll(segmentation, buffer, into)));
        }
    }

    private static readonly FrameBuffer?[] s_buffers = new FrameBuffer?[Stacks.Count];

    private static void CutAll(Segmentation segmentation, FrameBuffer buffer, FrameBuffer into)
    {
        segmentation.Begin(buffer);
        while (segmentation.HasNext)
            segmentation.TryNext(into);
    }

    private static void AssertCut(NaivePacket sample) => AssertSame(sample, Cut(new Segmentation(), sample.ToBuffer(out _)));

    private static void AssertSame(NaivePacket sample, IEnumerable<FrameBuffer> pieces)
    {
        List<byte[]> expected = sample.Segments();
        List<FrameBuffer> cut = [.. pieces];
        Assert.True(expected.Count == cut.Count, $"{sample}: {cut.Count} pieces instead of {expected.Count}");
        for (int i = 0; i < cut.Count; i++)
        {
            if (!cut[i].Octets.SequenceEqual(expected[i]))
                Assert.Fail($"{sample}, piece {i}:\n{Convert.ToHexString(cut[i].Octets)}\n{Convert.ToHexString(expected[i])}");
            Assert.False(cut[i].Offload.NeedsCsum || cut[i].Offload.SegmentSize > 0);
        }
    }

    private static List<FrameBuffer> Cut(Segmentation segmentation, FrameBuffer frame, ReadOnlyMemory<byte> rest = default)
    {
        Assert.True(segmentation.Begin(frame, rest), "it cannot be cut");
        List<FrameBuffer> pieces = [];
        while (segmentation.HasNext)
        {
            var piece = new FrameBuffer(new FrameUndo());
            Assert.True(segmentation.TryNext(piece));
            pieces.Add(piece);
        }

        return pieces;
    }
}
