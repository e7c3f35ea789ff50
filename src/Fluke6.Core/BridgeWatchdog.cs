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
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private BridgeLoop? _loop;
    private RuleEntry? _rule;
    private long _sequence;
    private int _looks;

    public BridgeWatchdog(Bridge bridge, TimeSpan limit)
    {
        _bridge = bridge;
        _interval = limit / LooksPerLimit;
        _timer = new Timer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start() => _timer.Change(_interval, _interval);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_lock)
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
}
