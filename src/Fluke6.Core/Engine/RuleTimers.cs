using Fluke6.Rules;

namespace Fluke6.Engine;

/// <summary>A timer of a rule's, and what it is to do.</summary>
/// <param name="rule">Whose it is.</param>
/// <param name="delay">How long after its start it is due.</param>
/// <param name="period">How long after that it is due again; null if it is not.</param>
/// <param name="action">What it does.</param>
internal sealed class WaitingTimer(RuleInstance rule, TimeSpan delay, TimeSpan? period, Action action) : RuleTimer
{
    public RuleInstance Rule => rule;

    public TimeSpan Delay => delay;

    public TimeSpan? Period => period;

    public Action Action => action;
}

/// <summary>
/// The timers of all rules in the chain, soonest first, and those that are due at the same time in the order in which they were started. Times
/// are <see cref="Moment.Monotonic"/>. Worker's thread only.
/// </summary>
internal sealed class RuleTimers
{
    /// <summary>How many timers one rule may have.</summary>
    public const int MaxOfARule = 100_000;

    private readonly PriorityQueue<WaitingTimer, (long Due, long Order)> _queue = new();
    private long _order;

    /// <summary>When the next one is due; null if none waits.</summary>
    public long? NextDue => _queue.TryPeek(out _, out (long Due, long Order) next) ? next.Due : null;

    /// <summary>Whether one is due.</summary>
    public bool IsDue(long now) => _queue.TryPeek(out _, out (long Due, long Order) next) && next.Due <= now;

    /// <summary>Starts a timer. It is never due at once: one that starts another without delay must not keep the worker from its frames.</summary>
    /// <exception cref="InvalidOperationException">The rule has <see cref="MaxOfARule"/> timers already.</exception>
    public void Start(WaitingTimer timer, long now)
    {
        if (timer.Rule.Timers >= MaxOfARule)
        {
            // Most likely those that were stopped and have yet to become due.
            RemoveWhere(queued => queued.IsStopped);
            if (timer.Rule.Timers >= MaxOfARule)
                throw new InvalidOperationException($"the rule has {MaxOfARule:N0} timers waiting, as many as one may have; stop some with Dispose()");
        }

        timer.Rule.Timers++;
        Enqueue(timer, now, Math.Max(1, Moment.Nanoseconds(timer.Delay)));
    }

    /// <summary>Takes a timer that is due; false if none is. A periodic one is queued again before it is handed out.</summary>
    public bool TryTakeDue(long now, out WaitingTimer timer)
    {
        while (_queue.TryPeek(out timer!, out (long Due, long Order) next) && next.Due <= now)
        {
            _queue.Dequeue();
            if (timer.IsStopped || timer.Period is null)
                timer.Rule.Timers--;
            if (timer.IsStopped)
                continue;

            if (timer.Period is { } period)
            {
                // From when it was due, so that periods do not drift; from now, if so late that it would fire in a burst.
                long nanoseconds = Moment.Nanoseconds(period);
                Enqueue(timer, now - next.Due < nanoseconds ? next.Due : now, nanoseconds);
            }

            return true;
        }

        return false;
    }

    /// <summary>Forgets every timer of a version, so that its load context can be unloaded.</summary>
    public void Remove(RuleInstance rule) => RemoveWhere(timer => timer.Rule == rule);

    private void RemoveWhere(Func<WaitingTimer, bool> leaves)
    {
        (WaitingTimer Timer, (long Due, long Order) At)[] all = [.. _queue.UnorderedItems];
        _queue.Clear();
        foreach ((WaitingTimer timer, (long Due, long Order) at) in all)
        {
            if (leaves(timer))
                timer.Rule.Timers--;
            else
                _queue.Enqueue(timer, at);
        }
    }

    // A time so far away that a timestamp cannot hold it never comes.
    private void Enqueue(WaitingTimer timer, long from, long delay) =>
        _queue.Enqueue(timer, (from > long.MaxValue - delay ? long.MaxValue : from + delay, _order++));
}
