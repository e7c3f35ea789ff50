using Fluke6.Engine;
using Fluke6.Journal;
using Fluke6.Ports;

namespace Fluke6.Bridging;

/// <summary>The bridge's thread: waits, receives a batch, gives it to the worker, and does the rest between batches.</summary>
internal sealed class BridgeLoop(Bridge bridge, BridgedPorts ports, Worker worker)
{
    // How often a port that has more is asked again before the other is looked at.
    private const int MaxRoundsBetweenWaits = 8;
    private const long MaintenanceInterval = Moment.Frequency / 10;

    private readonly BridgeClock _clock = new(bridge.Clock);
    private readonly WakeUp _wakeUp = new();
    private readonly OrderWatch _order = new(bridge.FastPath);
    private Thread? _thread;
    private RuleCall? _call;
    private long _round;
    private long _lastMaintenance;
    private Moment _now;
    private bool _isBatchTime;    // and not that of a wait which ended without frames

    /// <summary>Which rule the thread is in; null until it began. Any thread.</summary>
    public RuleCall? Call => Volatile.Read(ref _call);

    /// <summary>Changes whenever the thread is between batches. Any thread.</summary>
    public long Round => Volatile.Read(ref _round);

    /// <summary>The system's number of the thread, once it began; 0 if nobody knows.</summary>
    public int SystemThread { get; private set; }

    /// <summary>The thread.</summary>
    public Thread Thread => _thread!;

    /// <summary>Starts the thread.</summary>
    /// <param name="hung">A rule in which the last thread was left behind, and its position in the chain; null at first.</param>
    public void Start((RuleEntry Rule, int Position, string? At)? hung)
    {
        _thread = new Thread(() => Run(hung), RuleCall.Stack) { Name = "bridge", IsBackground = true };
        _thread.Start();
    }

    public bool Join(TimeSpan patience) => _thread is not { } thread || thread.Join(patience);

    private void Run((RuleEntry Rule, int Position, string? At)? hung)
    {
        try
        {
            SystemThread = bridge.Services.LeftBehind.CurrentThread;
            Volatile.Write(ref _call, worker.Claim());
            if (hung is { } call)
                worker.GoOnWithout(call.Rule, call.Position, call.At, _clock.Now);
            Forward();
        }
        catch (Exception) when (_call is { IsTaken: true })
        {
            // Left behind in a rule, which gave the thread back at last. Another went on long ago.
        }
        catch (Exception exception)
        {
            bridge.Fail(exception);
        }
    }

    private void Forward()
    {
        while (!bridge.Stopping)
        {
            // Where nothing waits for its time, that of the last batch will do: a look costs as much as a rule.
            if (!_isBatchTime || worker.NextDue is not null)
                _now = _clock.Now;
            _isBatchTime = false;
            _wakeUp.Woke(_now.Monotonic);
            BetweenBatches(_now);
            ReadySides inHand = ports.InHand, ready = inHand | bridge.Waiter.Wait(inHand == ReadySides.None ? Patience() : TimeSpan.Zero);
            _order.Waited(ready, _now);
            if (ready != ReadySides.None)
                _wakeUp.Cancel();
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

        bridge.FastPath.End(_clock.Now);
        worker.RunAllExits(_clock.Now);
    }

    private bool Pump(Side from)
    {
        Moment before = _now;
        bool more = ports.Receive(from, worker.Chain.WantsWireSize, out FrameBatch batch);
        if (batch.Count > 0)
        {
            (_now, _isBatchTime) = (_clock.Now, true);
            worker.Process(batch, from, _now);
            _order.Processed(from, before, _now, more);
        }

        return more;
    }

    // Until the next timer or frame is due; after work that took a while by another look at the clock.
    private TimeSpan Patience()
    {
        if (worker.HasMoreDue)
            return TimeSpan.Zero;

        long patience = worker.NextDue is { } due ? _wakeUp.Before(due, _clock.Now.Monotonic, MaintenanceInterval) : MaintenanceInterval;
        return TimeSpan.FromTicks(_order.Patience(patience, _now) / TimeSpan.NanosecondsPerTick);
    }

    private void BetweenBatches(in Moment now)
    {
        Volatile.Write(ref _round, _round + 1);
        if (bridge.PublishedChain is { } chain)
        {
            worker.RunExitsOfRulesMissingIn(chain, now);
            bridge.Use(chain, now);
        }

        worker.RunDueWork(now);
        if (now.Monotonic - _lastMaintenance >= MaintenanceInterval)
        {
            _lastMaintenance = now.Monotonic;
            _clock.Compare();
            Maintain(Side.Left);
            Maintain(Side.Right);
            bridge.FastPath.Look(ports.IsStoppingLoop, now);
        }
    }

    private void Maintain(Side side)
    {
        IPort port = ports[side];
        PortState before = port.State;
        if (port.Maintain() && port.State != before)
            bridge.Journal.Add(new PortNote(side, port.Name, port.State));
    }
}
