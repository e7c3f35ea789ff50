using System.Diagnostics;
using Fluke6.Rules;

namespace Fluke6.Engine;

// The work of rules between batches: their timers and what they posted.
internal sealed partial class Worker
{
    // Frames have their turn at least so often, however much is due.
    private static readonly long DueWorkTicks = Stopwatch.Frequency / 1000;

    /// <summary>Whether work is due that had to wait for frames to have their turn.</summary>
    public bool HasMoreDue { get; private set; }

    /// <summary>Runs timers that are due and work that was posted, for a millisecond at the most unless one piece of it takes longer.</summary>
    public void RunDueWork()
    {
        HasMoreDue = false;
        if (_services.Timers.IsEmpty && _services.PostedCount == 0)
            return;

        long start = Stopwatch.GetTimestamp();
        long now = _services.Timers.Now;
        // In turns, so that neither keeps the other waiting. What is posted meanwhile waits until frames had their turn.
        for (int posted = _services.PostedCount; ; posted--)
        {
            bool isDue = _services.Timers.TryTakeDue(now, out RuleTimer timer);
            if (isDue)
                RunForRule(timer.Context, timer.Action);
            if (posted > 0 && _services.TryTakePosted(out PostedWork work))
                Run(work);
            if (!isDue && posted <= 0)
                break;

            if (Stopwatch.GetTimestamp() - start > DueWorkTicks)
            {
                HasMoreDue = true;
                break;
            }
        }

        Flush();
    }

    private void Run(PostedWork work)
    {
        switch (work.Context, work.Action)
        {
            case ({ } context, { } action):
                RunForRule(context, action);
                break;

            case (null, { } action):
                action();
                break;

            default:
                RunExits(leaving: []);
                break;
        }
    }

    private void RunForRule(RuleContext context, Action action)
    {
        if (context.Entry is not { } entry)
        {
            context.Defer(action);
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
            _faults.Overran(entry);
        else if (thrown is not null)
            _faults.Count(entry, thrown, message);
    }
}
