using Fluke6.Rules;

namespace Fluke6;

/// <summary>
/// Notices a rule that does not return, gets the bridge's thread out of it or leaves that thread behind, and lets the traffic go on
/// without the rule. Costs the frame path nothing: it looks at two numbers that the loop writes anyway.
/// </summary>
internal sealed class BridgeWatchdog : IDisposable
{
    private const int LooksPerLimit = 4;
    private readonly Bridge _bridge;
    private readonly TimeSpan _interval;
    private readonly ManualResetEvent _stop = new(false);
    private Thread? _thread;
    private BridgeLoop? _loop;
    private RuleEntry? _rule;
    private long _sequence;
    private int _looks;

    public BridgeWatchdog(Bridge bridge, TimeSpan limit)
    {
        _bridge = bridge;
        _interval = limit / LooksPerLimit;
    }

    // A thread of its own: a pool thread spins for a while after each call, and would take from the bridge what it watches over.
    public void Start()
    {
        _thread = new Thread(Watch) { IsBackground = true, Name = "bridge watchdog" };
        _thread.Start();
    }

    public void Dispose()
    {
        if (_stop.SafeWaitHandle.IsClosed)
            return;

        _stop.Set();
        _thread?.Join();
        _stop.Dispose();
    }

    private void Watch()
    {
        while (!_stop.WaitOne(_interval))
            Look();
    }

    private void Look()
    {
        if (_bridge.Stopping || _bridge.Loop is not { } loop)
            return;

        long sequence = loop.Sequence;
        RuleEntry? rule = loop.RunningRule;
        if (loop != _loop || sequence != _sequence || rule is null || rule != _rule)
        {
            (_loop, _sequence, _rule, _looks) = (loop, sequence, rule, 0);
            return;
        }

        if (++_looks < LooksPerLimit)
            return;

        // Cancelling waits until the thread unwound, which one that sleeps in the kernel never does.
        var abort = new Thread(loop.Abort) { IsBackground = true, Name = "bridge abort" };
        abort.Start();
        loop.Join(_interval);
        _bridge.Replace(loop);
        _loop = null;
    }
}
