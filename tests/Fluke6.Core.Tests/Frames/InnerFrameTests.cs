using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Frames;

/// <summary>Reaching into a frame that carries another.</summary>
[Collection("allocations")]
public class InnerFrameTests
{
    internal static readonly FrameShape Syn = new() { IsRawIp = true, TcpFlags = 2, TcpOptions = FrameShapes.LinuxSyn };

    public static TheoryData<TunnelKind, bool, bool> Tunnels
    {
        get
        {
            var tunnels = new TheoryData<TunnelKind, bool, bool>();
            foreach (TunnelKind kind in Enum.GetValues<TunnelKind>())
            {
                foreach (bool innerIpv6 in new[] { false, true })
                {
                    bool isTeredo = kind is TunnelKind.Teredo or TunnelKind.TeredoWithIndications;
                    if (innerIpv6 || !isTeredo)
                        tunnels.Add(kind, innerIpv6, false);
                    if (!isTeredo)
                        tunnels.Add(kind, innerIpv6, true);
                }
            }

            return tunnels;
        }
    }

    [Theory]
    [MemberData(nameof(Tunnels))]
    public void ViewsReadWhatIsInside(TunnelKind kind, bool innerIpv6, bool outerIpv6)
    {
        FrameBuffer buffer = Load(kind, innerIpv6, outerIpv6, out _);
        var frame = new Frame(buffer);
        Assert.False(frame.TryGetTcp(out _));

        Assert.True(frame.TryGetInner(out Frame inner));
        Assert.Equal(IsEthernet(kind) ? LinkType.Ethernet : LinkType.RawIp, inner.LinkType);
        Assert.Equal(innerIpv6, inner.TryGetIpv6(out _));
        Assert.True(inner.TryGetTcp(out TcpHeader tcp));
        Assert.Equal(80, tcp.DestinationPort);
        Assert.Equal(Side.Right, inner.From);
        Assert.False(inner.TryGetInner(out _));
        Assert.Equal(outerIpv6 ? EtherType.Ipv6 : EtherType.Ipv4, frame.Layers.Network);
    }

    [Theory]
    [MemberData(nameof(Tunnels))]
    public void AnOptionTakenOutInsideShortensTheOuterPacket(TunnelKind kind, bool innerIpv6, bool outerIpv6)
    {
        FrameBuffer buffer = Load(kind, innerIpv6, outerIpv6, out TunnelledFrame sample);
        int?[] before = sample.Check(buffer.Octets);
        int length = buffer.Length;
        var frame = new Frame(buffer);
        frame.TryGetInner(out Frame inner);

        Assert.Equal(EditResult.Changed, inner.RemoveTcpOption(TcpOptionKind.Timestamps));

        Assert.Equal(length - 8, frame.Octets.Length);
        Assert.Equal(before, sample.Check(frame.Octets));
        Assert.True(frame.TryGetInner(out inner) && inner.TryGetTcp(out TcpHeader tcp) && !tcp.Options.Contains(TcpOptionKind.Timestamps));
    }

    [Theory]
    [MemberData(nameof(Tunnels))]
    public void ThePrinterGoesInsideToo(TunnelKind kind, bool innerIpv6, bool outerIpv6)
    {
        var frame = new Frame(Load(kind, innerIpv6, outerIpv6, out _));
        Assert.True(frame.TryGetInner(out Frame inner));
        Assert.Contains("Flags [S]", inner.ToString());
        Assert.EndsWith(" | " + inner.ToString(), frame.ToString());
        Assert.DoesNotContain("unknown", frame.ToString());
    }

