using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Frames;

/// <summary>
/// Every kind of edit of every kind of frame that leaves work to the card: checksums come out right on the wire whether the card does the
/// work or Fluke6 does. The judge is a card of the test's own, and naive sums.
/// </summary>
public sealed class OffloadMatrixTests
{
    private static readonly Dictionary<string, FrameShape> s_plain = new()
    {
        ["TCP over IPv4, partial"] = new() { HasPartialChecksum = true, Payload = FrameShapes.Data(101), TcpOptions = FrameShapes.LinuxSyn, TcpFlags = 2 },
        ["TCP over IPv6, partial"] = new() { HasPartialChecksum = true, IsIpv6 = true, Payload = FrameShapes.Data(100), TcpOptions = FrameShapes.LinuxSyn, TcpFlags = 2 },
        ["TCP over IPv4, super-segment"] = new() { HasPartialChecksum = true, Payload = FrameShapes.Data(14481), SegmentSize = 1440, TcpOptions = FrameShapes.LinuxSyn },
        ["TCP over IPv6, super-segment"] = new() { HasPartialChecksum = true, IsIpv6 = true, Payload = FrameShapes.Data(14480), SegmentSize = 1420, TcpOptions = FrameShapes.LinuxSyn },
        ["UDP over IPv4, partial"] = new() { HasPartialChecksum = true, Transport = IpProtocol.Udp, Payload = FrameShapes.Data(99) },
        ["UDP over IPv4, super-segment"] = new() { HasPartialChecksum = true, Transport = IpProtocol.Udp, Payload = FrameShapes.Data(12000), SegmentSize = 1200 },
        ["nothing left"] = new() { Payload = FrameShapes.Data(64), TcpOptions = FrameShapes.LinuxSyn, TcpFlags = 2 },
    };

    private static readonly Dictionary<string, Func<TunnelledFrame>> s_tunnels = new()
    {
        ["VXLAN over IPv4, inner TCP partial"] = () => Tunnel(false, TunnelKind.Vxlan),
        ["VXLAN over IPv6, inner TCP partial"] = () => Tunnel(true, TunnelKind.Vxlan),
        ["VXLAN, no outer checksum, inner TCP partial"] = () => Tunnel(false, TunnelKind.Vxlan, hasChecksum: false),
        ["VXLAN, outer checksum wrong, inner TCP partial"] = () => Tunnel(false, TunnelKind.Vxlan, error: 0x1234),
        ["Teredo at an odd offset, inner TCP partial"] = () => Tunnel(false, TunnelKind.TeredoWithIndications),
        ["VXLAN in VXLAN, innermost TCP partial"] = () => Tunnel(false, TunnelKind.Vxlan, TunnelKind.Vxlan),
        ["IP in IP, inner TCP partial"] = () => Tunnel(true, TunnelKind.IpInIp),
        ["GRE with checksum, inner TCP partial"] = () => Tunnel(false, TunnelKind.GreWithEverything),
    };

    private delegate EditResult Edit(Frame frame);

    private static readonly Dictionary<string, Edit> s_edits = new()
    {
        ["hop limit"] = frame => Do(SetHopLimit, frame),
        ["addresses"] = frame => Do(SetAddresses, frame),
        ["ports"] = frame => Do(SetPorts, frame),
        ["tag"] = frame => frame.InsertVlanTag(5),
        ["option value"] = frame => frame.SetMaximumSegmentSize(900),
        ["option stripped"] = frame => Do(Strip, frame),
        ["option removed"] = frame => frame.RemoveTcpOption(TcpOptionKind.SackPermitted),
        ["option added"] = frame => frame.AppendTcpOption((TcpOptionKind)253, [1, 2]),
        ["payload written, even"] = frame => frame.WritePayload((frame.Payload.Length - 30) & ~1, [9, 8, 7, 6]),
        ["payload written, odd"] = frame => frame.WritePayload((frame.Payload.Length - 30) | 1, [9, 8, 7]),
        ["payload written, first octets"] = frame => frame.WritePayload(0, [0x42]),
        ["payload replaced"] = frame => frame.ReplacePayload([.. AllButThree(frame), 1, 2, 3]),
        ["payload shorter"] = frame => frame.ReplacePayload(AllButThree(frame)),
        ["payload longer"] = frame => frame.ReplacePayload([.. frame.Payload, 1, 2, 3]),
        ["payload gone"] = frame => frame.ReplacePayload([]),
        ["payload of the rule's own"] = frame => frame.ReplacePayload(FrameShapes.Data(200, seed: 7)),
    };

    public static TheoryData<string, string> Plain => Pairs(s_plain.Keys);

    public static TheoryData<string, string> Tunnels => Pairs(s_tunnels.Keys);

