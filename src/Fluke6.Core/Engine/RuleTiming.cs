using System.Diagnostics;

namespace Fluke6.Engine;

/// <summary>How the time that rules take is measured: of few frames, since a look at the clock costs more than most rules.</summary>
internal static class RuleTiming
{
    /// <summary>One frame in so many is measured. A prime, so that it is not always the first of a batch, whose caches are cold.</summary>
    public const int Interval = 251;

    /// <summary>The mean of some measurements, in nanoseconds; 0 if there are none.</summary>
    /// <param name="ticks">All of them together, in ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="count">How many they are.</param>
    public static double Nanoseconds(long ticks, long count) =>
        // Little that is measured less what measuring takes can come out below nothing.
        count == 0 ? 0 : Math.Max(0, ticks * (1e9 / Stopwatch.Frequency) / count);
}
