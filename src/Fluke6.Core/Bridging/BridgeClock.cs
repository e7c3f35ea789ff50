namespace Fluke6.Bridging;

/// <summary>
/// The time as a bridge tells it to its worker. A look costs as much as a small frame's way through the chain, so there is one look for each
/// batch, at the clock that never goes back; how far the time of day is from that is compared now and then. Bridge's thread only.
/// </summary>
internal sealed class BridgeClock
{
    private const int MaxTries = 16;

    // Both clocks are slewed alike: only where somebody sets the time of day do they move apart. Less is what two looks take.
    private const long Tolerance = Moment.Frequency / 10_000;

    private readonly TimeProvider _clock;
    private readonly bool _ticksAreNanoseconds;
    private long _utcAhead;

    public BridgeClock(TimeProvider clock)
    {
        _clock = clock;
        _ticksAreNanoseconds = clock.TimestampFrequency == Moment.Frequency;
        _utcAhead = UtcAhead();
    }

    /// <summary>The time. One look at a clock.</summary>
    public Moment Now
    {
        get
        {
            long monotonic = _ticksAreNanoseconds ? _clock.GetTimestamp() : Moment.MonotonicOf(_clock);
            return new Moment(monotonic + _utcAhead, monotonic);
        }
    }

    /// <summary>Compares the clocks anew.</summary>
    public void Compare()
    {
        long ahead = UtcAhead();
        if (Math.Abs(ahead - _utcAhead) > Tolerance)
            _utcAhead = ahead;
    }

    private long UtcAhead()
    {
        // The thread may be interrupted between the looks: the try that took the shortest counts.
        const long ShortEnough = 1000;
        long ahead = 0, shortest = long.MaxValue;
        for (int i = 0; i < MaxTries && shortest > ShortEnough; i++)
        {
            long before = Moment.MonotonicOf(_clock);
            Moment now = Moment.Of(_clock);
            if (now.Monotonic - before < shortest)
                (shortest, ahead) = (now.Monotonic - before, now.Utc - now.Monotonic);
        }

        return ahead;
    }
}
