using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;
using static Fluke6.Core.Tests.Frames.InnerFrameTests;

namespace Fluke6.Core.Tests.Frames;

/// <summary>The headers between a frame and the one inside it: read, written, and refused where they are none.</summary>
public class TunnelHeaderTests
{
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
}
