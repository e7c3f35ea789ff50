using System.Diagnostics;

namespace Fluke6.Engine;

// The work of rules between batches: their timers and what they posted.
internal sealed partial class Worker
{
    /// <summary>Whether work is due that had to wait for frames to have their turn.</summary>
    public bool HasMoreDue { get; private set; }

    /// <summary>When the next timer is due, or a frame that is held, by <see cref="Moment.Monotonic"/>; null if none waits.</summary>
    public long? NextDue => (_services.Timers.NextDue, _services.Held.NextDue) switch
    {
        ({ } timer, { } frame) => Math.Min(timer, frame),
        (var timer, var frame) => timer ?? frame,
    };

    /// <summary>
    /// Lets frames go on that were held until now, runs timers that are due and work that was posted, and sends what rules sent. It ends after <see cref="WorkerOptions.DueWorkLimit"/>,
    /// or one piece of work that takes longer.
    /// </summary>
    public void RunDueWork(in Moment now)
    {
        HasMoreDue = false;
        bool isHeldDue = _services.Held.IsDue(now.Monotonic);
        if (!isHeldDue && !_services.Timers.IsDue(now.Monotonic) && _services.PostedCount == 0)
        {
            Flush();
            return;
        }

        Begin(now);
        long start = Stopwatch.GetTimestamp();
        while (isHeldDue && RunHeld(now))
        {
            if (IsOverLimit(start))
            {
                HasMoreDue = true;
                break;
            }
        }

        // In turns, so that neither keeps the other waiting. What is posted meanwhile waits until frames had their turn.
        for (int posted = _services.PostedCount; ; posted--)
        {
            bool isDue = _services.Timers.TryTakeDue(now.Monotonic, out WaitingTimer timer);
            if (isDue)
                RunForRule(timer.Rule, timer.Action);
            if (posted > 0 && _services.TryTakePosted(out PostedWork work))
                Run(work);
            if (!isDue && posted <= 0)
                break;

            if (IsOverLimit(start))
            {
                HasMoreDue = true;
                break;
            }
        }

        Flush();
    }

    private bool IsOverLimit(long start) =>
        _options.DueWorkLimit >= TimeSpan.Zero && Stopwatch.GetElapsedTime(start) > _options.DueWorkLimit;

    private void Run(PostedWork work)
    {
        switch (work.Rule, work.Action)
        {
            case ({ } rule, { } action):
                RunForRule(rule, action);
                break;

            case (null, { } action):
                action();
                break;

            default:
                RunExits(leaving: []);
                break;
        }
    }

    private void RunForRule(RuleInstance rule, Action action)
    {
        if (rule.Entry is not { } entry)
        {
            rule.Defer(action);
            return;
        }

        if (!entry.Skipped)
            RunForRule(entry, action);
    }

    private void RunForRule(RuleEntry entry, Action action)
    {
        RuleCall call = _call;
        RuleCall.Outer outer = call.EnterAction(entry);
        Exception? thrown = null;
        string message = "";
        try
        {
            action();
        }
        catch (Exception exception)
        {
            thrown = exception;
            message = ExceptionText.Of(exception);
        }

        try
        {
            call.LeaveAction(outer);
        }
        catch (RuleOverranException exception)
        {
            thrown = exception;
        }

        if (thrown is RuleOverranException)
            Faults.Overran(entry);
        else if (thrown is not null)
            Faults.Count(entry, thrown, message);
    }
}
