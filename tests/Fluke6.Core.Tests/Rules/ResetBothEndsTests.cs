using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Rules;

/// <summary>Both ends of a connection get resets that they take. RFC 9293 §3.10.7, RFC 5961 §3.2.</summary>
public sealed class ResetBothEndsTests
{
    // Of a SYN only the sender knows; a SYN,ACK or data may be a repetition, of which the receiver waits for what comes after it.
    [Theory]
    [InlineData(0x02, 0, false)]
    [InlineData(0x12, 0, true)]
    [InlineData(0x18, 100, true)]
    [InlineData(0x10, 0, true)]
    [InlineData(0x11, 5, true)]
    public void EachEndGetsTheSequenceNumberThatItWaitsFor(byte flags, int payload, bool isKnownToReceiver)
    {
        foreach (bool isIpv6 in (bool[])[false, true])
        {
            FrameShape shape = new() { IsIpv6 = isIpv6, TcpFlags = flags, Payload = FrameShapes.Data(payload), VlanTags = 1, TcpOptions = FrameShapes.LinuxSyn };
            var sent = new List<(Side Side, byte[] Octets)>();
            var worker = new TestWorker();
            worker.Departing += (side, frame) => sent.Add((side, frame.Octets.ToArray()));
            RuleInstance rule = worker.Rule("reset");
            worker.Adopt(TestWorker.Entry(rule, (ref Frame frame) => rule.ResetBothEnds(ref frame)));
            worker.Arrive(Side.Left, shape.ToOctets());
            Assert.Equal(Verdict.Drop, worker.Verdict);

            FrameBuffer original = shape.ToBuffer();
            Assert.True(new Frame(original).TryGetTcp(out TcpHeader tcp));
            bool acknowledges = (flags & 0x10) != 0;
            int length = payload + (flags & 1) + ((flags >> 1) & 1);
            (Side, uint, uint, byte)[] expected =
            [
                acknowledges ? (Side.Left, tcp.AcknowledgmentNumber, 0, 0x04) : (Side.Left, 0, tcp.SequenceNumber + (uint)length, 0x14),
                .. isKnownToReceiver ? [(Side.Right, tcp.SequenceNumber, tcp.AcknowledgmentNumber, (byte)0x14)] : Array.Empty<(Side, uint, uint, byte)>(),
                .. isKnownToReceiver && length > 0
                    ? [(Side.Right, tcp.SequenceNumber + (uint)length, tcp.AcknowledgmentNumber, (byte)0x14)] : Array.Empty<(Side, uint, uint, byte)>(),
            ];
            Assert.Equal(expected, sent.Select(reset => Read(reset.Side, reset.Octets, shape)));
        }
    }

    [Fact]
    public void ResetAndWhatIsNoTcpPass()
    {
        foreach (byte[] octets in (byte[][])[new FrameShape { TcpFlags = 0x14 }.ToOctets(), KnownFrames.Arp, new FrameShape { Transport = IpProtocol.Udp }.ToOctets()])
        {
            int departed = 0;
            var worker = new TestWorker();
            worker.Departing += (_, _) => departed++;
            RuleInstance rule = worker.Rule("reset");
            worker.Adopt(TestWorker.Entry(rule, (ref Frame frame) => rule.ResetBothEnds(ref frame)));
            worker.Arrive(Side.Left, octets);
            Assert.Equal((Verdict.Continue, 1), (worker.Verdict, departed));
        }
    }

    private static (Side Side, uint Sequence, uint Acknowledgment, byte Flags) Read(Side side, byte[] octets, FrameShape shape)
    {
        FrameBuffer buffer = Arrived.Buffer(octets);
        FrameCheck check = FrameCheck.Read(buffer);
        Assert.Equal((0, 0), (check.ChecksumError, check.PayloadLength));
        Assert.True(new Frame(buffer).TryGetTcp(out TcpHeader tcp) & new Frame(buffer).TryGetVlanTag(out _));
        byte[] original = shape.ToOctets();
        // To the receiver as the segment goes, to the sender the other way round.
        byte[] macs = side == Side.Right ? original[..12] : [.. original[6..12], .. original[..6]];
        Assert.Equal(macs, octets[..12]);
        Assert.True(new Frame(shape.ToBuffer()).TryGetTcp(out TcpHeader segment));
        Assert.Equal(side == Side.Right ? segment.DestinationPort : segment.SourcePort, tcp.DestinationPort);
        return (side, tcp.SequenceNumber, tcp.AcknowledgmentNumber, (byte)tcp.Flags);
    }
}
