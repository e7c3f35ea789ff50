using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Frames;

/// <summary>A frame that only a rule knows of, at an offset.</summary>
public sealed class InnerAtTests
{
    private static readonly FrameShape Syn = new() { IsRawIp = true, TcpFlags = 2, TcpOptions = FrameShapes.LinuxSyn };

    // GTP-U, version 1, a packet of a user: TS 29.281 §5.1.
    private static readonly byte[] s_gtp = [0x30, 0xFF, 0, 60, 0, 0, 0, 9];

    [Fact]
    public void BehindAnUnknownHeaderFieldsAreSetAndTheUdpChecksumFollows()
    {
        FrameBuffer buffer = new FrameShape { Transport = IpProtocol.Udp, Payload = [.. s_gtp, .. Syn.ToOctets()] }.ToBuffer();
        byte[] before = buffer.Octets.ToArray();
        var frame = new Frame(buffer);
        Assert.False(frame.TryGetInner(out _));
        Assert.True(frame.TryGetInnerAt(frame.Layers.PayloadOffset + 8, LinkType.RawIp, out Frame inner));
        Assert.True(inner.TryGetTcp(out TcpHeader tcp) & inner.TryGetIpv4(out Ipv4Header ipv4));
        (tcp.Window, ipv4.Source) = (77, new Ipv4Address(0x01020304));
        Assert.Equal(EditResult.Changed, inner.SetMaximumSegmentSize(1300));

        // The length in between is the rule's.
        Assert.Equal(EditResult.Refused, inner.RemoveTcpOption(TcpOptionKind.Timestamps));
        Assert.Equal(EditResult.Refused, inner.ReplacePayload([1]));
        Assert.Equal(before.Length, frame.Octets.Length);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
        Assert.Equal(0, FrameCheck.Read(inner.Buffer).ChecksumError);
        Assert.False(buffer.Malformed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RightBehindAKnownHeaderLengthsFollowToo(bool ipv6)
    {
        // Foo over UDP.
        FrameBuffer buffer = new FrameShape { IsIpv6 = ipv6, Transport = IpProtocol.Udp, Payload = Syn.ToOctets() }.ToBuffer();
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetInnerAt(frame.Layers.PayloadOffset, LinkType.RawIp, out Frame inner));
        Assert.Equal(EditResult.Changed, inner.KeepTcpOptions(TcpOptionKind.MaximumSegmentSize));
        Assert.Equal(EditResult.Changed, inner.ReplacePayload([1, 2, 3]));
        Assert.Equal((ipv6 ? 62 : 42) + 60 - 16 + 3, frame.Octets.Length);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
        Assert.Equal(frame.Octets.Length, frame.Layers.PayloadEnd);
    }

    [Fact]
    public void InATcpStreamTheSegmentsChecksumFollows()
    {
        FrameBuffer buffer = new FrameShape { Payload = [0, 60, .. Syn.ToOctets()] }.ToBuffer();
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetInnerAt(frame.Layers.PayloadOffset + 2, LinkType.RawIp, out Frame inner) & inner.TryGetTcp(out TcpHeader tcp));
        tcp.Window = 77;
        Assert.Equal(54 + 62, frame.Octets.Length);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    [Fact]
    public void AnEthertypeWithoutAViewIsOpenedToo()
    {
        byte[] octets = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5, 7, 7, .. Syn.ToOctets()];
        FrameBuffer buffer = Arrived.Buffer(octets);
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetInnerAt(16, LinkType.RawIp, out Frame inner) & inner.TryGetTcp(out TcpHeader tcp));
        tcp.Window = 77;
        Assert.Equal(EditResult.Refused, inner.RemoveTcpOption(TcpOptionKind.Timestamps));
        Assert.Equal(77, ReadUInt16BigEndian(frame.Octets[(16 + 34)..]));
    }

    [Fact]
    public void OffsetsWithinKnownHeadersAndBehindForeignChecksumsAreRefused()
    {
        byte[] packet = Syn.ToOctets();
        var frame = new Frame(new FrameShape { Transport = IpProtocol.Udp, Payload = packet }.ToBuffer());
        foreach (int offset in new[] { -1, 0, 14, 34, 41, frame.Length - 19, frame.Length, int.MaxValue })
            Assert.False(frame.TryGetInnerAt(offset, LinkType.RawIp, out _));
        // No IP packet, whatever the rule says.
        Assert.False(frame.TryGetInnerAt(43, LinkType.RawIp, out _));
        Assert.False(frame.Buffer.Outermost.Malformed);

        // SCTP's checksum is a CRC, UDP-Lite's covers what its header says.
        foreach (byte protocol in new byte[] { 132, 136 })
        {
            FrameBuffer buffer = new FrameShape { Transport = IpProtocol.Udp, Payload = packet }.ToBuffer();
            buffer.Octets[23] = protocol;
            Assert.False(new Frame(buffer).TryGetInnerAt(42, LinkType.RawIp, out _));
        }
    }

    [Fact]
    public void OneInnerFrameIsOpenAtATime()
    {
        FrameBuffer buffer = new FrameShape { Transport = IpProtocol.Udp, Payload = [.. Syn.ToOctets(), .. Syn.ToOctets()] }.ToBuffer();
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetInnerAt(42, LinkType.RawIp, out Frame first) & first.TryGetTcp(out TcpHeader tcp));
        Assert.True(frame.TryGetInnerAt(42, LinkType.RawIp, out Frame again) && again.TryGetTcp(out _));
        tcp.Window = 1;
        Assert.True(frame.TryGetInnerAt(42 + 60, LinkType.RawIp, out Frame second) && second.TryGetTcp(out _));
        string? message = null;
        try
        {
            tcp.Window = 2;
        }
        catch (InvalidOperationException exception)
        {
            message = exception.Message;
        }

        Assert.Equal("TryGetInnerAt has opened another inner frame since this view was got, and one is open at a time: get frame and view anew.", message);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }
}