    [Theory]
    [MemberData(nameof(Plain))]
    public void FrameIsRightOnTheWire(string shape, string edit)
    {
        FrameBuffer buffer = s_plain[shape].ToBuffer();
        EditResult result = s_edits[edit](new Frame(buffer));
        Assert.True(result == EditResult.Changed || !buffer.Edited);
        buffer.EndRule();

        // The card's work: what it is told has to be true.
        FrameCheck check = FrameCheck.Read(buffer);
        Assert.Equal(0, check.ChecksumError);

        // Fluke6's own.
        var segmentation = new Segmentation();
        Assert.True(segmentation.Begin(buffer));
        var piece = new FrameBuffer(new FrameUndo());
        int payload = 0;
        while (segmentation.TryNext(piece))
        {
            FrameCheck one = FrameCheck.Read(piece);
            Assert.Equal(0, one.ChecksumError);
            payload += one.PayloadLength;
        }

        Assert.Equal(check.PayloadLength, payload);
    }

    [Theory]
    [MemberData(nameof(Tunnels))]
    public void TunnelIsRightOnTheWireAfterAnEditOfTheOuterFrame(string shape, string edit)
    {
        TunnelledFrame sample = s_tunnels[shape]();
        var buffer = new FrameBuffer(new FrameUndo());
        sample.LoadInto(buffer);
        int?[] before = sample.Check(Card(buffer));
        int innerError = InnerError(Card(buffer));
        Assert.Equal(0, innerError);
        byte[] untouched = Card(buffer);

        var frame = new Frame(buffer);
        Edit change = s_edits[edit];
        EditResult result = change(frame);
        byte[] asked = frame.Payload.ToArray();
        buffer.EndRule();
        byte[] wire = Card(buffer);
        if (result != EditResult.Changed)
        {
            Assert.Equal(untouched, wire);
            return;
        }

        // Past the outermost, lengths are the rule's to keep; the outermost level is Fluke6's.
        Assert.Equal(before[0], OuterError(wire, buffer));
        if (edit is "payload of the rule's own" or "payload gone")
            Assert.Equal(Hex.Of(asked), Hex.Of(wire.AsSpan()[^asked.Length..]));
        if (!edit.StartsWith("payload", StringComparison.Ordinal))
            Assert.Equal(before, sample.Check(wire));
        if (edit is "payload written, even" or "payload written, odd" or "payload replaced" || !edit.StartsWith("payload", StringComparison.Ordinal))
            Assert.Equal(0, InnerError(wire));
    }

