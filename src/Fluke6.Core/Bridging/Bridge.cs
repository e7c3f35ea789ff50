using System.Diagnostics;
using Fluke6.Captures;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Ports;

namespace Fluke6.Bridging;

/// <summary>
/// Two ports and a chain of rules between them: receive batch, chain, transmit batch. One thread serves both directions, so a rule's
/// state needs no lock. Everything here may be called from any thread.
/// </summary>
internal sealed class Bridge : IBridge, IDisposable
{
    private static readonly TimeSpan s_longestJoin = TimeSpan.FromMilliseconds(20);

    // As many frames as may be held go out in a fraction of it, unless rules after that are slow.
    private static readonly TimeSpan s_longestRelease = TimeSpan.FromSeconds(10);
    private readonly BridgeOptions _options;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly BridgeWatchdog _watchdog;
    private ChainChange? _change;
    private readonly BridgedPorts _ports;
    private readonly Worker _worker;
    private readonly FlowObserver? _flows;
    private readonly BridgeCapture _capture;
    private BridgeLoop? _loop;
    private volatile bool _stopping;

    /// <summary>A bridge between two open ports. It does not own them, nor the waiter.</summary>
    public Bridge(IPort left, IPort right, IPortWaiter waiter, BridgeOptions? options = null)
    {
        Left = left;
        Right = right;
        Waiter = waiter;
        _options = options ?? new BridgeOptions();
        Journal = new BridgeJournal(_options.LogLimit);
        Journal.AddSource(new LossWatch(left, Side.Left));
        Journal.AddSource(new LossWatch(right, Side.Right));
        Services = new RuleServices(Journal, _options.Clock, _options.Random, _options.Threads, _options.CrashRecord) { Wake = waiter.Wake };
        _capture = new BridgeCapture(this);
        _flows = _options.Flows > 0 ? new FlowObserver(_options.Flows, Journal, Services, _options.FastPath?.Flows) : null;
        bool canLoop = _options.LoopLimit > 0 && left.LinkType == LinkType.Ethernet;
        _ports = new BridgedPorts(left, right, canLoop ? new LoopGuard(_options.LoopLimit, _options.Clock, new Random(), TellLoop) : null);
        _worker = new Worker(Services, _ports, _options.ForWorker, [.. _flows is null ? (FrameTap[])[] : [_flows], _capture.Tap]);
        FastPath = new FastPathSwitch(_options.FastPath, _options.FastPathReason, _flows, left, right, Journal);
        _watchdog = new BridgeWatchdog(this, _worker.Faults, _options.OverrunLimit);
    }

    /// <summary>Frames that the kernel forwards by itself.</summary>
    public FastPathSwitch FastPath { get; }

    /// <summary>The left port.</summary>
    public IPort Left { get; }

    /// <summary>The right port.</summary>
    public IPort Right { get; }

    /// <summary>Threads that rules did not give back.</summary>
    public LeftBehindThreads LeftBehind => Services.LeftBehind;

    /// <inheritdoc/>
    public RuleServices Services { get; }

    /// <inheritdoc/>
    public FaultPolicy OnFault => _options.OnFault;

    /// <summary>Notes of events that nobody read yet.</summary>
    public BridgeJournal Journal { get; }

    /// <summary>The numbers of rules in sets of rules.</summary>
    public RuleNames RuleNames => Services.RuleNames;

    /// <summary>The flows that cross the bridge; null if <see cref="BridgeOptions.Flows"/> is 0.</summary>
    public FlowTable? Flows => _flows?.Table;

    /// <summary>The ledger of neighbour discovery; null if <see cref="BridgeOptions.Flows"/> is 0.</summary>
    public NeighborLedger? Neighbors => _flows?.Neighbors;

    /// <summary>The last frames that rules changed; null if <see cref="BridgeOptions.Flows"/> is 0.</summary>
    public ChangeLog? Changes => _flows?.Changes;

    /// <summary>The captures that are being written.</summary>
    public IReadOnlyList<CaptureFile> Captures => _capture.Tap.Captures;

    /// <summary>Of the captures that are being written, the one that began last; where none is, the one that ended last; null if there never was one.</summary>
    public CaptureFile? LastCapture => _capture.Last;

    /// <summary>The chain that runs.</summary>
    public RuleChain Chain => _worker.Chain;

    /// <summary>Ends when the bridge was stopped; fails if it could not go on.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Whether any rule asked for something to be done when the bridge stops.</summary>
    public bool HasExits => Chain.Entries.Any(rule => rule.Context is { Exits.IsEmpty: false });

    internal FlowObserver? FlowObserver => _flows;

    /// <inheritdoc/>
    public DateTimeOffset Now => Clock.GetUtcNow();

    internal TimeProvider Clock => _options.Clock;

    internal IPortWaiter Waiter { get; }

    internal bool Stopping => _stopping;

    /// <summary>The chain that was published and is not taken over yet; null if there is none.</summary>
    internal RuleChain? PublishedChain => Volatile.Read(ref _change)?.Chain;

    internal BridgeLoop? Loop => Volatile.Read(ref _loop);

    /// <summary>Begins to forward.</summary>
    /// <exception cref="InvalidOperationException">It began before.</exception>
    public void Start()
    {
        lock (_lock)
        {
            if (_loop is not null)
                throw new InvalidOperationException("The bridge was started before.");

            FastPath.Begin();
            StartLoop(hung: null);
        }

        _watchdog.Start();
    }

