using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Tests.Frames;

/// <summary>Reaching into a frame that carries another.</summary>
[Collection("allocations")]
public class InnerFrameTests
{
    private static readonly FrameShape Syn = new() { IsRawIp = true, TcpFlags = 2, TcpOptions = FrameShapes.LinuxSyn };

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

    [Fact]
    public void GreAndVxlanHeadersAreReadAndWritten()
    {
        FrameBuffer buffer = Load(TunnelKind.GreWithEverything, true, true, out TunnelledFrame sample);
        Assert.True(new Frame(buffer).TryGetGre(out GreHeader gre));
        Assert.Equal((16, 42u, 258u, EtherType.Ipv6), (gre.HeaderLength, gre.Key, gre.SequenceNumber, gre.ProtocolType));
        gre.Key = 0xCAFEBABE;
        gre.SequenceNumber++;
        Assert.Equal((0xCAFEBABE, 259u), (gre.Key, gre.SequenceNumber));
        Assert.Equal([0], sample.Check(buffer.Octets));

        buffer = Load(TunnelKind.Vxlan, true, true, out sample);
        Assert.True(new Frame(buffer).TryGetVxlan(out VxlanHeader vxlan));
        Assert.Equal(0x1234u, vxlan.NetworkIdentifier);
        vxlan.NetworkIdentifier = 0xABCDEF;
        Assert.Equal(0xABCDEFu, vxlan.NetworkIdentifier);
        Assert.Equal([0], sample.Check(buffer.Octets));
    }

    [Theory]
    [InlineData(LinkKind.Pppoe, false)]
    [InlineData(LinkKind.Pppoe, true)]
    [InlineData(LinkKind.Mpls, false)]
    [InlineData(LinkKind.Mpls, true)]
    public void ATunnelInASessionOrBehindLabelsIsReachedAndTheLengthFollows(LinkKind link, bool ipv6)
    {
        TunnelledFrame sample = new TunnelledFrame(Syn with { IsIpv6 = ipv6 }) { Trailer = link == LinkKind.Pppoe ? 5 : 0 }
            .Wrap(TunnelKind.GreWithEverything, ipv6).WithEthernet(link);
        var buffer = new FrameBuffer(new FrameUndo());
        sample.LoadInto(buffer);
        var before = new Snapshot(buffer);
        int?[] errors = sample.Check(buffer.Octets);
        var frame = new Frame(buffer);
        Assert.True(frame.Layers.AreUnderstood);
        Assert.True(frame.TryGetInner(out Frame packet) & packet.TryGetInner(out Frame inner) & inner.TryGetTcp(out _));
        Assert.Equal((LinkType.RawIp, 65535 - 8), (packet.LinkType, packet.Mtu));

        Assert.Equal(EditResult.Changed, inner.KeepTcpOptions(TcpOptionKind.MaximumSegmentSize));
        Assert.Equal(EditResult.Changed, inner.SetMaximumSegmentSize(1400));
        Assert.Equal(EditResult.Changed, inner.ReplacePayload([1, 2, 3, 4, 5]));

        Assert.Equal(errors, sample.Check(frame.Octets));
        Assert.Equal(before.Octets.Length - 16 + 5, frame.Length);
        Assert.Equal(0, FrameCheck.Read(inner.Buffer).ChecksumError);
        buffer.Undo();
        before.AssertSame(buffer);
    }

    [Fact]
    public void SessionsLabelsAndGeneveHaveHeadersThatAreReadAndWritten()
    {
        var buffer = new FrameBuffer(new FrameUndo());
        new TunnelledFrame(Syn).Wrap(TunnelKind.IpInIp, inIpv6: false).WithEthernet(LinkKind.Pppoe).LoadInto(buffer);
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetPppoe(out PppoeHeader pppoe));
        Assert.Equal((0x1234, PppProtocol.Ipv4, frame.Length - 20), (pppoe.SessionIdentifier, pppoe.Protocol, pppoe.PayloadLength));
        pppoe.SessionIdentifier = 0xBEEF;
        Assert.Equal($"PPPoE [ses 0xbeef], PPP IP (0x0021), length {frame.Length - 20}", pppoe.ToString());
        Assert.Contains("ethertype PPPoE S (0x8864), length 102: PPPoE [ses 0xbeef], PPP IP (0x0021), length 82 | IP (", frame.ToString());
        pppoe.Protocol = PppProtocol.LinkControl;
        Assert.False(frame.TryGetInner(out _));
        Assert.EndsWith("PPP LCP (0xc021), length 82", frame.ToString());

