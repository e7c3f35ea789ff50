using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Frames;

/// <summary>ICMP errors about a packet. RFC 1191, RFC 8201, RFC 1122 §3.2.2, RFC 1812 §4.3.2, RFC 4443 §2.4.</summary>
public class AnswerErrorTests
{
    public static TheoryData<bool, int, bool> Kinds => new()
    {
        { false, 0, false }, { false, 2, false }, { false, 0, true }, { true, 0, false }, { true, 1, false }, { true, 0, true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void PacketThatIsTooLongBecomesTheErrorThatSaysSo(bool isIpv6, int tags, bool isRawIp)
    {
        FrameShape shape = new() { IsIpv6 = isIpv6, VlanTags = tags, IsRawIp = isRawIp, Payload = FrameShapes.Data(1400) };
        FrameBuffer buffer = shape.ToBuffer();
        var before = new Snapshot(buffer);
        byte[] packet = before.Octets[shape.NetworkOffset..];

        Assert.Equal(Verdict.Reflect, new Frame(buffer).AnswerPacketTooBig(1300));

        byte[] error = Error(buffer, shape, before.Octets);
        // Type, code, MTU; then as much of the packet as the error may quote: 576 bytes in all, or 1,280.
        Assert.Equal(isIpv6 ? [2, 0] : (byte[])[3, 4], error[..2]);
        Assert.Equal(1300u, ReadUInt32BigEndian(error.AsSpan(4)));
        int quoted = isIpv6 ? 1280 - 48 : 576 - 28;
        Assert.Equal(packet[..quoted], error[8..]);
        buffer.Undo();
        before.AssertSame(buffer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ShortPacketIsQuotedWholeAsItWouldStandOnTheWire(bool isIpv6)
    {
        FrameShape shape = new() { IsIpv6 = isIpv6, Payload = FrameShapes.Data(100), HasPartialChecksum = true };
        FrameBuffer buffer = shape.ToBuffer();
        byte[] question = buffer.Octets.ToArray();
        Assert.Equal(Verdict.Reflect, new Frame(buffer).AnswerUnreachable(UnreachableReason.Port));
        Assert.False(buffer.Offload.NeedsCsum);
        byte[] error = Error(buffer, shape, question);
        var quoted = new FrameBuffer(new FrameUndo());
        quoted.Load(error.AsSpan(8), LinkType.RawIp, Side.Left);
        Assert.Equal((0, 100), (FrameCheck.Read(quoted).ChecksumError, FrameCheck.Read(quoted).PayloadLength));
    }

    [Theory]
    [InlineData(false, 1448, 1448 + 40, true)]
    [InlineData(false, 1448, 1448 + 39, false)]
    [InlineData(true, 1428, 1428 + 60, true)]
    [InlineData(true, 1428, 1428 + 59, false)]
    public void SuperSegmentIsAsLongAsItsSegmentsAndTheFirstIsQuoted(bool isIpv6, int segment, int mtu, bool passes)
    {
        FrameShape shape = new() { IsIpv6 = isIpv6, Payload = FrameShapes.Data(40_000), HasPartialChecksum = true, SegmentSize = segment };
        FrameBuffer buffer = shape.ToBuffer();
        var before = new Snapshot(buffer);
        Assert.Equal(passes ? Verdict.Continue : Verdict.Reflect, new Frame(buffer).AnswerPacketTooBig(mtu));
        if (passes)
        {
            before.AssertSame(buffer);
            Assert.False(buffer.Edited);
            return;
        }

        byte[] error = Error(buffer, shape, before.Octets);
        int length = segment + (isIpv6 ? 20 : 40);
        Assert.Equal(length, ReadUInt16BigEndian(error.AsSpan(8 + (isIpv6 ? 4 : 2))));
        if (!isIpv6)
            Assert.Equal(0xFFFF, NaiveSum.Sum(error.AsSpan(8, 20)));
        Assert.Equal(new byte[Offload.Length], buffer.Array[(buffer.Start - Offload.Length)..buffer.Start]);
        buffer.Undo();
        before.AssertSame(buffer);
    }

    [Theory]
    [InlineData(false, 1300, 1240)]
    [InlineData(false, 68, 8)]
    [InlineData(true, 1300, 1240)]
    // Every link takes 1,280 bytes of IPv6. RFC 8200 §5.
    [InlineData(true, 600, 1220)]
    public void PacketThatFitsPasses(bool isIpv6, int mtu, int payload) =>
        AssertUntouched(new FrameShape { IsIpv6 = isIpv6, Payload = FrameShapes.Data(payload) }, mtu, Verdict.Continue);

    [Fact]
    public void SenderOfIpv6IsNeverToldOfLessThanEveryLinkTakes()
    {
        FrameShape shape = new() { IsIpv6 = true, Payload = FrameShapes.Data(1221) };
        FrameBuffer buffer = shape.ToBuffer();
        byte[] question = buffer.Octets.ToArray();
        Assert.Equal(Verdict.Reflect, new Frame(buffer).AnswerPacketTooBig(600));
        Assert.Equal(1280u, ReadUInt32BigEndian(Error(buffer, shape, question).AsSpan(4)));
    }

    [Fact]
    public void PacketThatARouterWouldFragmentPasses() =>
        AssertUntouched(new FrameShape { IsFirstFragment = true, Payload = FrameShapes.Data(1400) }, 1300, Verdict.Continue);

    /// <summary>Nobody is told of errors, of packets to groups or from nobody, of later fragments.</summary>
    [Fact]
    public void WhereNobodyMayBeToldThePacketIsDropped()
    {
        FrameShape ipv4 = new() { Payload = FrameShapes.Data(1400) }, ipv6 = ipv4 with { IsIpv6 = true };
        AssertUntouched(ipv4, 1300, Verdict.Drop, octets => octets[0] = 1);
        AssertUntouched(ipv4, 1300, Verdict.Drop, octets => octets[30] = 224);
        AssertUntouched(ipv4, 1300, Verdict.Drop, octets => octets[26] = 224);
        AssertUntouched(ipv4, 1300, Verdict.Drop, octets => octets.AsSpan(26, 4).Clear());
        // DF and an offset of 8.
        AssertUntouched(ipv4, 1300, Verdict.Drop, octets => octets[21] = 1);
        AssertUntouched(ipv6, 1300, Verdict.Drop, octets => octets[38] = 0xFF);
        AssertUntouched(ipv6, 1300, Verdict.Drop, octets => octets.AsSpan(22, 16).Clear());
        FrameShape echo = ipv4 with { Transport = IpProtocol.Icmpv4 }, echo6 = echo with { IsIpv6 = true };
        foreach (byte type in (byte[])[3, 4, 5, 11, 12])
            AssertUntouched(echo, 1300, Verdict.Drop, octets => octets[34] = type);
        foreach (byte type in (byte[])[1, 2, 3, 4, 100, 127, 137])
            AssertUntouched(echo6, 1300, Verdict.Drop, octets => octets[54] = type);
        foreach (FrameShape shape in (FrameShape[])[echo, echo6])
            Assert.Equal(Verdict.Reflect, new Frame(shape.ToBuffer()).AnswerPacketTooBig(1300));
    }

    [Theory]
    [InlineData(UnreachableReason.NoRoute, 0, 0)]
    [InlineData(UnreachableReason.Host, 1, 3)]
    [InlineData(UnreachableReason.Port, 3, 4)]
    [InlineData(UnreachableReason.Prohibited, 13, 1)]
    public void UnreachableSaysWhyInTheWordsOfEitherVersion(UnreachableReason reason, byte code4, byte code6)
    {
        foreach (bool isIpv6 in (bool[])[false, true])
        {
            FrameShape shape = new() { IsIpv6 = isIpv6, Transport = IpProtocol.Udp, Payload = FrameShapes.Data(30) };
            FrameBuffer buffer = shape.ToBuffer();
            byte[] question = buffer.Octets.ToArray();
            Assert.Equal(Verdict.Reflect, new Frame(buffer).AnswerUnreachable(reason));
            byte[] error = Error(buffer, shape, question);
            Assert.Equal(isIpv6 ? [1, code6, 0, 0, 0, 0] : (byte[])[3, code4, 0, 0, 0, 0], (byte[])[.. error[..2], .. error[4..8]]);
            Assert.Equal(question[shape.NetworkOffset..], error[8..]);
        }
    }

    [Fact]
    public void WhatIsNoPacketPasses()
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(new byte[60], LinkType.Ethernet, Side.Left);
        Assert.Equal(Verdict.Continue, new Frame(buffer).AnswerUnreachable(UnreachableReason.Host));
        Assert.Equal(Verdict.Continue, new Frame(buffer).AnswerPacketTooBig(68));
        Assert.False(buffer.Edited);
    }

    [Theory]
    [InlineData(67)]
    [InlineData(65_536)]
    public void MtuThatNoLinkHasIsRefused(int mtu) => Assert.Throws<ArgumentOutOfRangeException>(() =>
    {
        FrameBuffer buffer = new FrameShape().ToBuffer();
        new Frame(buffer).AnswerPacketTooBig(mtu);
    });

    /// <summary>The ICMP message, after all that is around it was looked at.</summary>
    private static byte[] Error(FrameBuffer buffer, FrameShape shape, byte[] question)
    {
        byte[] answer = buffer.Octets.ToArray();
        FrameCheck check = FrameCheck.Read(buffer);
        Assert.Equal(shape.IsIpv6 ? 0 : NaiveSum.Sum(answer.AsSpan(check.TransportOffset)) % 0xFFFF, check.ChecksumError);
        if (!shape.IsIpv6)
            Assert.Equal(0xFFFF, NaiveSum.Sum(answer.AsSpan(check.TransportOffset)));
        Assert.Equal(shape.IsIpv6 ? IpProtocol.Icmpv6 : IpProtocol.Icmpv4, check.Protocol);
        int network = shape.NetworkOffset;
        if (!shape.IsRawIp)
        {
            Assert.Equal([.. question[6..12], .. question[..6]], answer[..12]);
            Assert.Equal(question[12..network], answer[12..network]);
        }

        (int source, int destination, int length) = shape.IsIpv6 ? (8, 24, 16) : (12, 16, 4);
        Assert.Equal(question.AsSpan(network + source, length), answer.AsSpan(network + destination, length));
        Assert.Equal(question.AsSpan(network + destination, length), answer.AsSpan(network + source, length));
        Assert.Equal(64, answer[network + (shape.IsIpv6 ? 7 : 8)]);
        if (!shape.IsIpv6)
            Assert.Equal(0xC0, answer[network + 1]);
        return answer[check.TransportOffset..];
    }

    private static void AssertUntouched(FrameShape shape, int mtu, Verdict verdict, Action<byte[]>? change = null)
    {
        byte[] octets = shape.ToOctets();
        change?.Invoke(octets);
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, shape.LinkType, Side.Left, 65535);
        Assert.Equal(verdict, new Frame(buffer).AnswerPacketTooBig(mtu));
        Assert.Equal(octets, buffer.Octets.ToArray());
        Assert.False(buffer.Edited);
    }
}