    /// <inheritdoc/>
    public Task Publish(RuleChain chain)
    {
        var change = new ChainChange(chain);
        FastPath.Publishing(chain);
        lock (_lock)
        {
            // Before the start there is no thread to wait for; after the end there never will be.
            if (_loop is null || _completion.Task.IsCompleted)
            {
                Use(change, Moment.Of(Clock));
                return change.Passed.Task;
            }

            // A chain that the bridge has not taken up yet is passed over: nothing ever calls it.
            change.Replaces = _change;
            Volatile.Write(ref _change, change);
        }

        Waiter.Wake();
        return change.Passed.Task;
    }

    /// <summary>
    /// Begins to write every frame to a file, from the next batch on. A write that fails later, or a limit that is reached, ends the capture and is
    /// told by a <see cref="CaptureNote"/>; traffic goes on.
    /// </summary>
    /// <param name="path">A pcapng file, which only its owner may read, or a pipe. No symbolic link is followed.</param>
    /// <param name="overwrite">Whether a file that is there is overwritten.</param>
    /// <param name="files">How many files it may take, and how long ones, named after the path; null for the one.</param>
    /// <param name="filter">Which frames to write, with what becomes of each; null for all.</param>
    /// <param name="limit">Where it ends by itself; null for nowhere.</param>
    /// <exception cref="InvalidOperationException">Another capture is being written there, or there are too many.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public CaptureFile StartCapture(
        string path, bool overwrite = true, FileRingSize? files = null, Func<FrameBuffer, bool>? filter = null, CaptureLimit? limit = null) =>
        _capture.Start(path, overwrite, files, filter, limit);

    /// <summary>
    /// Ends captures and closes their files, which may lack frames of the batch at hand. Takes as long as the files do, and some seconds
    /// where one takes nothing any more.
    /// </summary>
    /// <param name="path">The file of the one to end; null for all.</param>
    /// <returns>Those that were being written, for their figures.</returns>
    public IReadOnlyList<CaptureFile> StopCapture(string? path = null) => _capture.Stop(path);

    /// <summary>Adds a note of what happened around the bridge to those that it makes itself.</summary>
    public void Tell(JournalNote note) => Journal.Add(note);

    /// <summary>Stops forwarding, after the batch at hand and what rules do at exit.</summary>
    /// <param name="patience">How long to wait for a rule that is still busy. Frames that rules held may take longer, as long as some go out.</param>
    /// <returns>Whether the bridge's thread ended.</returns>
    public bool Stop(TimeSpan patience)
    {
        _stopping = true;
        Waiter.Wake();
        bool ended = JoinLoop(patience);
        // Until then it goes on watching: a rule that hangs at exit must not cost the others theirs.
        _watchdog.Dispose();
        StopCapture();
        _completion.TrySetResult();
        AdoptLastChange();
        return ended;
    }

    /// <inheritdoc/>
    public void Dispose() => Stop(TimeSpan.FromSeconds(1));

    /// <summary>Takes over a chain that was published. Bridge's thread, between batches.</summary>
    internal void Use(RuleChain chain, in Moment now)
    {
        lock (_lock)
        {
            // One that was published since is another change: rules that it lacks are yet to be told of their end.
            ChainChange? change = _change;
            while (change is not null && change.Chain != chain)
                change = change.Replaces;
            if (change is null)
                return;

            if (change == _change)
                Volatile.Write(ref _change, null);
            Use(change, now);
        }
    }

    /// <summary>A thread that hangs in a rule was left behind; another goes on with its frames.</summary>
    /// <param name="leftBehind">The thread's loop.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="position">Its position in the chain; −1 if it hangs in an action.</param>
    /// <param name="at">The line that it is at, if that is known.</param>
    internal void Replace(BridgeLoop leftBehind, RuleEntry rule, int position, string? at)
    {
        lock (_lock)
        {
            if (_loop == leftBehind)
                StartLoop((rule, position, at));
        }
    }

    internal void Fail(Exception exception)
    {
        _completion.TrySetException(exception);
        AdoptLastChange();
    }

    // Where a rule hangs, another thread takes over from the one that is being waited for.
    private bool JoinLoop(TimeSpan patience)
    {
        long began = Stopwatch.GetTimestamp(), start = began;
        int held = Services.Held.Count;
        while (Loop is { } loop)
        {
            TimeSpan left = patience - Stopwatch.GetElapsedTime(start);
            bool joined = loop.Join(left < TimeSpan.Zero ? TimeSpan.Zero : left < s_longestJoin ? left : s_longestJoin);
            // One that was left behind has a successor, now or in a moment.
            if (joined && loop.Call is not { IsTaken: true })
                return true;
            if (left > TimeSpan.Zero)
                continue;

            int stillHeld = Services.Held.Count;
            if (stillHeld >= held || Stopwatch.GetElapsedTime(began) > s_longestRelease)
                return false;
            (held, start) = (stillHeld, Stopwatch.GetTimestamp());
        }

        return true;
    }

    private void TellLoop(int frames) => Journal.Add(new LoopNote(Left.Name, Right.Name, frames));

    // Who published a chain meanwhile waits for a thread that is no more.
    private void AdoptLastChange()
    {
        lock (_lock)
        {
            if (PublishedChain is { } chain)
                Use(chain, Moment.Of(Clock));
        }
    }

    private void StartLoop((RuleEntry Rule, int Position, string? At)? hung)
    {
        var loop = new BridgeLoop(this, _ports, _worker);
        loop.Start(hung);
        Volatile.Write(ref _loop, loop);
    }

    private void Use(ChainChange change, in Moment now)
    {
        _worker.Use(change.Chain, now);
        FastPath.Adopted(change.Chain);
        for (ChainChange? passed = change; passed is not null; passed = passed.Replaces)
            passed.Passed.TrySetResult();
    }

    private sealed class ChainChange(RuleChain chain)
    {
        public RuleChain Chain => chain;

        public ChainChange? Replaces { get; set; }

        public TaskCompletionSource Passed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