        new TunnelledFrame(Syn).Wrap(TunnelKind.IpInIp, inIpv6: true).WithEthernet(LinkKind.Mpls).LoadInto(buffer);
        frame = new Frame(buffer);
        Assert.True(frame.TryGetMplsLabel(out MplsLabel top) & frame.TryGetMplsLabel(out MplsLabel bottom, 1) & !frame.TryGetMplsLabel(out _, 2));
        Assert.Equal((100u, 5, false, 64), (top.Label, top.TrafficClass, top.IsBottomOfStack, top.TimeToLive));
        Assert.Equal((101u, 0, true, 64), (bottom.Label, bottom.TrafficClass, bottom.IsBottomOfStack, bottom.TimeToLive));
        (top.Label, top.TrafficClass, top.TimeToLive) = (0xFFFFF, 2, 9);
        Assert.Contains("ethertype MPLS unicast (0x8847), length 122: MPLS (label 1048575, tc 2, ttl 9) (label 101, tc 0, [S], ttl 64) | IP6 (", frame.ToString());

        buffer = Load(TunnelKind.Geneve, true, false, out TunnelledFrame sample);
        Assert.True(new Frame(buffer).TryGetGeneve(out GeneveHeader geneve));
        Assert.Equal(
            (16, false, true, EtherType.Ipv6, 0x1234u, "01028301aabbccdd"),
            (geneve.HeaderLength, geneve.IsControl, geneve.HasCriticalOptions, geneve.ProtocolType, geneve.NetworkIdentifier, Hex.Of(geneve.Options)));
        geneve.NetworkIdentifier = 0xABCDEF;
        Assert.Equal("Geneve, vni 0xabcdef, critical, options 8 bytes, ethertype IPv6 (0x86dd)", geneve.ToString());
        Assert.Equal([0], sample.Check(buffer.Octets));
    }

    // What is sent to another port and is no VXLAN, though it begins like it: flags, identifier, an inner frame that does not fit.
    [Theory]
    [InlineData(42, 0x0C)]      // another flag than I
    [InlineData(44, 0x01)]      // of the reserved octets
    [InlineData(49, 0x01)]
    [InlineData(56, 0x01)]      // the inner frame comes from a group
    [InlineData(62, 0x86)]      // its EtherType
    [InlineData(67, 0xFF)]      // its packet's length
    [InlineData(64, 0x55)]
    public void AnotherPortIsVxlanOnlyIfItCanHardlyBeAnythingElse(int at, byte octet)
    {
        FrameBuffer buffer = Load(TunnelKind.VxlanElsewhere, false, false, out _);
        Assert.True(new Frame(buffer).TryGetVxlan(out VxlanHeader vxlan) && vxlan.NetworkIdentifier == 0x1234);
        buffer.Octets[at] = octet;
        Assert.False(new Frame(buffer).TryGetVxlan(out _));
        Assert.False(new Frame(buffer).TryGetInner(out _));
        Assert.False(buffer.Malformed);
    }

    [Theory]
    [InlineData("4000" + "0800")]   // RFC 1701 routing
    [InlineData("0001" + "0800")]   // version 1, PPTP
    [InlineData("8000")]
    [InlineData("b000" + "0800" + "00000000")]
    public void GreThatIsCutShortOrOfAnotherKindIsRefused(string hex) =>
        Assert.False(GreHeader.TryRead(Hex.Octets(hex), out _));

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

    private static FrameBuffer Load(TunnelKind kind, bool innerIpv6, bool outerIpv6, out TunnelledFrame sample)
    {
        sample = new TunnelledFrame(Syn with { IsIpv6 = innerIpv6, IsRawIp = !IsEthernet(kind) })
            .Wrap(kind, outerIpv6).WithEthernet();
        var buffer = new FrameBuffer(new FrameUndo());
        sample.LoadInto(buffer);
        buffer.Load(buffer.Octets.ToArray(), LinkType.Ethernet, Side.Right);
        return buffer;
    }
}