    [Fact]
    public void OuterChecksumIsRightWhateverIsWrittenWherever()
    {
        var buffer = new FrameBuffer(new FrameUndo());
        for (int seed = 0; seed < 10_000; seed++)
        {
            var random = new Random(seed);
            string[] shapes = [.. s_tunnels.Keys];
            TunnelledFrame sample = s_tunnels[shapes[random.Next(shapes.Length)]]();
            sample.LoadInto(buffer);
            byte[] untouched = Card(buffer);
            int? before = sample.Check(untouched)[0];
            var frame = new Frame(buffer);
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                byte[] octets = FrameShapes.Data(random.Next(30), random.Next());
                int at = random.Next(frame.Payload.Length + 5);
                _ = random.Next(4) switch
                {
                    0 when at <= frame.Payload.Length => frame.ReplacePayload([.. frame.Payload[..at], .. octets]),
                    1 => frame.ReplacePayload([.. frame.Payload, .. octets]),
                    _ => frame.WritePayload(at, octets),
                };
            }

            buffer.EndRule();
            Assert.True(before == OuterError(Card(buffer), buffer), $"seed {seed}");
        }
    }

    /// <summary>What the rule writes over a checksum that was left to complete goes out as it wrote it.</summary>
    [Fact]
    public void ChecksumThatTheRuleWritesIsNotCompleted()
    {
        var buffer = new FrameBuffer(new FrameUndo());
        Tunnel(false, TunnelKind.Vxlan).LoadInto(buffer);
        var frame = new Frame(buffer);
        int field = buffer.Offload.ChecksumStart + buffer.Offload.ChecksumOffset;
        Assert.Equal(EditResult.Changed, frame.WritePayload(field - frame.Layers.PayloadOffset, [0xAB, 0xCD]));
        Assert.False(frame.HasPartialChecksum);
        byte[] wire = Card(buffer);
        Assert.Equal(0xABCD, ReadUInt16BigEndian(wire.AsSpan(field)));
        Assert.Equal(0, OuterError(wire, buffer));
    }

    private static TheoryData<string, string> Pairs(IEnumerable<string> shapes)
    {
        var pairs = new TheoryData<string, string>();
        foreach (string shape in shapes)
        {
            foreach (string edit in s_edits.Keys)
                pairs.Add(shape, edit);
        }

        return pairs;
    }

    private static TunnelledFrame Tunnel(bool overIpv6, TunnelKind kind, TunnelKind? outer = null, ushort error = 0, bool hasChecksum = true)
    {
        bool inEthernet = kind == TunnelKind.Vxlan;
        var inner = new FrameShape
        {
            IsRawIp = !inEthernet,
            IsIpv6 = kind == TunnelKind.TeredoWithIndications,
            HasPartialChecksum = true,
            Payload = FrameShapes.Data(161),
            TcpOptions = FrameShapes.LinuxSyn,
            TcpFlags = 2,
        };
        TunnelledFrame sample = new TunnelledFrame(inner).Wrap(kind, overIpv6, error, hasChecksum);
        if (outer is { } around)
            sample.WithEthernet().Wrap(around, overIpv6);
        return sample.WithEthernet();
    }

    /// <summary>The frame as a card would send it: what the offload header names summed naively. virtio 1.2 §5.1.6.2.</summary>
    private static byte[] Card(FrameBuffer buffer)
    {
        byte[] octets = new Frame(buffer).Octets.ToArray();
        Offload offload = buffer.Offload;
        if (offload.NeedsCsum)
        {
            Assert.Equal(0, offload.SegmentSize);
            WriteUInt16BigEndian(
                octets.AsSpan(offload.ChecksumStart + offload.ChecksumOffset), (ushort)(0xFFFF - NaiveSum.Sum(octets.AsSpan(offload.ChecksumStart))));
        }

        return octets;
    }

    private static int InnerError(byte[] wire)
    {
        // The innermost segment is the frame's last 20 + 20 + 161 octets: header, options, payload.
        ReadOnlySpan<byte> segment = wire.AsSpan()[^(20 + 20 + 161)..];
        bool isIpv6 = wire[^(20 + 20 + 161 + 40)] == 0x60;
        ReadOnlySpan<byte> addresses = isIpv6 ? wire.AsSpan()[^(201 + 32)..^201] : wire.AsSpan()[^(201 + 8)..^201];
        return NaiveSum.Add(NaiveSum.Sum([.. addresses, 0, 6, 0, 201]), NaiveSum.Sum(segment)) % 0xFFFF;
    }

    private static int? OuterError(byte[] wire, FrameBuffer buffer)
    {
        ref readonly Layers layers = ref buffer.Layers;
        Assert.Equal(0, NaiveSum.HeaderError(wire));
        ReadOnlySpan<byte> segment = wire.AsSpan(layers.TransportOffset);
        if (layers.NextProtocol == IpProtocol.Gre)
            return (segment[0] & 0x80) == 0 ? null : NaiveSum.Sum(segment) % 0xFFFF;
        if (layers.NextProtocol != IpProtocol.Udp)
            return null;

        Assert.Equal(segment.Length, ReadUInt16BigEndian(segment[4..]));
        return ReadUInt16BigEndian(segment[6..]) == 0 ? null : NaiveSum.TransportError(wire);
    }

    private static ReadOnlySpan<byte> AllButThree(Frame frame) => frame.Payload[..Math.Max(frame.Payload.Length - 3, 0)];

    private static EditResult Do(Action<Frame> edit, Frame frame)
    {
        edit(frame);
        return EditResult.Changed;
    }

    private static void SetHopLimit(Frame frame)
    {
        if (frame.TryGetIpv4(out Ipv4Header ipv4))
            ipv4.TimeToLive = 9;
        if (frame.TryGetIpv6(out Ipv6Header ipv6))
            ipv6.HopLimit = 9;
    }

    private static void SetAddresses(Frame frame)
    {
        if (frame.TryGetIpv4(out Ipv4Header ipv4))
            (ipv4.Source, ipv4.Destination) = (Ipv4Address.Parse("203.0.113.77"), Ipv4Address.Parse("255.255.0.9"));
        if (frame.TryGetIpv6(out Ipv6Header ipv6))
            (ipv6.Source, ipv6.Destination) = (Ipv6Address.Parse("2001:db8:ffff::77"), Ipv6Address.Parse("2001:db8:fffe::9"));
    }

    private static void SetPorts(Frame frame)
    {
        if (frame.TryGetTcp(out TcpHeader tcp))
            (tcp.SourcePort, tcp.DestinationPort) = (7, 65535);
        if (frame.TryGetUdp(out UdpHeader udp))
            udp.SourcePort = 7;
    }

    private static void Strip(Frame frame)
    {
        if (frame.TryGetTcp(out TcpHeader tcp))
            tcp.Options.Strip(TcpOptionKind.Timestamps);
    }
}
