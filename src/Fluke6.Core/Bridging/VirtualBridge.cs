using Fluke6.Captures;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Ports;

namespace Fluke6.Bridging;

/// <summary>
/// A bridge without ports, thread and clock: frames arrive when somebody says so, and between them time passes only as far as somebody says.
/// Its rules depend on that and on the seed of their random numbers alone. Everything but the figures is for one thread, which
/// claims it.
/// </summary>
internal sealed class VirtualBridge : IBridge, IDisposable
{
    /// <summary>The least MTU of a link that IP passes. RFC 791 §3.2.</summary>
    internal const int LeastMtu = 68;

    /// <summary>How many frames of one moment go through the chain together, as from a port.</summary>
    internal const int MaxBatch = 64;

    // Where years lie between two frames, or a rule begins a timer whenever one ends: after so many, time jumps, and each fires once.
    private const int MaxTimersInARow = 1_000_000;

    private readonly BridgeOptions _options;
    private readonly VirtualPorts _ports;
    private readonly Worker _worker;
    private readonly FlowObserver? _flows;
    private readonly CaptureTap _capture = new();
    private readonly FrameBatch _batch = new(MaxBatch, new FrameUndo());
    private CaptureFile? _lastCapture;
    private RuleCall? _call;
    private Side _from;
    private long _time;         // of the frames in the batch
    private long _monotonic;    // where time stands

    /// <summary>A bridge without rules.</summary>
    /// <param name="linkType">The header that frames begin with.</param>
    /// <param name="mtu">The largest network packet, in bytes, that rules may make a frame grow to.</param>
    /// <param name="start">When time begins, in nanoseconds since 1970, UTC.</param>
    /// <param name="options">How rules are treated; the clock is not used.</param>
    /// <param name="taps">Further observers of the frames.</param>
    internal VirtualBridge(LinkType linkType, int mtu, long start, BridgeOptions options, params FrameTap[] taps)
    {
        _options = options;
        _ports = new VirtualPorts(new VirtualPort("left", linkType, mtu), new VirtualPort("right", linkType, mtu));
        Journal = new BridgeJournal(options.LogLimit);
        Journal.AddSource(new LossWatch(Left, Side.Left));
        Journal.AddSource(new LossWatch(Right, Side.Right));
        Services = new RuleServices(Journal, clock: null, options.Random, options.Threads, options.CrashRecord) { Now = Moment.At(start) };
        _time = _monotonic = start;
        _flows = options.Flows > 0 ? new FlowObserver(options.Flows, Journal, Services) : null;
        _worker = new Worker(
            Services,
            _ports,
            options.ForWorker with { DueWorkLimit = Timeout.InfiniteTimeSpan },
            [.. _flows is null ? (FrameTap[])[] : [_flows], _capture, .. taps]);
    }

    /// <inheritdoc/>
    public IPort Left => _ports[Side.Left];

    /// <inheritdoc/>
    public IPort Right => _ports[Side.Right];

    /// <inheritdoc/>
    public RuleChain Chain => _worker.Chain;

    /// <inheritdoc/>
    public RuleServices Services { get; }

    /// <inheritdoc/>
    public FaultPolicy OnFault => _options.OnFault;

    /// <inheritdoc/>
    public BridgeJournal Journal { get; }

    /// <inheritdoc/>
    public FlowTable? Flows => _flows?.Table;

    /// <inheritdoc/>
    public NeighborLedger? Neighbors => _flows?.Neighbors;

    /// <inheritdoc/>
    public ChangeLog? Changes => _flows?.Changes;

    /// <inheritdoc/>
    public IReadOnlyList<CaptureFile> Captures => _capture.Captures;

    /// <inheritdoc/>
    public CaptureFile? LastCapture => Volatile.Read(ref _lastCapture);

    /// <inheritdoc/>
    public DateTimeOffset Now => Services.Clock.GetUtcNow();

    /// <inheritdoc/>
    public Task Publish(RuleChain chain)
    {
        _worker.Adopt(chain, Services.Now);
        return Task.CompletedTask;
    }

    /// <summary>From here on the calling thread is the one that everything else is for.</summary>
    public void Claim() => Volatile.Write(ref _call, _worker.Claim());

