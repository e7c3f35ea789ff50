using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Ports;
using Fluke6.Rules;

namespace Fluke6.Testing.Harness;

/// <summary>
/// The worker in a test's hands, without ports, thread and clock: frames arrive and time passes when the test says so, and rules are
/// delegates. Belongs to the thread that made it.
/// </summary>
internal sealed class TestWorker : IFrameSink
{
    /// <summary>When time begins.</summary>
    public static readonly DateTimeOffset Start = new(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private readonly PortCounters[] _counters = [new(), new()];
    private readonly FrameBatch _batch = new(64, new FrameUndo());
    private readonly VerdictTap _verdict = new();
    private readonly Worker _worker;
    private Moment _now = At(TimeSpan.Zero);

    /// <summary>A worker without rules.</summary>
    /// <param name="taps">Who sees frames, besides the harness.</param>
    public TestWorker(params FrameTap[] taps)
        : this(_ => taps)
    {
    }

    /// <summary>A worker without rules, whose taps know the services of those that it gets.</summary>
    public TestWorker(Func<RuleServices, FrameTap[]> taps)
    {
        Services = new RuleServices(Journal, clock: null, new Random(1)) { Now = _now };
        _worker = new Worker(
            Services, this, new WorkerOptions { DueWorkLimit = Timeout.InfiniteTimeSpan, FaultLimit = int.MaxValue }, [_verdict, .. taps(Services)]);
        _worker.Claim();
    }

    /// <summary>A frame departs, by a side: one that arrived, or one that a rule sends.</summary>
    public event Action<Side, FrameBuffer>? Departing;

    public BridgeJournal Journal { get; } = new();

    public RuleServices Services { get; }

    /// <summary>The chain that runs.</summary>
    public RuleChain Chain => _worker.Chain;

    /// <summary>The verdict on the frame that arrived last.</summary>
    public Verdict Verdict => _verdict.Last;

    /// <summary>How long after the start the next timer fires; null if none will.</summary>
    public TimeSpan? NextDue => NextDueNanoseconds is { } due ? TimeSpan.FromTicks(due / 100) : null;

    /// <summary>How many nanoseconds after the start something is due next: a timer, or a frame that was held; null if nothing is.</summary>
    public long? NextDueNanoseconds => _worker.NextDue - At(TimeSpan.Zero).Monotonic;

    /// <summary>How many nanoseconds have passed.</summary>
    public long Nanoseconds => _now.Monotonic - At(TimeSpan.Zero).Monotonic;

    public LinkType LinkType => LinkType.Ethernet;

    public int Mtu => 1500;

    /// <summary>How long time has passed when rules look at their clock.</summary>
    public TimeSpan Now => Services.Clock.GetUtcNow() - Start;

    /// <summary>Whether a frame is one that arrived last, and none that a rule sends.</summary>
    public bool HasArrived(FrameBuffer frame) => _batch.Buffers.Contains(frame);

    public int MtuOf(Side side) => Mtu;

    public string NameOf(Side side) => side.ToString();

    public PortCounters CountersOf(Side side) => _counters[(int)side];

    public void Transmit(Side side, ReadOnlySpan<FrameBuffer> frames)
    {
        foreach (FrameBuffer frame in frames)
        {
            _counters[(int)side].TxFrames++;
            Departing?.Invoke(side, frame);
        }
    }

    /// <summary>A rule that has a context to send with.</summary>
    public RuleInstance Rule(string name) => new(name, new RuleCounters(), Services);

    /// <summary>A rule's place in a chain.</summary>
    public static RuleEntry Entry(RuleInstance rule, Rule? apply = null) =>
        new(rule.Name, apply ?? ((ref frame) => Verdict.Continue), rule, rule.Counters);

    /// <summary>Runs another chain.</summary>
    public void Adopt(params RuleEntry[] entries) => _worker.Adopt(new RuleChain(entries), _now);

    /// <summary>Goes on to a time after the start, without a timer's turn.</summary>
    public void GoTo(TimeSpan time) => GoTo(Moment.Nanoseconds(time));

    /// <summary>Goes on to so many nanoseconds after the start, without a timer's turn.</summary>
    public void GoTo(long nanoseconds)
    {
        _now = Moment.At(At(TimeSpan.Zero).Monotonic + nanoseconds);
        Services.Now = _now;
    }

    /// <summary>Lets time pass, without a timer's turn.</summary>
    public void Advance(TimeSpan by) => GoTo(Now + by);

    /// <summary>Lets everything happen that is due now.</summary>
    public void RunDueWork() => _worker.RunDueWork(_now);

    /// <summary>Goes on to a time after the start, and lets each timer that is due until then fire when it is.</summary>
    public void RunTimersUntil(TimeSpan time)
    {
        RunUntil(Moment.Nanoseconds(time));
    }

    /// <summary>Goes on to so many nanoseconds after the start, and lets everything happen when it is due.</summary>
    public void RunUntil(long nanoseconds)
    {
        while (NextDueNanoseconds is { } due && due <= nanoseconds)
        {
            GoTo(Math.Max(due, Nanoseconds));
            RunDueWork();
        }

        GoTo(nanoseconds);
    }

    /// <summary>Lets rules do what they do at exit.</summary>
    public void RunAllExits() => _worker.RunAllExits(_now);

    /// <summary>Lets frames arrive together.</summary>
    public void Arrive(Side from, params ReadOnlySpan<byte[]> frames)
    {
        foreach (byte[] octets in frames)
            _batch.Buffers[_batch.Count++].Load(octets, LinkType, from, Mtu);
        Process(from);
    }

    /// <summary>Lets a frame arrive.</summary>
    /// <param name="octets">The frame.</param>
    /// <param name="from">Where.</param>
    /// <param name="segmentSize">If not 0, how much of its payload is in each segment of the super-segment that it is.</param>
    /// <returns>The frame as it is now.</returns>
    public FrameBuffer Arrive(ReadOnlySpan<byte> octets, Side from = Side.Left, int segmentSize = 0)
    {
        FrameBuffer buffer = _batch.Buffers[_batch.Count++];
        buffer.Load(octets, LinkType, from, Mtu);
        if (segmentSize > 0)
            buffer.Offload.SetSegmentation(SegmentationKind.Tcpv4, segmentSize, 0);
        Process(from);
        return buffer;
    }

    /// <summary>Lets a frame arrive as it is, with its offload header.</summary>
    public void Arrive(Side from, FrameBuffer frame)
    {
        FrameBuffer into = _batch.Buffers[_batch.Count++];
        into.Load(frame);
        into.Arrive(into.Length, into.LinkType, from, Mtu);
        Process(from);
    }

    /// <summary>All that the journal said since this was asked last.</summary>
    public IEnumerable<JournalNote> TakeNotes()
    {
        while (Journal.TryRead(out JournalNote note))
            yield return note;
    }

    private void Process(Side from)
    {
        _worker.Process(_batch, from, _now);
        Assert.True(_batch.Count == 0, "the worker keeps a batch");
    }

    private static Moment At(TimeSpan time) => Moment.At(Moment.Nanoseconds(Start + time));

    private sealed class VerdictTap : FrameTap
    {
        public VerdictTap() => AwaitsDeparture = true;

        public Verdict Last { get; private set; }

        public override bool BeginBatch(in Moment now) => true;

        public override void Arrived(FrameBuffer frame)
        {
        }

        public override void Sent(Side side, FrameBuffer frame, int rule)
        {
        }

        protected override void LookAgain(FrameBuffer frame, Verdict verdict, RuleEntry? decider) => Last = verdict;
    }
}
