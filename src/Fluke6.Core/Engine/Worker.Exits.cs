using Fluke6.Frames;

namespace Fluke6.Engine;

// The last work of rules that end.
internal sealed partial class Worker
{
    /// <summary>Lets all that is held go on, and every rule undo what it did: the bridge stops.</summary>
    public void RunAllExits(in Moment now)
    {
        Begin(now);
        ReleaseHeld(now);
        _taps.Ending();
        RunExits(_chain.Entries);
    }

    /// <summary>Lets rules undo what they did that the next chain no longer has; a version that another one replaces is not among them.</summary>
    public void RunExitsOfRulesMissingIn(RuleChain chain, in Moment now)
    {
        Begin(now);
        HashSet<string> staying = [.. chain.Entries.Select(rule => rule.Name)];
        RunExits([.. _chain.Entries.Where(rule => !staying.Contains(rule.Name))]);
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
        foreach (Action exit in exits)
        {
            if (!entry.Bypassed)
                RunForRule(entry, exit);
        }

        context.SendsThrough = null;
        Flush();
    }

    /// <summary>
    /// Sends what a rule sends at exit through the rules after it that go on: those changed what it made of frames, and hosts know no other.
    /// The frame came, to them, from the other port.
    /// </summary>
    /// <returns>Null if there are none.</returns>
    private Action<Side, FrameCopy>? SenderThrough(RuleEntry[] after, RuleEntry sender)
    {
        if (after.Length == 0)
            return null;

        var buffer = new FrameBuffer(new FrameUndo()) { Flow = new NoFlow() };
        return (side, copy) =>
        {
            buffer.Load(copy, side.Opposite(), _sink.Mtu);
            Verdict verdict = Verdict.Continue;
            foreach (RuleEntry rule in after)
            {
                RunForRule(rule, () => verdict = RunAlone(rule, buffer));
                if (verdict == Verdict.Hold)
                    Hold(buffer, rule, isOfFrameAtHand: false);
                if (verdict != Verdict.Continue)
                    break;
            }

            if (verdict is Verdict.Drop or Verdict.Hold)
                return;

            _services.BeginEngineCall(nameof(RuleInstance.Send));
            _outbox.Add(verdict == Verdict.Reflect ? side.Opposite() : side, buffer, sender.Number);
            _services.EndEngineCall();
        };
    }

    // Not the chain's walk, in which a frame that arrived may be.
    private Verdict RunAlone(RuleEntry rule, FrameBuffer frame)
    {
        var alone = new RuleChain([rule]);
        _call.SetAlone(rule);
        _call.Chain = alone;
        Verdict verdict = alone.Run(frame, _call, 0, Faults);
        _call.Chain = _chain;
        return verdict;
    }
}
