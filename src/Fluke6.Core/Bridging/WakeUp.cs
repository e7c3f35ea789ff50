namespace Fluke6.Bridging;

/// <summary>
/// When a thread is to be woken that has something to do at a certain time, never before it and as soon after it as can be: a sleeping
/// thread wakes late, by some microseconds or tens of them, so it is woken so much earlier and looks at the clock until the time has come.
/// Times are <see cref="Moment.Monotonic"/>. One thread's.
/// </summary>
internal sealed class WakeUp
{
    // More would be a waste of the processor: such a machine is busy, and late in any case.
    private const long MaxLead = 50_000;

    // Linux may end a wait for descriptors late by a thousandth of it: a long one is ended in two steps.
    private const int KernelLeave = 512;
    private const long Long = 1_000_000;

    private long _wakesAt;      // 0: nobody is woken, or after so long a sleep that it says nothing

    /// <summary>How much before its time the thread is woken, in nanoseconds.</summary>
    public long Lead { get; private set; } = MaxLead / 2;

    /// <summary>For how long to sleep now, in nanoseconds; 0 to look at the clock again at once.</summary>
    /// <param name="due">When something is to be done.</param>
    /// <param name="now">The time.</param>
    /// <param name="longest">The longest sleep.</param>
    public long Before(long due, long now, long longest)
    {
        long left = due - now;
        if (left >= longest)
            return longest;

        long sleep = left - (left / KernelLeave) - Lead;
        if (sleep <= 0)
            return 0;

        if (left < Long)
            _wakesAt = now + sleep;
        return sleep;
    }

    /// <summary>Something else woke the thread.</summary>
    public void Cancel() => _wakesAt = 0;

    /// <summary>The thread is awake: how late it is shows how much earlier it is to be woken.</summary>
    public void Woke(long now)
    {
        if (_wakesAt == 0)
            return;

        long late = Math.Clamp(now - _wakesAt, 0, MaxLead);
        // At once up, slowly down: nearly all wake-ups are to be in time.
        Lead = late > Lead ? late : Lead - ((Lead - late) / 32);
        _wakesAt = 0;
    }
}