    /// <summary>Begins to write every frame to a file, in the order of the frames and without losing any: the bridge waits for the file.</summary>
    /// <param name="path">A pcapng file, which only its owner may read, or a pipe. No symbolic link is followed.</param>
    /// <param name="file">The file, where it is open already; closed with the capture.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public CaptureFile StartCapture(string path, FileStream? file = null)
    {
        var capture = CaptureFile.CreateWaiting(path, file, Left, Right, Services.RuleNames);
        _capture.TryBegin(capture);
        Volatile.Write(ref _lastCapture, capture);
        return capture;
    }

    /// <summary>Lets a frame arrive; what is due before it is done before.</summary>
    /// <param name="from">On which side.</param>
    /// <param name="octets">The frame.</param>
    /// <param name="time">When, in nanoseconds since 1970, UTC. The time of day may go back, as clocks of machines do; timers' time does not.</param>
    /// <param name="missing">How many bytes of its end nobody has.</param>
    internal void Arrive(Side from, ReadOnlySpan<byte> octets, long time, int missing = 0)
    {
        // As a live bridge's batches: what its rules send comes after all frames that were received together.
        if (_batch.Count > 0 && (from != _from || time != _time || _batch.Count == MaxBatch))
            ProcessBatch();
        (_from, _time) = (from, time);
        FrameBuffer buffer = _batch.Buffers[_batch.Count++];
        buffer.Load(octets, _ports.LinkType, from, _ports.Mtu);
        buffer.MissingOctets = missing;
        PortCounters counters = _ports[from].Counters;
        counters.RxFrames++;
        counters.RxBytes += octets.Length;
    }

    /// <summary>Counts a frame that is longer than any that there is room for.</summary>
    internal void CountTooLong(Side from) => _ports[from].Counters.CountRxDropped(ReceiveLoss.Truncated);

    /// <summary>Lets the frames that arrived go through the chain, and then time pass, with all that is due meanwhile.</summary>
    internal void PassTime(TimeSpan span)
    {
        ProcessBatch();
        RunTimersUntil(_monotonic + Moment.Nanoseconds(span));
        _worker.RunDueWork(Moment.At(_monotonic));
    }

    /// <summary>Lets the frames that arrived go through the chain, and then rules do what they do at exit.</summary>
    internal void End()
    {
        ProcessBatch();
        _worker.RunAllExits(Moment.At(_monotonic));
    }

    /// <summary>Writes what the capture has not written yet.</summary>
    public void FlushCapture()
    {
        foreach (CaptureFile capture in Captures)
            capture.Flush();
    }

    /// <summary>Ends the capture and closes its file.</summary>
    public void StopCapture()
    {
        foreach (CaptureFile capture in Captures)
        {
            _capture.End(capture);
            capture.Dispose();
        }
    }

    /// <summary>
    /// Whether a rule has not given the thread back for longer than the options allow. It is then taken away from that thread, which touches
    /// nothing any more and ends at the script's next statement. To be asked again and again, by another thread.
    /// </summary>
    /// <param name="watch">What was seen at the last look; at first a new one.</param>
    /// <param name="hung">The rule, and the line that it is at.</param>
    public bool FindHung(ref HangWatch watch, out (string Rule, string? At) hung)
    {
        hung = default;
        if (Volatile.Read(ref _call) is not { } call || !watch.HasLasted(call.Token, _options.OverrunLimit) || call.RunningRule is not { } rule)
            return false;

        hung = (rule.Name, rule.Context?.Position.Current);
        if (!call.GiveUp(watch.Token))
            return false;

        rule.Context?.Position.End();
        return true;
    }

    /// <summary>Closes the capture; rules are at their end.</summary>
    public void Dispose()
    {
        StopCapture();
        _worker.Use(RuleChain.Empty, Services.Now);
    }

    private void ProcessBatch()
    {
        if (_batch.Count == 0)
            return;

        RunTimersUntil(_time);
        var now = new Moment(_time, _monotonic);
        _worker.Process(_batch, _from, now);
        _worker.RunDueWork(now);
    }

    private void RunTimersUntil(long time)
    {
        for (int i = 0; i < MaxTimersInARow && _worker.NextDue is { } due && due <= time; i++)
            _worker.RunDueWork(Moment.At(due));
        _monotonic = Math.Max(_monotonic, time);
    }
}
