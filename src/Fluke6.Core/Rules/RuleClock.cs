using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Fluke6.Rules;

/// <summary>Told when a rule is done. Two kinds, so that the walk is compiled twice and frames that are not measured pay nothing.</summary>
internal interface IRuleClock
{
    /// <summary>The walk begins.</summary>
    void Begin();

    /// <summary>A rule is done.</summary>
    void RuleDone(RuleCounters counters);
}

/// <summary>Measures nothing.</summary>
internal struct NoRuleClock : IRuleClock
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Begin()
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void RuleDone(RuleCounters counters)
    {
    }
}

/// <summary>Measures each rule of a walk.</summary>
internal struct SampledRuleClock : IRuleClock
{
    private long _last;
    private long _look;     // what one look at the clock takes now

    public void Begin()
    {
        long before = Stopwatch.GetTimestamp();
        _last = Stopwatch.GetTimestamp();
        _look = _last - before;
    }

    public void RuleDone(RuleCounters counters)
    {
        long now = Stopwatch.GetTimestamp();
        counters.TimedTicks += now - _last - _look;
        counters.Timed++;
        _last = now;
    }
}
