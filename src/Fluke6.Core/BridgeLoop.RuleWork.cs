using Fluke6.Rules;

namespace Fluke6;

// What rules do between batches: their timers, what they posted, and what they do when they end.
internal sealed partial class BridgeLoop
{
    private void RunDueWork()
    {
        if (!_bridge.Services.Timers.IsEmpty)
        {
            long now = _bridge.Services.Timers.Now;
            while (_bridge.Services.Timers.TryTakeDue(now, out RuleTimer timer))
                RunForRule(timer.Context, timer.Action);
        }

        // What these post in turn waits until frames had their turn.
        for (int count = _bridge.Services.PostedCount; count > 0; count--)
        {
            if (!_bridge.Services.TryTakePosted(out RuleContext context, out Action? action))
                continue;

            if (action is not null)
                RunForRule(context, action);
            else if (context.Entry is { Disabled: true } entry)
                RunExits(entry);
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

    /// <summary>Lets rules that end undo what they did, each on top of those before it.</summary>
    private void RunExits(IReadOnlyList<RuleEntry> rules)
    {
        for (int i = rules.Count - 1; i >= 0; i--)
        {
            // Those of a rule that is switched off ran when it was.
            if (!rules[i].Disabled)
                RunExits(rules[i]);
        }
    }

    private void RunExits(RuleEntry entry)
    {
        foreach (Action exit in entry.Context?.Exits ?? [])
        {
            if (!entry.Bypassed)
                RunForRule(entry, exit);
        }

        if (!_bridge.Outbox.IsEmpty)
            _bridge.Outbox.Flush();
    }

    private void RunForRule(RuleEntry entry, Action action)
    {
        _sequence++;
        Volatile.Write(ref _timerOwner, entry);
        try
        {
            action();
        }
        catch (Exception exception) when (exception is not ThreadAbortException)
        {
            _bridge.Faults.Count(entry, exception);
        }

        Volatile.Write(ref _timerOwner, null);
    }
}
