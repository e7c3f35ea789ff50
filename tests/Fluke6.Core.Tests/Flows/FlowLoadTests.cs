using System.Buffers.Binary;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Flows;

/// <summary>What must hold when there is much: no allocation, flat memory, whole copies for readers on other threads.</summary>
[Collection("allocations")]
public sealed class FlowLoadTests
{
    private const int Frames = 1_000_000;

    // A collection that another test causes charges this thread for the rest of its allocation quantum; one octet a frame would be more.
    private const long Noise = 500_000;

    private readonly BridgeJournal _journal = new();
    private readonly RuleCall _call = new();
    private readonly FrameUndo _undo = new();
    private readonly RuleFaults _faults;

    public FlowLoadTests() => _faults = new RuleFaults(FaultPolicy.Pass, 16, _journal);

    [Fact]
    public void AllocatesNothingOverAMillionFrames()
    {
        var observer = new FlowObserver(4096, _journal);
        RuleChain chain = Chain("strip", (ref frame) =>
        {
            if (frame.TryGetTcp(out TcpHeader tcp) && tcp.Syn)
                tcp.Options.Strip(TcpOptionKind.SackPermitted);
            return Verdict.Continue;
        });
        FrameBuffer[] frames =
        [
            Load(TestBridge.FromClient(TcpFlags.Syn, Segment.LinuxOptions()), Side.Left),
            Load(TestBridge.FromServer(TcpFlags.Syn | TcpFlags.Ack, Segment.LinuxOptions()), Side.Right),
            Load(TestBridge.FromClient(TcpFlags.Ack, Segment.Timestamps, 100), Side.Left),
            Load(TestBridge.FromServer(TcpFlags.Ack, [.. Segment.Timestamps, 1, 1, 5, 10, 0, 0, 0, 5, 0, 0, 0, 9], 100), Side.Right),
            Load(TestBridge.FromServer(TcpFlags.Rst), Side.Right),
            Load(Segment.Udp("2001:db8::1", 9, "2001:db8::2", 7), Side.Left),
        ];

        Run(observer, chain, frames, Frames / 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(observer, chain, frames, Frames);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Noise);
        Assert.True(observer.Table.Evicted > Frames / 10, "the flood must have pushed flows out");
    }

    [Fact]
    public void MillionFlowsTakeNoMoreMemoryThanFit()
    {
        var observer = new FlowObserver(65_536, _journal);
        FrameBuffer frame = Load(Segment.Tcp("192.0.2.1", 1, "198.51.100.1", 80, TcpFlags.Syn, Segment.LinuxOptions()), Side.Left);
        Flood(observer, frame, 0, 70_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Flood(observer, frame, 70_000, Frames);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Noise);
        Assert.Equal((65_536, Frames), (observer.Table.Count, (int)observer.Table.Created));
    }

    [Fact]
    public async Task CopiesAreWholeWhileTheBridgeWrites()
    {
        // So few that nearly every frame makes an entry another flow's.
        const int capacity = 2;
        var observer = new FlowObserver(capacity, _journal);
        using var stop = new CancellationTokenSource();
        // Each address has frames of one length of its own, so that a copy made of two flows, or of half an update, shows.
        FrameBuffer[] frames = [.. Enumerable.Range(1, 200).Select(host =>
            Load(Segment.Udp($"192.0.2.{host}", 9, "198.51.100.1", 7, payload: host), Side.Left))];
        Task writer = Task.Run(() =>
        {
            var random = new Random(1);
            while (!stop.IsCancellationRequested)
            {
                FrameBuffer frame = frames[random.Next(frames.Length)];
                observer.BeginBatch(Moment.At(Moment.Nanoseconds(DateTime.UnixEpoch.AddTicks(frame.Length))));
                observer.Arrived(frame);
                observer.Arrived(frame);
            }
        });

        var flows = new FlowSnapshot[capacity];
        long seen = 0;
        for (int round = 0; round < 300_000; round++)
        {
            int count = observer.Table.Read(flows, (FlowOrder)(round % 5));
            seen += count;
            for (int i = 0; i < count; i++)
            {
                FlowSnapshot flow = flows[i];
                int length = 14 + 28 + (int)(flow.Source.Ipv4.Value & 0xFF);
                Assert.Equal(flow.Frames * length, flow.Bytes);
                // The clock of this test is the frame's length: last and first seen belong to this flow too.
                Assert.Equal(((long)length, (long)length), ((flow.LastSeen - DateTime.UnixEpoch).Ticks, (flow.FirstSeen - DateTime.UnixEpoch).Ticks));
            }
        }

        await stop.CancelAsync();
        await writer;
        Assert.True(seen > 0);
    }

    private static void Flood(FlowObserver observer, FrameBuffer frame, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(frame.Octets[26..], i);
            observer.BeginBatch(Moment.At(i));
            observer.Arrived(frame);
            observer.Departed(frame, Verdict.Continue, decider: null);
        }
    }

    private void Run(FlowObserver observer, RuleChain chain, FrameBuffer[] frames, int count)
    {
        for (int i = 0; i < count; i++)
        {
            FrameBuffer frame = frames[i % frames.Length];
            frame.Arrive(frame.Length, LinkType.Ethernet, frame.From, 1500);
            if (i % 3 == 0)
                BinaryPrimitives.WriteInt32BigEndian(frame.Octets[26..], i);
            observer.BeginBatch(Moment.At(i));
            observer.Arrived(frame);
            observer.Departed(frame, chain.Run(frame, _call, 0, _faults), decider: null);
        }
    }

    private static RuleChain Chain(string name, Rule rule) => new([new RuleEntry(name, rule)]);

    private FrameBuffer Load(byte[] octets, Side from)
    {
        var buffer = new FrameBuffer(_undo);
        buffer.Load(octets, LinkType.Ethernet, from);
        return buffer;
    }
}
