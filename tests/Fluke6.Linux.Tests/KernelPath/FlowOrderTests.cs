using System.Buffers.Binary;
using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Linux.Tests.KernelPath;

/// <summary>Segments of one flow arrive in their order, all and once, while the flow moves between the rules and the kernel.</summary>
public sealed class FlowOrderTests
{
    private const int Rounds = 60, Burst = 300, SequenceAt = 14 + 20 + 4;
    private readonly FrameBuffer _frame = TestFrames.Buffer(
        Packet.Ethernet(MacAddress.FromUInt64(0x0200_0000_0001)).Ipv4(Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("192.0.2.2"))
            .Tcp(new TcpFields(4000, 5000, TcpFlags.Ack)).Payload(new byte[60]),
        []);

    private uint _next;

    public FlowOrderTests() => (_frame.Octets[0], _frame.Octets[1]) = (0x02, 0x77);

    [Fact]
    public async Task SegmentsKeepTheirOrderWhileGuardsChange()
    {
        // Slow enough that frames wait for it: those that follow would overtake them.
        Rule slow = (ref _) =>
        {
            Thread.SpinWait(200);
            return Verdict.Continue;
        };
        Guard?[] guards = [Guard.Tcp(5000), Guard.TcpSyn, Guard.Tcp(), Guard.Udp(53), null, Guard.Never];
        using var fast = new FastBridge(Guard.Never, slow);
        uint expected = 0;
        for (int round = 0; round < Rounds; round++)
        {
            Task sending = Task.Run(() =>
            {
                for (int i = 0; i < Burst; i++)
                    Send(fast);
            });
            fast.Publish(guards[round % guards.Length], slow);
            expected = Receive(fast, expected, Burst);
            await sending;
            // Where no guard asks for it, a flow that is quiet for a moment is the kernel's.
            if (round % 2 == 1)
            {
                Namespaces.Until(() =>
                {
                    long before = fast.Forwarded;
                    Send(fast);
                    expected = Receive(fast, expected, 1);
                    return fast.Forwarded > before;
                }, "the kernel to have the flow");
            }
        }
    }

    private void Send(FastBridge fast)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_frame.Octets[SequenceAt..], _next++);
        fast.LeftHost.Send(_frame);
    }

    private static uint Receive(FastBridge fast, uint expected, int count)
    {
        foreach (FrameBuffer frame in fast.RightHost.Receive(count))
            Assert.Equal(expected++, BinaryPrimitives.ReadUInt32BigEndian(frame.Octets[SequenceAt..]));
        return expected;
    }
}
