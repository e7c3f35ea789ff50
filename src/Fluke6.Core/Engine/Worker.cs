using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Engine;

/// <summary>
/// Takes frames, a chain and a time, and gives back verdicts: runs the chain over batches, and between them what rules are due. Owns all that
/// rules share, but no thread, no port and no clock of its own. One thread at a time, whose <see cref="RuleCall"/> says so.
/// </summary>
internal sealed partial class Worker
{
    private readonly RuleServices _services;
    private readonly WorkerOptions _options;
    private readonly FrameTaps _taps;
    private readonly IFrameSink _sink;
    private readonly Outbox _outbox;
    private readonly BatchInFlight _inFlight = new();
    private RuleCall _call = new();
    private RuleChain _chain = RuleChain.Empty;
    private int _untilTimed = RuleTiming.Interval;

    /// <summary>A worker without rules.</summary>
    /// <param name="services">What rules may call. From here on they send by this worker.</param>
    /// <param name="sink">Where frames go.</param>
    /// <param name="options">How rules are treated.</param>
    /// <param name="taps">Who sees frames before and after the chain.</param>
    public Worker(RuleServices services, IFrameSink sink, WorkerOptions options, params FrameTap[] taps)
    {
        _services = services;
        _options = options;
        _sink = sink;
        _taps = new FrameTaps(taps);
        _outbox = new Outbox(sink, _taps);
        services.Attach(_outbox);
        services.Held.Taps = _taps;
        Faults = new RuleFaults(options.OnFault, options.FaultLimit, services.Journal, options.OverrunLimit);
    }

    /// <summary>What follows where a rule fails.</summary>
    public RuleFaults Faults { get; }

    /// <summary>The chain that runs. Any thread.</summary>
    public RuleChain Chain => Volatile.Read(ref _chain);

    /// <summary>From here on the calling thread is the worker's.</summary>
    /// <returns>By which the watchdog knows it.</returns>
    public RuleCall Claim()
    {
        _call = _services.ClaimThread();
        _call.Chain = _chain;
        return _call;
    }

    /// <summary>Runs every frame of a batch through the chain, and sends what is to be sent.</summary>
    /// <param name="batch">The frames; empty afterwards.</param>
    /// <param name="from">Where they came from.</param>
    /// <param name="now">When they arrived.</param>
    public void Process(FrameBatch batch, Side from, in Moment now)
    {
        Begin(now);
        _inFlight.Begin(batch, from, now);
        Finish(position: 0, isNew: true);
        if (_services.Held.IsDue(now.Monotonic))
            RunHeld(now);
    }

    /// <summary>Goes on with what a thread had in hand that hangs in a rule, without that rule.</summary>
    /// <param name="hung">The rule, which is taken out.</param>
    /// <param name="position">Where in the chain it is; −1 if it hangs in an action.</param>
    /// <param name="at">The line that it is at, if that is known.</param>
    /// <param name="now">The time by now.</param>
    public void GoOnWithout(RuleEntry hung, int position, string? at, in Moment now)
    {
        Begin(now);
        FaultPolicy policy = Faults.Overran(hung, at, hasFrame: position >= 0);
        foreach (RuleEntry entry in _chain.Entries)
            entry.Context?.SendsThrough = null;
        if (position < 0)
            return;

        FrameBuffer frame = _inFlight.ReplaceFrameAtHand();
        if (policy == FaultPolicy.Drop)
        {
            _taps.Departed(frame, Verdict.Drop, hung);
            _inFlight.Index++;
            Finish(position: 0, isNew: true);
        }
        else
        {
            // A rule that owes something has no say any more, and what it owes is seen to.
            Finish(hung.Owes is null ? position + 1 : position, isNew: false);
        }
    }

    private void Begin(in Moment now)
    {
        _services.Now = Faults.Now = now;
        _taps.BeginBatch(now);
    }

    // A thread that is left behind in a rule leaves this by an exception: nothing here may stand in a finally block.
    private void Finish(int position, bool isNew)
    {
        BatchInFlight inFlight = _inFlight;
        RuleCall call = _call;
        ReadOnlySpan<FrameBuffer> frames = inFlight.Frames;
        for (; inFlight.Index < frames.Length; inFlight.Index++)
        {
            FrameBuffer frame = frames[inFlight.Index];
            call.BeginFrame();
            if (isNew && frame.WasHeld)
            {
                (position, isNew) = (frame.ResumesAt, false);
                _taps.Resumed(frame);
            }
            else if (isNew)
            {
                frame.ArrivedAt = inFlight.ArrivedAt;
                if (!frame.Layers.AreUnderstood)
                    frame.FoundMalformed();
                _taps.Arrived(frame);
            }

            bool timed = --_untilTimed == 0;
            if (timed)
                _untilTimed = RuleTiming.Interval;
            Verdict verdict = _chain.Run(frame, call, position, Faults, timed);
            RuleEntry? decider = verdict == Verdict.Continue ? null : _chain.RuleAt(call.Position);
            (position, isNew) = (0, true);
            if (verdict == Verdict.Hold)
            {
                // Headers in it that cannot be read are counted when it has gone on.
                verdict = Hold(frame, decider!);
                _taps.Departed(frame, verdict, decider);
                continue;
            }

            // Before the taps read what departs: a list that a rule made malformed was understood.
            if (frame.Malformed)
                _sink.CountersOf(frame.From).NotUnderstood++;
            _taps.Departed(frame, verdict, decider);
            inFlight.Decide(frame, verdict);
        }

        Transmit();
    }

    private void Transmit()
    {
        Transmit(_inFlight.From.Opposite());
        Transmit(_inFlight.From);
        _inFlight.End();
        Flush();
    }

    private void Transmit(Side side)
    {
        ReadOnlySpan<FrameBuffer> leaving = _inFlight.Leaving(side);
        if (leaving.Length > 0)
            _sink.Transmit(side, leaving);
    }

    // What rules sent.
    private void Flush()
    {
        if (!_outbox.IsEmpty)
            _outbox.Flush();
    }
}
