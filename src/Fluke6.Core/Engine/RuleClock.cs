using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Fluke6.Engine;

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
    private const int Looks = 3;
    private long _last;
    private long _look;     // what one look at the clock takes now

    public void Begin()
    {
        // The first looks, since the last frame that was measured, find cold caches: taken for what each takes, they would hide quick rules.
        _look = long.MaxValue;
        _last = Stopwatch.GetTimestamp();
        for (int i = 0; i < Looks; i++)
        {
            long now = Stopwatch.GetTimestamp();
            _look = Math.Min(_look, now - _last);
            _last = now;
        }
    }

    public void RuleDone(RuleCounters counters)
    {
        long now = Stopwatch.GetTimestamp();
        counters.TimedTicks += now - _last - _look;
        counters.Timed++;
        _last = now;
    }
}
