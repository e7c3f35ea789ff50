using System.Diagnostics;
using System.Runtime;
using Fluke6.Frames;
using Fluke6.Ports;
using Fluke6.Rules;

namespace Fluke6;

/// <summary>The bridge's thread: waits, receives a batch, runs the chain over it, sends it on, and does the rest between batches.</summary>
internal sealed partial class BridgeLoop : IDisposable
{
    // How often a port that has more is asked again before the other is looked at.
    private const int MaxRoundsBetweenWaits = 8;
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromMilliseconds(100);

    private readonly Bridge _bridge;
    private readonly FrameBatch[] _batches;
    private readonly FrameBuffer[] _forward;
    private readonly FrameBuffer[] _reflect;
    private readonly CancellationTokenSource _abort = new();
    private Thread? _thread;
    private RuleChain _chain;
    private Side _from;
    private int _index;
    private int _position = -1;
    private int _forwardCount;
    private int _reflectCount;
    private long _sequence;
    private int _untilTimed = RuleTiming.Interval;
    private RuleEntry? _timerOwner;
    private long _lastMaintenance;
    private volatile bool _ended;

    public BridgeLoop(Bridge bridge, RuleChain chain)
    {
        _bridge = bridge;
        _chain = chain;
        var undo = new FrameUndo();
        _batches = [new FrameBatch(bridge.Left.BatchSize, undo), new FrameBatch(bridge.Right.BatchSize, undo)];
        int capacity = Math.Max(bridge.Left.BatchSize, bridge.Right.BatchSize);
        _forward = new FrameBuffer[capacity];
        _reflect = new FrameBuffer[capacity];
    }

    /// <summary>Changes with every frame and timer; while it stays and <see cref="RunningRule"/> is not null, a rule is at work.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>The rule that is running, as far as another thread can tell.</summary>
    public RuleEntry? RunningRule
    {
        get
        {
            int position = Volatile.Read(ref _position);
            return position >= 0 ? _chain.RuleAt(position) : Volatile.Read(ref _timerOwner);
        }
    }

    /// <summary>Whether the thread is through.</summary>
    public bool Ended => _ended;

    /// <summary>Starts the thread.</summary>
    /// <param name="inherit">A loop that hangs in a rule, whose frames this one takes over.</param>
    public void Start(BridgeLoop? inherit)
    {
        _thread = new Thread(() => Run(inherit)) { Name = "bridge", IsBackground = true };
        _thread.Start();
    }

    public bool Join(TimeSpan patience) => _thread is not { } thread || thread.Join(patience);

    /// <summary>Ends whatever managed code the thread is in. The rule at hand does not get to see more than an exception.</summary>
    public void Abort() => _abort.Cancel();

    public void Dispose() => _abort.Dispose();

    private void Run(BridgeLoop? inherit)
    {
        try
        {
            _bridge.Services.ClaimThread();
            if (inherit is not null)
                TakeOver(inherit);

            // The only way in .NET to get out of a rule that loops forever. The runtime warns of state left half-changed; what a rule
            // can leave so is its own state, which goes with it, and the frame at hand, which is put back.
#pragma warning disable SYSLIB0046
            ControlledExecution.Run(Forward, _abort.Token);
#pragma warning restore SYSLIB0046
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            // Aborted while a rule was running: the watchdog starts another loop, which takes over from here.
        }
        catch (Exception exception)
        {
            _bridge.Fail(exception);
        }
        finally
        {
            _ended = true;
        }
    }

    private void Forward()
    {
        FinishBatch();
        while (!_bridge.Stopping)
        {
            BetweenBatches();
            ReadySides ready = _bridge.Waiter.Wait(_bridge.Services.Timers.UntilNext(MaintenanceInterval));
            for (int round = 0; ready != ReadySides.None && round < MaxRoundsBetweenWaits; round++)
            {
                ReadySides more = ReadySides.None;
                if ((ready & ReadySides.Left) != 0 && Pump(Side.Left))
                    more |= ReadySides.Left;
                if ((ready & ReadySides.Right) != 0 && Pump(Side.Right))
                    more |= ReadySides.Right;
                ready = more;
            }
        }

        RunExits(_chain.Entries);
    }

    private bool Pump(Side from)
    {
        IPort port = from == Side.Left ? _bridge.Left : _bridge.Right;
        IPort other = from == Side.Left ? _bridge.Right : _bridge.Left;
        FrameBatch batch = _batches[(int)from];
        bool more = port.Receive(batch, from, Math.Min(port.Mtu, other.Mtu));
        if (batch.Count > 0)
        {
            _from = from;
            _index = 0;
            FinishBatch();
        }

        return more;
    }

