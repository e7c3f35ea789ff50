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
    /// <summary>How many timers one rule may have.</summary>
    public const int MaxOfARule = 100_000;

    private readonly PriorityQueue<RuleTimer, long> _queue = new();

    public long Now => clock.GetTimestamp();

    public bool IsEmpty => _queue.Count == 0;

    /// <summary>Starts a timer.</summary>
    /// <exception cref="InvalidOperationException">The rule has <see cref="MaxOfARule"/> timers already.</exception>
    public void Start(RuleTimer timer)
    {
        if (timer.Context.Timers >= MaxOfARule)
        {
            // Most likely those that were stopped and have yet to become due.
            RemoveWhere(queued => queued.IsStopped);
            if (timer.Context.Timers >= MaxOfARule)
                throw new InvalidOperationException($"the rule has {MaxOfARule:N0} timers waiting, as many as one may have; stop some with Dispose()");
        }

        timer.Context.Timers++;
        Enqueue(timer, clock.GetTimestamp(), timer.Due);
    }

    /// <summary>How long until the next one is due; at most <paramref name="atMost"/>.</summary>
    public TimeSpan UntilNext(TimeSpan atMost)
    {
        if (!_queue.TryPeek(out _, out long due))
            return atMost;

        long left = due - clock.GetTimestamp();
        return left <= 0 ? TimeSpan.Zero : left < Ticks(atMost) ? clock.GetElapsedTime(0, left) : atMost;
    }

    /// <summary>Takes a timer that is due; false if none is. A periodic one is queued again before it is handed out.</summary>
    /// <param name="now">Taken once for all timers that are due: one that starts another at once must not keep the bridge from its frames.</param>
    public bool TryTakeDue(long now, out RuleTimer timer)
    {
        while (_queue.TryPeek(out timer!, out long due) && due <= now)
        {
            _queue.Dequeue();
            if (timer.IsStopped || timer.Period is null)
                timer.Context.Timers--;
            if (timer.IsStopped)
                continue;

            // From when it was due, so that periods do not drift; from now, if so late that it would fire in a burst.
            if (timer.Period is { } period)
                Enqueue(timer, now - due < Ticks(period) ? due : now, period);
            return true;
        }

        return false;
    }

    /// <summary>Forgets every timer of a context, so that its load context can be unloaded.</summary>
    public void Remove(RuleContext context) => RemoveWhere(timer => timer.Context == context);

    private void RemoveWhere(Func<RuleTimer, bool> leaves)
    {
        (RuleTimer Timer, long Due)[] all = [.. _queue.UnorderedItems];
        _queue.Clear();
        foreach ((RuleTimer timer, long due) in all)
        {
            if (leaves(timer))
                timer.Context.Timers--;
            else
                _queue.Enqueue(timer, due);
        }
    }

    // A time so far away that a timestamp cannot hold it never comes.
    private void Enqueue(RuleTimer timer, long from, TimeSpan delay)
    {
        long ticks = Ticks(delay);
        _queue.Enqueue(timer, from > long.MaxValue - ticks ? long.MaxValue : from + ticks);
    }

    // The conversion ends at long.MaxValue: no delay overflows.
    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * clock.TimestampFrequency);
}
