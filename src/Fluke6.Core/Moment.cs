namespace Fluke6;

/// <summary>A moment, as a worker is told it: the time of day, and that of a clock which never goes back.</summary>
/// <param name="Utc">Nanoseconds since 1970, UTC.</param>
/// <param name="Monotonic">Nanoseconds since some moment; what timers go by.</param>
internal readonly record struct Moment(long Utc, long Monotonic)
{
    /// <summary>Nanoseconds in a second.</summary>
    public const long Frequency = 1_000_000_000;

    private const int NanosecondsPerTick = (int)TimeSpan.NanosecondsPerTick;

    /// <summary>The time of day, in ticks of <see cref="DateTime"/>, UTC.</summary>
    public long UtcTicks => DateTime.UnixEpoch.Ticks + (Utc / NanosecondsPerTick);

    /// <summary>The time of day.</summary>
    public DateTimeOffset UtcTime => new(UtcTicks, TimeSpan.Zero);

    /// <summary>This moment.</summary>
    public static Moment Of(TimeProvider clock) => new(Nanoseconds(clock.GetUtcNow()), MonotonicOf(clock));

    /// <summary>A moment whose clock that never goes back is the time of day: for captures, whose frames say when they were.</summary>
    /// <param name="nanoseconds">Since 1970, UTC. The caller sees to it that none is before the last one.</param>
    public static Moment At(long nanoseconds) => new(nanoseconds, nanoseconds);

    /// <summary>Nanoseconds since 1970, UTC, of a time in ticks.</summary>
    public static long Nanoseconds(DateTimeOffset time) => (time.UtcTicks - DateTime.UnixEpoch.Ticks) * NanosecondsPerTick;

    /// <summary>The time of a clock that never goes back, in nanoseconds.</summary>
    public static long MonotonicOf(TimeProvider clock)
    {
        long timestamp = clock.GetTimestamp(), frequency = clock.TimestampFrequency;
        return frequency == Frequency ? timestamp : (long)((Int128)timestamp * Frequency / frequency);
    }

    /// <summary>How many nanoseconds a span has; <see cref="long.MaxValue"/> for one of more than 292 years.</summary>
    public static long Nanoseconds(TimeSpan span) =>
        span.Ticks > long.MaxValue / NanosecondsPerTick ? long.MaxValue : span.Ticks * NanosecondsPerTick;
}