    [Fact]
    public void TheOuterMtuLimitsWhatIsInside()
    {
        FrameBuffer buffer = Load(TunnelKind.IpInIp, true, false, out TunnelledFrame sample);
        int packet = buffer.Layers.NetworkEnd - buffer.Layers.NetworkOffset;
        buffer.Load(buffer.Octets.ToArray(), LinkType.Ethernet, Side.Left, mtu: packet + 3);
        new Frame(buffer).TryGetInner(out Frame inner);

        Assert.Equal(packet + 3 - 20, inner.Mtu);
        Assert.Equal(EditResult.Refused, inner.AppendTcpOption(TcpOptionKind.FastOpen, [1, 2]));
        Assert.Equal(EditResult.Changed, inner.ReplacePayload([1, 2, 3]));
        Assert.Equal(EditResult.Refused, inner.ReplacePayload([1, 2, 3, 4]));
        sample.Check(new Frame(buffer).Octets);
    }

    [Fact]
    public void ATagInsideIsLimitedByTheOuterMtu()
    {
        FrameBuffer buffer = Load(TunnelKind.Vxlan, true, false, out TunnelledFrame sample);
        int packet = buffer.Layers.NetworkEnd - buffer.Layers.NetworkOffset;
        buffer.Load(buffer.Octets.ToArray(), LinkType.Ethernet, Side.Left, mtu: packet + 7);
        new Frame(buffer).TryGetInner(out Frame inner);

        Assert.Equal(EditResult.Changed, inner.InsertVlanTag(5));
        Assert.Equal(EditResult.Refused, inner.InsertVlanTag(6));
        sample.Check(new Frame(buffer).Octets);
    }

    [Fact]
    public void AnEchoInsideIsAnsweredAndUndone()
    {
        FrameShape ping = new()
        {
            IsRawIp = true, IsIpv6 = true, Transport = IpProtocol.Icmpv4, Payload = FrameShapes.Data(33), ExtensionHeaders = FrameShapes.Extensions[..1],
        };
        TunnelledFrame sample = new TunnelledFrame(ping) { Trailer = 19 }.Wrap(TunnelKind.TeredoWithIndications, inIpv6: false, 0x1234).WithEthernet();
        var buffer = new FrameBuffer(new FrameUndo());
        sample.LoadInto(buffer);
        int?[] errors = sample.Check(buffer.Octets);
        var before = new Snapshot(buffer);
        var frame = new Frame(buffer);
        frame.TryGetInner(out Frame inner);

        Assert.Equal(Verdict.Reflect, inner.AnswerEcho());

        Assert.Equal(errors, sample.Check(frame.Octets));
        Assert.Equal(before.Octets.Length - 8, frame.Length);
        Assert.Equal(19, frame.Octets[^1]);
        buffer.Undo();
        before.AssertSame(buffer);
    }

    [Fact]
    public void EditingAnInnerFrameThatTheOuterMovedSaysSo()
    {
        FrameBuffer buffer = Load(TunnelKind.Teredo, true, false, out _);
        var frame = new Frame(buffer);
        frame.TryGetInner(out Frame inner);
        frame.ReplacePayload([1, 2, 3]);

        string? message = null;
        try
        {
            inner.Edit();
        }
        catch (InvalidOperationException exception)
        {
            message = exception.Message;
        }

        Assert.Contains("anew", message);
    }

    [Fact]
    public void FragmentsAndSuperSegmentsOfUdpCarryNoFrameThatCouldBeRead()
    {
        FrameBuffer buffer = Load(TunnelKind.Vxlan, true, false, out _);
        buffer.Offload.SetSegmentation(SegmentationKind.Udp, 100, 42);
        Assert.False(new Frame(buffer).TryGetInner(out _));
        Assert.False(new Frame(buffer).TryGetVxlan(out _));
        Assert.False(new Frame(buffer).TryGetInnerAt(50, LinkType.Ethernet, out _));
        buffer = Load(TunnelKind.Geneve, true, false, out _);
        buffer.Offload.SetSegmentation(SegmentationKind.Udp, 100, 42);
        Assert.False(new Frame(buffer).TryGetGeneve(out _));

        buffer = Load(TunnelKind.IpInIp, true, false, out _);
        buffer.Octets[20] |= 0x20;
        Assert.False(new Frame(buffer).TryGetInner(out _));
    }

