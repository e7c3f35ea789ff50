using System.Diagnostics;

namespace Fluke6.Engine;

/// <summary>
/// What a rule did, kept by its name across reloads. Written by the bridge's thread alone; others read whole 64-bit numbers at any time.
/// </summary>
internal sealed class RuleCounters
{
    /// <summary>Frames that came to the rule; where it has a guard, that was asked about them first.</summary>
    public long Seen { get; set; }

    /// <summary>Frames among those that its guard held for, so that it was called; of a rule without a guard 0.</summary>
    public long GuardMatched { get; set; }

    /// <summary>Frames that it changed, gave a verdict other than Continue, sent something for, or called <c>frame.Hit()</c> on.</summary>
    public long Hits { get; set; }

    /// <summary>Frames that it changed.</summary>
    public long Rewritten { get; set; }

    /// <summary>Frames that it dropped.</summary>
    public long Dropped { get; set; }

    /// <summary>Frames that it sent by itself, reflected ones included.</summary>
    public long Sent { get; set; }

    /// <summary>Frames for which it threw or overran, and timers of its that threw.</summary>
    public long Faults { get; set; }

    /// <summary>Frames that it held so far, those that it made of them or beside them included.</summary>
    public long Held { get; set; }

    /// <summary>Frames that it holds now.</summary>
    public long Holding { get; set; }

    /// <summary>Frames that it wanted to hold and there was no room for: they were dropped, and are among <see cref="Dropped"/>.</summary>
    public long HoldRefused { get; set; }

    /// <summary>Frames that it held and that went on before their time, since the bridge stopped.</summary>
    public long ReleasedEarly { get; set; }

    /// <summary>Frames for which the time that the rule took was measured: about one in <see cref="RuleTiming.Interval"/>.</summary>
    public long Timed { get; set; }

    /// <summary>
    /// How long the rule took for all those frames together, in ticks of <see cref="Stopwatch"/>; the measuring itself is taken off.
    /// </summary>
    public long TimedTicks { get; set; }

    /// <summary>How long the rule takes for a frame, in nanoseconds, on average over the frames that were measured; 0 if none was.</summary>
    public double MeanNanoseconds => RuleTiming.Nanoseconds(TimedTicks, Timed);

    /// <summary>Faults without a good frame between them.</summary>
    internal int FaultsInARow { get; set; }
}
