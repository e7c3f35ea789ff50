using Fluke6.Core.Tests.Flows;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Ports;
using Fluke6.Rules;

namespace Fluke6.Core.Tests.Engine;

/// <summary>A worker in virtual time, and what it sends: for rules whose frames leave later.</summary>
internal sealed class WorkerHost : IFrameSink
{
    private readonly FrameBatch _batch = new(64, new FrameUndo());
    private readonly PortCounters[] _counters = [new(), new()];
    private Moment _now = Moment.At(0);

    public WorkerHost(params FrameTap[] taps)
    {
        Services = new RuleServices(Journal, clock: null, new Random(1));
        Worker = new Worker(Services, this, new WorkerOptions { DueWorkLimit = Timeout.InfiniteTimeSpan, FaultLimit = int.MaxValue }, taps);
        Worker.Claim();
    }

    public BridgeJournal Journal { get; } = new();

    public RuleServices Services { get; }

    public Worker Worker { get; }

    /// <summary>What was sent: when, where to, and the last octet.</summary>
    public List<(double Milliseconds, Side Side, byte Id)> Sent { get; } = [];

    /// <summary>Is called with each frame that is sent.</summary>
    public Action<Side, FrameBuffer>? OnSent { get; set; }

    /// <summary>Whether <see cref="Sent"/> is kept.</summary>
    public bool Records { get; set; } = true;

    /// <summary>The time in nanoseconds.</summary>
    public long Now => _now.Monotonic;

    public LinkType LinkType => LinkType.Ethernet;

    public int Mtu => 1500;

    public static byte[] Ping(byte id)
    {
        byte[] frame = Segment.Echo("192.0.2.1", "192.0.2.2", reply: false, 5);
        frame[^1] = id;
        return frame;
    }

    public RuleEntry Entry(string name, Func<RuleInstance, Rule> make)
    {
        var context = new RuleInstance(name, new RuleCounters(), Services);
        return new RuleEntry(name, make(context), context, context.Counters);
    }

    public static RuleEntry Entry(string name, Rule rule, RuleCounters? counters = null) => new(name, rule, null, counters);

    public void Adopt(params RuleEntry[] rules) => Worker.Adopt(new RuleChain(rules), _now);

    /// <summary>Lets frames arrive together.</summary>
    public void Arrive(Side from, params byte[] ids)
    {
        foreach (byte id in ids)
            _batch.Buffers[_batch.Count++].Load(Ping(id), LinkType.Ethernet, from, Mtu);
        Worker.Process(_batch, from, _now);
        Worker.RunDueWork(_now);
    }

    /// <summary>Lets a frame arrive as it is, with its offload header.</summary>
    public void Arrive(Side from, FrameBuffer frame)
    {
        FrameBuffer into = _batch.Buffers[_batch.Count++];
        into.Load(frame);
        into.Arrive(into.Length, into.LinkType, from, Mtu);
        Worker.Process(_batch, from, _now);
        Worker.RunDueWork(_now);
    }

    /// <summary>Lets time pass, and does what is due when it is due.</summary>
    public void PassUntil(double milliseconds) => PassUntil((long)(milliseconds * 1_000_000));

    /// <inheritdoc cref="PassUntil(double)"/>
    public void PassUntil(long nanoseconds)
    {
        while (Worker.NextDue is { } due && due <= nanoseconds)
            Worker.RunDueWork(_now = Moment.At(Math.Max(due, _now.Monotonic)));
        _now = Moment.At(nanoseconds);
    }

    public IReadOnlyList<T> Notes<T>()
        where T : JournalNote
    {
        var notes = new List<T>();
        while (Journal.TryRead(out JournalNote note))
        {
            if (note is T wanted)
                notes.Add(wanted);
        }

        return notes;
    }

    public int MtuOf(Side side) => Mtu;

    public string NameOf(Side side) => side.ToString();

    public PortCounters CountersOf(Side side) => _counters[(int)side];

    public void Transmit(Side side, ReadOnlySpan<FrameBuffer> frames)
    {
        foreach (FrameBuffer frame in frames)
        {
            OnSent?.Invoke(side, frame);
            if (Records)
                Sent.Add((_now.Monotonic / 1e6, side, frame.Octets[^1]));
        }
    }
}
