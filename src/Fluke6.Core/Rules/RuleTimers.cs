namespace Fluke6.Rules;

/// <summary>A timer that a rule set with <c>Every</c> or <c>After</c>; dispose it to stop it.</summary>
public sealed class RuleTimer : IDisposable
{
    internal RuleTimer(RuleContext context, TimeSpan due, TimeSpan? period, Action action)
    {
        Context = context;
        Due = due;
        Period = period;
        Action = action;
    }

    /// <summary>Whether the timer will not fire any more.</summary>
    public bool IsStopped { get; private set; }

    internal RuleContext Context { get; }

    internal TimeSpan Due { get; }

    internal TimeSpan? Period { get; }

    internal Action Action { get; }

    /// <summary>Stops the timer.</summary>
    public void Dispose() => IsStopped = true;
}

/// <summary>The timers of all rules in the chain, soonest first. Bridge's thread only.</summary>
internal sealed class RuleTimers(TimeProvider clock)
{
    private readonly PriorityQueue<RuleTimer, long> _queue = new();

    public long Now => clock.GetTimestamp();

    public bool IsEmpty => _queue.Count == 0;

    public void Start(RuleTimer timer) => _queue.Enqueue(timer, clock.GetTimestamp() + Ticks(timer.Due));

    /// <summary>How long until the next one is due; at most <paramref name="atMost"/>.</summary>
    public TimeSpan UntilNext(TimeSpan atMost)
    {
        if (!_queue.TryPeek(out _, out long due))
            return atMost;

        TimeSpan left = clock.GetElapsedTime(clock.GetTimestamp(), due);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < atMost ? left : atMost;
    }

    /// <summary>Takes a timer that is due; false if none is. A periodic one is queued again before it is handed out.</summary>
    /// <param name="now">Taken once for all timers that are due: one that starts another at once must not keep the bridge from its frames.</param>
    public bool TryTakeDue(long now, out RuleTimer timer)
    {
        while (_queue.TryPeek(out timer!, out long due) && due <= now)
        {
            _queue.Dequeue();
            if (timer.IsStopped)
                continue;

            // From when it was due, so that periods do not drift; from now, if so late that it would fire in a burst.
            if (timer.Period is { } period)
                _queue.Enqueue(timer, due + Ticks(period) > now ? due + Ticks(period) : now + Ticks(period));
            return true;
        }

        return false;
    }

    /// <summary>Forgets every timer of a context, so that its load context can be unloaded.</summary>
    public void Remove(RuleContext context)
    {
        var rest = _queue.UnorderedItems.Where(item => item.Element.Context != context).ToArray();
        if (rest.Length == _queue.Count)
            return;

        _queue.Clear();
        _queue.EnqueueRange(rest);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * clock.TimestampFrequency);
}