    [Fact]
    public void ATcpSuperSegmentInsideIpStaysOne()
    {
        FrameShape inner = Syn with { TcpFlags = 0x10, Payload = FrameShapes.Data(3000), HasPartialChecksum = true };
        TunnelledFrame sample = new TunnelledFrame(inner).Wrap(TunnelKind.IpInIp, inIpv6: false).WithEthernet();
        var buffer = new FrameBuffer(new FrameUndo());
        sample.LoadInto(buffer);
        buffer.Offload.SetSegmentation(SegmentationKind.Tcpv4, 1000, 34 + inner.HeaderLength);
        new Frame(buffer).TryGetInner(out Frame frame);

        Assert.Equal(1000, frame.SegmentSize);
        Assert.True(frame.HasPartialChecksum);
        Assert.Equal(EditResult.Changed, frame.RemoveTcpOption(TcpOptionKind.Timestamps));

        Assert.Equal(34 + 20, buffer.Offload.ChecksumStart);
        Assert.Equal(34 + inner.HeaderLength - 8, buffer.Offload.HeaderLength);
        sample.Check(new Frame(buffer).ToArray());
    }

    [Fact]
    public void ACopyOfAnInnerFrameIsAFrameOfItsOwn()
    {
        FrameShape inner = Syn with { HasPartialChecksum = true };
        TunnelledFrame sample = new TunnelledFrame(inner).Wrap(TunnelKind.Gre, inIpv6: true).WithEthernet();
        var buffer = new FrameBuffer(new FrameUndo());
        sample.LoadInto(buffer);
        new Frame(buffer).TryGetInner(out Frame frame);
        var copy = new FrameBuffer(new FrameUndo());

        copy.Load(frame.Buffer);

        Assert.Equal(inner.ToOctets(), copy.Octets.ToArray());
        Assert.Equal(inner.TransportOffset, copy.Offload.ChecksumStart);
        Assert.Equal(0, FrameCheck.Read(copy).ChecksumError);
    }

    [Theory]
    [MemberData(nameof(Tunnels))]
    public void ReachingInAndEditingAllocatesNothing(TunnelKind kind, bool innerIpv6, bool outerIpv6)
    {
        FrameBuffer buffer = Load(kind, innerIpv6, outerIpv6, out _);
        byte[] octets = buffer.Octets.ToArray();
        Run(buffer, octets, 100);
        int changed = 0;
        Assert.Equal(0, Allocation.In(() => changed = Run(buffer, octets, 5_000)));
        Assert.Equal(5_000, changed);
    }

    private static int Run(FrameBuffer buffer, byte[] octets, int times)
    {
        int changed = 0;
        for (int i = 0; i < times; i++)
        {
            buffer.Load(octets, LinkType.Ethernet, default);
            if (new Frame(buffer).TryGetInner(out Frame inner) && inner.TryGetTcp(out TcpHeader tcp))
            {
                tcp.Window = 1;
                if (inner.RemoveTcpOption(TcpOptionKind.Timestamps) == EditResult.Changed)
                    changed++;
            }

            buffer.EndRule();
        }

        return changed;
    }

    private static bool IsEthernet(TunnelKind kind) => kind is TunnelKind.Vxlan or TunnelKind.VxlanOfLinux or TunnelKind.VxlanElsewhere;

    internal static FrameBuffer Load(TunnelKind kind, bool innerIpv6, bool outerIpv6, out TunnelledFrame sample)
    {
        sample = new TunnelledFrame(Syn with { IsIpv6 = innerIpv6, IsRawIp = !IsEthernet(kind) })
            .Wrap(kind, outerIpv6).WithEthernet();
        var buffer = new FrameBuffer(new FrameUndo());
        sample.LoadInto(buffer);
        buffer.Load(buffer.Octets.ToArray(), LinkType.Ethernet, Side.Right);
        return buffer;
    }
}