    /// <summary>Runs the chain over the batch from where the walk stands, and sends what is to be sent.</summary>
    private void FinishBatch()
    {
        FrameBatch batch = _batches[(int)_from];
        ReadOnlySpan<FrameBuffer> frames = batch.Frames;
        BridgeObserver observer = _bridge.Observer;
        if (frames.Length > 0)
            observer.BeginBatch();
        PortCounters counters = (_from == Side.Left ? _bridge.Left : _bridge.Right).Counters;
        for (; _index < frames.Length; _index++)
        {
            FrameBuffer frame = frames[_index];
            // Once a frame; a walk that was aborted has noted it.
            if (_position < 0)
            {
                _sequence++;
                if (!frame.Layers.AreUnderstood)
                    frame.FoundMalformed();
                observer.Arrived(frame);
            }

            bool timed = --_untilTimed == 0;
            if (timed)
                _untilTimed = RuleTiming.Interval;
            Verdict verdict = _chain.Run(frame, ref _position, _bridge.Faults, timed);
            RuleEntry? decider = verdict == Verdict.Continue ? null : _chain.RuleAt(_position);
            _position = -1;
            // Before the observer reads what leaves: a list that a rule made malformed was understood.
            if (frame.Malformed)
                counters.NotUnderstood++;
            observer.Left(frame, verdict, decider);
            if (verdict is Verdict.Continue or Verdict.Accept)
                _forward[_forwardCount++] = frame;
            else if (verdict == Verdict.Reflect)
                _reflect[_reflectCount++] = frame;
        }

        Transmit();
        batch.Count = 0;
        _index = 0;
    }

    private void Transmit()
    {
        IPort port = _from == Side.Left ? _bridge.Left : _bridge.Right;
        IPort other = _from == Side.Left ? _bridge.Right : _bridge.Left;
        if (_forwardCount > 0)
        {
            int count = _forwardCount;
            _forwardCount = 0;
            other.Transmit(_forward.AsSpan(0, count));
        }

        if (_reflectCount > 0)
        {
            int count = _reflectCount;
            _reflectCount = 0;
            port.Transmit(_reflect.AsSpan(0, count));
        }

        if (!_bridge.Outbox.IsEmpty)
            _bridge.Outbox.Flush();
    }

    private void BetweenBatches()
    {
        if (_bridge.PublishedChain is { } chain)
        {
            RunExits(RulesMissingIn(chain));
            _bridge.AdoptChange(chain);
            _chain = chain;
        }

        RunDueWork();
        if (!_bridge.Outbox.IsEmpty)
            _bridge.Outbox.Flush();

        if (Stopwatch.GetElapsedTime(_lastMaintenance) >= MaintenanceInterval)
        {
            _lastMaintenance = Stopwatch.GetTimestamp();
            Maintain(_bridge.Left, Side.Left);
            Maintain(_bridge.Right, Side.Right);
        }
    }

    private void Maintain(IPort port, Side side)
    {
        PortState before = port.State;
        if (port.Maintain() && port.State != before)
            _bridge.Journal.Add(new PortNote(side, port.Name, port.State));
    }

    /// <summary>Takes out the rule that a hanging loop is in, and takes over the frames that it has in hand.</summary>
    private void TakeOver(BridgeLoop stuck)
    {
        _bridge.Observer.Recover();
        // The frames before the one in hand have their verdicts; the stuck loop sends nothing any more.
        _from = stuck._from;
        stuck._forward.AsSpan(0, stuck._forwardCount).CopyTo(_forward);
        stuck._reflect.AsSpan(0, stuck._reflectCount).CopyTo(_reflect);
        _forwardCount = stuck._forwardCount;
        _reflectCount = stuck._reflectCount;
        Transmit();

        // The rule's edits are undone in a copy, since the rule itself may still be writing to the original.
        ReadOnlySpan<FrameBuffer> rest = stuck._batches[(int)_from].Frames[stuck._index..];
        FrameBatch batch = _batches[(int)_from];
        for (int i = 0; i < rest.Length; i++)
            batch.Buffers[i].TakeOver(rest[i]);
        batch.Count = rest.Length;

        if (stuck.RunningRule is not { } rule)
            return;

        FaultPolicy policy = _bridge.Faults.Overran(rule, _bridge.OverrunLimit);
        if (stuck._position < 0)
            return;
        if (policy == FaultPolicy.Drop)
        {
            _bridge.Observer.Left(batch.Frames[0], Verdict.Drop, rule);
            _index = 1;
        }
        else
        {
            _position = stuck._position + 1;
        }
    }
}
