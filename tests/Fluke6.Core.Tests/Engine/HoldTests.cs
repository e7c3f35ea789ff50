using Fluke6.Bridging;
using Fluke6.Core.Tests.Flows;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Ports;
using Fluke6.Rules;
using Fluke6.Core.Tests;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Engine;

/// <summary>A frame that a rule holds goes on at its time, through the rules after that one, whatever becomes of the rule
/// meanwhile.</summary>
public sealed class HoldTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly WorkerHost _host = new();
    private readonly List<string> _seen = [];

    [Fact]
    public void GoesOnAfterTheDelayThroughTheRulesAfterItAndNoOther()
    {
        RuleEntry before = Sees("10-before"), holds = Holds("20-holds", 40), after = Sees("30-after");
        _host.Adopt(before, holds, after);
        _host.PassUntil(5.0);
        _host.Arrive(Side.Left, 1);
        _host.Arrive(Side.Right, 2);
        Assert.Equal(["10-before 1", "10-before 2"], _seen);
        Assert.Equal((2, 2, 2, 0), (holds.Counters.Hits, holds.Counters.Held, holds.Counters.Holding, holds.Counters.Dropped));
        _host.PassUntil(44.999999);
        Assert.Empty(_host.Sent);
        _host.PassUntil(100.0);
        Assert.Equal([(45.0, Side.Right, (byte)1), (45.0, Side.Left, (byte)2)], _host.Sent);
        Assert.Equal(["10-before 1", "10-before 2", "30-after 1", "30-after 2"], _seen);
        Assert.Equal((2, 2, 0), (after.Counters.Seen, holds.Counters.Held, holds.Counters.Holding));
        Assert.Empty(_host.Notes<FaultNote>());
    }

    [Fact]
    public void KeepsItsOffloadHeaderItsEditsAndWhenItArrived()
    {
        FrameBuffer superSegment = new FrameShape { Payload = FrameShapes.Data(60_000), SegmentSize = 1400, HasPartialChecksum = true, Mtu = 1500 }.ToBuffer();
        DateTimeOffset arrived = default;
        _host.Adopt(
            WorkerHost.Entry("10-edits", (ref frame) =>
            {
                frame.TryGetTcp(out TcpHeader tcp);
                tcp.Window = 77;
                return frame.Hold(TimeSpan.FromMilliseconds(3));
            }),
            WorkerHost.Entry("20-looks", (ref frame) =>
            {
                arrived = frame.ArrivalTime;
                frame.TryGetTcp(out TcpHeader tcp);
                tcp.Window++;
                return Verdict.Continue;
            }));
        _host.PassUntil(2.0);
        FrameCopy? sent = null;
        ushort arrivedWindow = 0, sentWindow = 0;
        _host.OnSent = (_, frame) =>
        {
            sent = new FrameCopy(frame);
            Assert.True(frame.Rewritten);
            new Frame(frame).TryGetTcp(out TcpHeader tcp);
            sentWindow = tcp.Window;
            LayerWalk.Walk(superSegment.Octets, LinkType.Ethernet, out Layers layers);
            arrivedWindow = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(frame.ArrivedOctets[(layers.TransportOffset + 14)..]);
            Assert.Equal(superSegment.Length, frame.ArrivedLength);
        };
        _host.Arrive(Side.Left, superSegment);
        _host.PassUntil(9.0);
        new Frame(superSegment).TryGetTcp(out TcpHeader original);
        Assert.Equal((original.Window, (ushort)78), (arrivedWindow, sentWindow));
        Assert.Equal((1400, true, superSegment.Length), (sent!.SegmentSize, sent.HasPartialChecksum, sent.Length));
        Assert.Equal(TestWorker.Start.AddMilliseconds(2), arrived);
        original.Window = 78;
        Assert.Equal(superSegment.Octets.ToArray(), sent.Octets.ToArray());
    }

    [Fact]
    public void DueAtOneMomentTheyGoOnInTheOrderInWhichTheyWereHeldAndOthersAtTheirOwnTime()
    {
        _host.Adopt(WorkerHost.Entry("10-holds", (ref frame) => frame.Hold(TimeSpan.FromMilliseconds(frame.Octets[^1] < 100 ? 5 : 2))));
        _host.Arrive(Side.Left, 1, 2, 101, 3, 102);
        _host.PassUntil(10.0);
        Assert.Equal([101, 102, 1, 2, 3], _host.Sent.Select(sent => (int)sent.Id));
    }

    [Fact]
    public void HeldForNoTimeItGoesOnAtOnce()
    {
        RuleEntry after = Sees("20-after");
        _host.Adopt(Holds("10-holds", 0), after);
        _host.Arrive(Side.Left, 1, 2);
        Assert.Equal([1, 2], _host.Sent.Select(sent => (int)sent.Id));
        Assert.Equal(2, after.Counters.Hits);
    }

    [Fact]
    public void ReloadMovedSwitchedOffOrTakenOutTheRulesFramesGoOnAfterItsPlace()
    {
        RuleEntry holds = Holds("20-holds", 10);
        _host.Adopt(Sees("10-a"), holds, Sees("30-b"), Sees("40-c"));
        _host.Arrive(Side.Left, 1);
        // Another version of the rule, moved behind b, which the frame has thus passed.
        RuleEntry next = Holds("20-holds", 10, holds.Counters);
        _host.Adopt(Sees("10-a"), Sees("30-b"), next, Sees("40-c"));
        next.Disabled = true;
        _host.PassUntil(20.0);
        Assert.Equal(["10-a 1", "40-c 1"], _seen);

        next.Disabled = false;
        _seen.Clear();
        _host.Arrive(Side.Left, 2);
        next.Bypass(FaultPolicy.Drop);
        _host.PassUntil(40.0);
        Assert.Equal(["10-a 2", "30-b 2", "40-c 2"], _seen);
        Assert.Equal([1, 2], _host.Sent.Select(sent => (int)sent.Id));
    }

    [Fact]
    public void WhereTheRuleIsGoneItsFramesGoOnAfterTheRuleBeforeIt()
    {
        RuleEntry holds = Holds("20-holds", 10);
        _host.Adopt(Sees("10-a"), holds, Sees("30-b"));
        _host.Arrive(Side.Left, 1);
        _host.Adopt(Sees("10-a"), Sees("30-b"));
        // Then that one is gone, too, and a new rule stands first: what is held has passed nothing that is there.
        _host.PassUntil(5.0);
        _host.Arrive(Side.Left, 2);
        Assert.Equal([2], _host.Sent.Select(sent => (int)sent.Id));
        _host.Adopt(Sees("05-new"), Sees("30-b"));
        _seen.Clear();
        _host.PassUntil(20.0);
        Assert.Equal(["05-new 1", "30-b 1"], _seen);
        Assert.Equal((0, 2), (holds.Counters.Holding, _host.Sent.Count));

        // Nothing of it is left over that a rule of that name could fall over later.
        RuleEntry again = Holds("20-holds", 10);
        _host.Adopt(again);
        _host.Arrive(Side.Left, 3);
        _host.PassUntil(40.0);
        Assert.Equal((1, 0, 3), (again.Counters.Held, again.Counters.Holding, _host.Sent.Count));
    }

    [Fact]
    public void ALaterRulesVerdictsAndFaultsHoldForItAsForAnyFrame()
    {
        _host.Adopt(Holds("10-holds", 1), WorkerHost.Entry("20-decides", (ref frame) =>
        {
            byte id = frame.Octets[^1];
            if (id == 4)
            {
                frame.Edit()[^1] = 44;
                throw new InvalidOperationException("a fault");
            }

            return id switch { 1 => Verdict.Drop, 2 => Verdict.Reflect, 3 => frame.Hold(TimeSpan.FromMilliseconds(1)), _ => Verdict.Continue };
        }));
        _host.Arrive(Side.Left, 1, 2, 3, 4, 5);
        _host.PassUntil(10.0);
        Assert.Equal([(1.0, Side.Right, (byte)4), (1.0, Side.Right, (byte)5), (1.0, Side.Left, (byte)2), (2.0, Side.Right, (byte)3)], _host.Sent);
        Assert.Single(_host.Notes<FaultNote>());
    }

    [Fact]
    public void WhenTheBridgeStopsAllGoesOnAtOnceAndThatIsCounted()
    {
        RuleEntry holds = Holds("10-holds", 1000), again = Holds("20-again", 1000), after = Sees("30-after");
        _host.Adopt(holds, again, after);
        _host.Arrive(Side.Left, 1, 2, 3);
        _host.PassUntil(10.0);
        _host.RunAllExits();
        Assert.Equal([1, 2, 3], _host.Sent.Select(sent => (int)sent.Id));
        Assert.Equal((3, 3, 3), (holds.Counters.ReleasedEarly, again.Counters.ReleasedEarly, after.Counters.Seen));
        Assert.Equal((0, 0), (holds.Counters.Holding, again.Counters.Holding));
    }

    [Fact]
    public void SteadyHoldingAllocatesNothing()
    {
        _host.Records = false;
        _host.Adopt(WorkerHost.Entry("10-holds", (ref frame) => frame.Hold(TimeSpan.FromMilliseconds(frame.Octets[^1] % 7))), WorkerHost.Entry("20-after", (ref frame) => Verdict.Continue));
        var frame = new FrameBuffer(new FrameUndo());
        long time = 0;
        void Turn()
        {
            for (int i = 0; i < 1000; i++)
            {
                byte[] octets = i % 2 == 0 ? s_long : s_short;
                octets[^1] = (byte)i;
                frame.Load(octets, LinkType.Ethernet, Side.Left);
                _host.Arrive(Side.Left, frame);
                _host.PassUntil(time += 100_000);
            }
        }

        Turn();
        Turn();
        Assert.Equal(0, Allocation.In(Turn));
        Assert.InRange(_host.Services.Held.Memory, 1, 4 << 20);
    }

    [Fact]
    public void VerdictHoldWithoutADelayIsAFaultThatSaysWhatToWrite()
    {
        _host.Adopt(WorkerHost.Entry("10-x", (ref _) => Verdict.Hold), WorkerHost.Entry("20-y", (ref frame) =>
        {
            frame.Hold(TimeSpan.FromMilliseconds(-1));
            return Verdict.Continue;
        }));
        _host.Arrive(Side.Left, 1);
        Assert.Single(_host.Sent);
        string[] faults = [.. _host.Notes<FaultNote>().Select(note => note.Fault.Message)];
        Assert.Contains("return frame.Hold(delay)", faults[0], StringComparison.Ordinal);
        Assert.Contains("delay", faults[1], StringComparison.Ordinal);
    }

    [Fact]
    public void FlowTableSeesItWhenItLeaves()
    {
        var flows = new FlowObserver(16, new BridgeJournal());
        var host = new WorkerHost(flows);
        bool drop = false;
        host.Adopt(
            WorkerHost.Entry("10-holds", (ref frame) => frame.Hold(TimeSpan.FromMilliseconds(5))),
            WorkerHost.Entry("20-decides", (ref frame) =>
            {
                if (frame.TryGetTcp(out TcpHeader tcp))
                    tcp.Options.Strip(TcpOptionKind.SackPermitted);
                return drop ? Verdict.Drop : Verdict.Continue;
            }));
        var frame = new FrameBuffer(new FrameUndo());
        frame.Load(Segment.Tcp("192.0.2.1", 40000, "198.51.100.1", 80, TcpFlags.Syn, Segment.LinuxOptions()), LinkType.Ethernet, Side.Left);
        host.Arrive(Side.Left, frame);
        Assert.False(Ledger(out _), "nothing was delivered yet");
        host.Arrive(Side.Right, 9);    // another flow in between
        host.PassUntil(6.0);
        Assert.True(Ledger(out TcpLedger ledger));
        Assert.True(ledger.SynOffered.Has(TcpFeature.SackPermitted));
        Assert.False(ledger.SynDelivered.Has(TcpFeature.SackPermitted));

        drop = true;
        host.Arrive(Side.Left, 9);
        host.PassUntil(20.0);
        Assert.Equal(1, Snapshots().Sum(flow => flow.Dropped));
        Assert.Equal(3, Snapshots().Sum(flow => flow.FramesFromLeft + flow.FramesFromRight));

        FlowSnapshot[] Snapshots()
        {
            var table = new FlowSnapshot[16];
            return table[..flows.Table.Read(table)];
        }

        bool Ledger(out TcpLedger found)
        {
            FlowSnapshot flow = Snapshots().Single(flow => flow.Key.Protocol == IpProtocol.Tcp);
            return flows.Table.TryGetLedger(flow, out found) && found.SynDelivered.IsPresent;
        }
    }

    [Fact]
    public void RuleThatHangsOnAFrameThatWasHeldIsTakenOutAndTheFrameGoesOn()
    {
        using var host = TestBridge.Unstarted(new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(200) });
        var hangs = new RuleEntry("20-hangs", (ref frame) =>
        {
            while (frame.Octets[^1] == 2)
            {
            }

            return Verdict.Continue;
        });
        host.Bridge.Publish(new RuleChain([new RuleEntry("10-holds", (ref frame) => frame.Hold(TimeSpan.FromMilliseconds(1))), hangs]));
        host.Bridge.Start();
        foreach (byte id in (byte[])[1, 2, 3])
            host.Left.Arrive(WorkerHost.Ping(id));
        host.Wake();
        Assert.True(SpinWait.SpinUntil(() => host.Right.SentFrames.Count == 3, s_patience));
        Assert.Equal([1, 2, 3], host.Right.SentFrames.Select(frame => (int)frame[^1]));
        Assert.Equal(RuleState.Bypassed, hangs.State);
    }

    private static readonly byte[] s_long = new byte[1514], s_short = WorkerHost.Ping(0);

    private static RuleEntry Holds(string name, int milliseconds, RuleCounters? counters = null) =>
        WorkerHost.Entry(name, (ref frame) => frame.Hold(TimeSpan.FromMilliseconds(milliseconds)), counters);

    private RuleEntry Sees(string name) => WorkerHost.Entry(name, (ref frame) =>
    {
        _seen.Add($"{name} {frame.Octets[^1]}");
        frame.Hit();
        return Verdict.Continue;
    });
}
