using Fluke6.Frames;
using Fluke6.Ports;
using Fluke6.Rules;

namespace Fluke6.Engine;

/// <summary>
/// Takes frames and gives back verdicts: runs the chain over batches, and between them what rules are due. Owns all that rules share, but no
/// thread, no port and no clock of its own. One thread at a time, whose <see cref="RuleCall"/> says so.
/// </summary>
internal sealed partial class Worker
{
    private readonly RuleServices _services;
    private readonly RuleFaults _faults;
    private readonly BridgeObserver _observer;
    private readonly IFrameSink _sink;
    private readonly Outbox _outbox;
    private readonly BatchInFlight _inFlight;
    private RuleCall _call = new();
    private RuleChain _chain = RuleChain.Empty;
    private int _untilTimed = RuleTiming.Interval;

    /// <summary>A worker without rules.</summary>
    /// <param name="services">What rules may call; its outbox is there.</param>
    /// <param name="faults">What becomes of rules that fail.</param>
    /// <param name="observer">Who sees frames before and after the chain.</param>
    /// <param name="sink">Where frames go.</param>
    /// <param name="batchSize">The most frames of a batch.</param>
    /// <param name="undo">The one that the batches' buffers share.</param>
    public Worker(RuleServices services, RuleFaults faults, BridgeObserver observer, IFrameSink sink, int batchSize, FrameUndo undo)
    {
        _services = services;
        _faults = faults;
        _observer = observer;
        _sink = sink;
        _outbox = services.Outbox!;
        _inFlight = new BatchInFlight(batchSize, undo);
    }

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
    /// <param name="counters">That port's.</param>
    public void Process(FrameBatch batch, Side from, PortCounters counters)
    {
        _inFlight.Begin(batch, from);
        Finish(counters, position: 0, isNew: true);
    }

    /// <summary>Goes on with what a thread had in hand that hangs in a rule, without that rule.</summary>
    /// <param name="hung">The rule, which is taken out.</param>
    /// <param name="position">Where in the chain it is; −1 if it hangs in an action.</param>
    /// <param name="at">The line that it is at, if that is known.</param>
    /// <param name="counters">Of the port that the batch at hand came from.</param>
    public void GoOnWithout(RuleEntry hung, int position, string? at, Func<Side, PortCounters> counters)
    {
        FaultPolicy policy = _faults.Overran(hung, at, hasFrame: position >= 0);
        foreach (RuleEntry entry in _chain.Entries)
            entry.Context?.SendsThrough = null;
        if (position < 0)
            return;

        FrameBuffer frame = _inFlight.ReplaceFrameAtHand();
        PortCounters port = counters(_inFlight.From);
        if (policy == FaultPolicy.Drop)
        {
            _observer.Departed(frame, Verdict.Drop, hung);
            _inFlight.Index++;
            Finish(port, position: 0, isNew: true);
        }
        else
        {
            Finish(port, position + 1, isNew: false);
        }
    }

    /// <summary>Runs another chain from the next batch on.</summary>
    public void Use(RuleChain chain) => _call.Chain = _chain = chain;

    /// <summary>Sends what rules sent since the last batch.</summary>
    public void Flush()
    {
        if (!_outbox.IsEmpty)
            _outbox.Flush();
    }

    // A thread that is left behind in a rule leaves this by an exception: nothing here may stand in a finally block.
    private void Finish(PortCounters counters, int position, bool isNew)
    {
        BatchInFlight inFlight = _inFlight;
        RuleCall call = _call;
        ReadOnlySpan<FrameBuffer> frames = inFlight.Frames;
        if (frames.Length > 0)
            _observer.BeginBatch();
        for (; inFlight.Index < frames.Length; inFlight.Index++)
        {
            FrameBuffer frame = frames[inFlight.Index];
            call.BeginFrame();
            if (isNew)
            {
                if (!frame.Layers.AreUnderstood)
                    frame.FoundMalformed();
                _observer.Arrived(frame);
            }

            bool timed = --_untilTimed == 0;
            if (timed)
                _untilTimed = RuleTiming.Interval;
            Verdict verdict = _chain.Run(frame, call, position, _faults, timed);
            RuleEntry? decider = verdict == Verdict.Continue ? null : _chain.RuleAt(call.Position);
            (position, isNew) = (0, true);
            // Before the observer reads what leaves: a list that a rule made malformed was understood.
            if (frame.Malformed)
                counters.NotUnderstood++;
            _observer.Departed(frame, verdict, decider);
            inFlight.Decide(frame, verdict);
        }

        Transmit();
    }

    private void Transmit()
    {
        if (_inFlight.Forward.Length > 0)
            _sink.Transmit(_inFlight.From.Opposite(), _inFlight.Forward);
        if (_inFlight.Reflect.Length > 0)
            _sink.Transmit(_inFlight.From, _inFlight.Reflect);
        _inFlight.End();
        Flush();
    }
}
