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
            else if (context.Entry is { } entry)
                RunExits(entry, ends: false);
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

    /// <summary>The rules that a chain no longer has: a version that another one replaces is not among them.</summary>
    private IReadOnlyList<RuleEntry> RulesMissingIn(RuleChain chain)
    {
        HashSet<string> staying = [.. chain.Entries.Select(rule => rule.Name)];
        return [.. _chain.Entries.Where(rule => !staying.Contains(rule.Name))];
    }

    /// <summary>Lets rules that end undo what they did, each on top of those before it.</summary>
    /// <param name="leaving">Those whose work ends now. Of the others, one may have been switched off.</param>
    private void RunExits(IReadOnlyList<RuleEntry> leaving)
    {
        foreach (RuleEntry entry in _chain.Entries.Reverse())
            RunExits(entry, leaving.Contains(entry));
    }

    private void RunExits(RuleEntry entry, bool ends)
    {
        foreach (Action exit in entry.Context?.Exits.Take(entry, ends) ?? [])
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
