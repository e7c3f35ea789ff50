using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

public class AnswerResetTests
{
    // RFC 9293 §3.10.7.1. The sample's sequence number is 01020304, its acknowledgment number 05060708.
    [Theory]
    [InlineData(0x10, 100, 0x05060708, 0, 0x04)]
    [InlineData(0x12, 0, 0x05060708, 0, 0x04)]
    [InlineData(0x02, 0, 0, 0x01020305, 0x14)]
    [InlineData(0x02, 100, 0, 0x01020304 + 101, 0x14)]
    [InlineData(0x01, 100, 0, 0x01020304 + 101, 0x14)]
    [InlineData(0x00, 100, 0, 0x01020304 + 100, 0x14)]
    [InlineData(0x03, 0, 0, 0x01020304 + 2, 0x14)]
    public void ASegmentBecomesWhatAClosedPortSays(byte flags, int payload, uint sequence, uint acknowledgment, byte resetFlags)
    {
        FrameShape segment = new() { TcpFlags = flags, TcpOptions = FrameShapes.LinuxSyn, Payload = FrameShapes.Data(payload) };
        foreach ((string name, FrameShape sample) in FrameShapes.Of(segment))
        {
            FrameBuffer buffer = sample.ToBuffer();
            var before = new Snapshot(buffer);
            byte[] question = before.Octets;

            bool answered = new Frame(buffer).AnswerWithReset() == Verdict.Reflect;

            Assert.True(answered == !sample.IsSourceRouted, name);
            if (!answered)
                continue;

            FrameCheck check = FrameCheck.Read(buffer);
            Assert.Equal((0, 0), (check.ChecksumError, check.PayloadLength));
            Assert.False(buffer.Offload.NeedsCsum);
            Assert.True(new Frame(buffer).TryGetTcp(out TcpHeader tcp));
            Assert.Equal((sequence, acknowledgment, (TcpFlags)resetFlags), (tcp.SequenceNumber, tcp.AcknowledgmentNumber, tcp.Flags));
            Assert.Equal((80, 40000, 20, 0), (tcp.SourcePort, tcp.DestinationPort, tcp.HeaderLength, tcp.Window));
            AssertTurnedAround(sample, question, buffer.Octets.ToArray());
            buffer.Undo();
            before.AssertSame(buffer, name);
        }
    }

    [Fact]
    public void ASuperSegmentIsAnsweredWhole()
    {
        FrameBuffer buffer = new FrameShape
        {
            IsIpv6 = true, TcpFlags = 0, Payload = FrameShapes.Data(60000), HasPartialChecksum = true, SegmentSize = 1400,
        }.ToBuffer();
        var before = new Snapshot(buffer);

        Assert.Equal(Verdict.Reflect, new Frame(buffer).AnswerWithReset());

        Assert.Equal(14 + 40 + 20, buffer.Length);
        Assert.Equal(new byte[Offload.Length], buffer.Array[(buffer.Start - Offload.Length)..buffer.Start]);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
        Assert.True(new Frame(buffer).TryGetTcp(out TcpHeader tcp));
        Assert.Equal(0x01020304u + 60000, tcp.AcknowledgmentNumber);
        buffer.Undo();
        before.AssertSame(buffer);
    }

    [Fact]
    public void ResetsFragmentsGroupsAndOtherProtocolsAreNotAnswered()
    {
        AssertNotAnswered(new FrameShape { TcpFlags = 0x04 });
        AssertNotAnswered(new FrameShape { TcpFlags = 0x14 });
        AssertNotAnswered(new FrameShape { IsFirstFragment = true, Payload = new byte[8] });
        AssertNotAnswered(new FrameShape { Transport = IpProtocol.Udp });
        AssertNotAnswered(new FrameShape(), octets => octets[0] = 1);
        AssertNotAnswered(new FrameShape(), octets => octets[30] = 224);
        AssertNotAnswered(new FrameShape { IsIpv6 = true }, octets => octets[38] = 0xFF);
    }

    private static void AssertNotAnswered(FrameShape sample, Action<byte[]>? change = null)
    {
        byte[] octets = sample.ToOctets();
        change?.Invoke(octets);
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, sample.LinkType, default);

        Assert.Equal(Verdict.Continue, new Frame(buffer).AnswerWithReset());
        Assert.Equal(octets, buffer.Octets.ToArray());
        Assert.False(buffer.Edited);
    }

    private static void AssertTurnedAround(FrameShape sample, byte[] question, byte[] answer)
    {
        int network = sample.NetworkOffset;
        if (!sample.IsRawIp)
        {
            Assert.Equal([.. question[6..12], .. question[..6]], answer[..12]);
            Assert.Equal(question[12..network], answer[12..network]);
        }

        (int source, int destination, int length) = sample.IsIpv6 ? (8, 24, 16) : (12, 16, 4);
        Assert.Equal(question.AsSpan(network + source, length), answer.AsSpan(network + destination, length));
        Assert.Equal(question.AsSpan(network + destination, length), answer.AsSpan(network + source, length));
        Assert.Equal(64, answer[network + (sample.IsIpv6 ? 7 : 8)]);
        if (!sample.IsIpv6)
            Assert.Equal([0, 0, 0x40, 0], answer[(network + 4)..(network + 8)]);
    }
}
