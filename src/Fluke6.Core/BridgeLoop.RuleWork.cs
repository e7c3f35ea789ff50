using Fluke6.Frames;
using Fluke6.Ports;
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
            else
                RunExits(leaving: []);
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
    /// <param name="leaving">Those whose work ends now. Others may have been switched off.</param>
    private void RunExits(IReadOnlyList<RuleEntry> leaving)
    {
        foreach (RuleEntry entry in _chain.Entries.Reverse())
            RunExits(entry, leaving);
    }

    private void RunExits(RuleEntry entry, IReadOnlyList<RuleEntry> leaving)
    {
        if (entry.Context is not { } context || context.Exits.Take(entry, leaving.Contains(entry)) is not { IsEmpty: false } exits)
            return;

        context.SendsThrough = SenderThrough([.. _chain.Entries.SkipWhile(rule => rule != entry).Skip(1).Except(leaving)], entry);
        try
        {
            foreach (Action exit in exits)
            {
                if (!entry.Bypassed)
                    RunForRule(entry, exit);
            }
        }
        finally
        {
            context.SendsThrough = null;
        }

        if (!_bridge.Outbox.IsEmpty)
            _bridge.Outbox.Flush();
    }

    /// <summary>
    /// Sends what a rule sends at exit through the rules behind it that go on: those changed what it made of frames, and hosts know no other.
    /// The frame came, to them, from the other port.
    /// </summary>
    /// <returns>Null if there are none.</returns>
    private FrameSender? SenderThrough(RuleEntry[] behind, RuleEntry sender)
    {
        if (behind.Length == 0)
            return null;

        var buffer = new FrameBuffer(new FrameUndo());
        return (side, octets) =>
        {
            buffer.Load(octets, _bridge.Left.LinkType, side.Opposite(), Math.Min(_bridge.Left.Mtu, _bridge.Right.Mtu));
            Verdict verdict = Verdict.Continue;
            foreach (RuleEntry rule in behind)
            {
                RunForRule(rule, () => verdict = RunAlone(rule, buffer));
                if (verdict != Verdict.Continue)
                    break;
            }

            Volatile.Write(ref _timerOwner, sender);
            if (verdict != Verdict.Drop)
                _bridge.Outbox.Add(verdict == Verdict.Reflect ? side.Opposite() : side, buffer, sender.Number);
        };
    }

    // Not the chain's walk, whose position says that a frame that arrived is in hand.
    private Verdict RunAlone(RuleEntry rule, FrameBuffer frame)
    {
        int position = -1;
        return new RuleChain([rule]).Run(frame, ref position, _bridge.Faults);
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
