using Fluke6.Frames;

namespace Fluke6.Rules;

/// <summary>
/// Rules in order; immutable. The bridge's thread runs it; loading makes a new one and the bridge swaps it in between two batches.
/// </summary>
public sealed class RuleChain
{
    private readonly RuleEntry[] _rules;

    /// <summary>A chain of these rules, in this order.</summary>
    public RuleChain(IEnumerable<RuleEntry> rules)
    {
        Entries = [.. rules];
        _rules = [.. Entries.Where(rule => rule.Rule is not null)];
    }

    /// <summary>A chain with no rule: every frame is forwarded.</summary>
    public static RuleChain Empty => new([]);

    /// <summary>All rules in order, those that never compiled included.</summary>
    public IReadOnlyList<RuleEntry> Entries { get; }

    /// <summary>Asks the rules in order about a frame.</summary>
    /// <param name="buffer">The frame.</param>
    /// <param name="position">Where the walk stands: it begins here, and while a rule runs this is its index. −1 between frames.</param>
    /// <param name="onFault">What to do after a rule threw.</param>
    /// <param name="timed">Whether to measure how long each rule takes.</param>
    /// <returns>The verdict of the rule that ended the chain; Continue if none did.</returns>
    internal Verdict Run(FrameBuffer buffer, ref int position, RuleFaults onFault, bool timed = false)
    {
        if (position < 0)
            position = 0;

        while (true)
        {
            try
            {
                return timed ? RunFrom<SampledRuleClock>(buffer, ref position) : RunFrom<NoRuleClock>(buffer, ref position);
            }
            // The watchdog's abort is not the rule's to survive; the bridge sees it and goes on after the rule.
            catch (Exception exception) when (exception is not ThreadAbortException)
            {
                if (onFault.Threw(_rules[position], buffer, exception) == FaultPolicy.Drop)
                    return Verdict.Drop;

                position++;
            }
        }
    }

    /// <summary>The rule at a position of the walk; null past the last.</summary>
    internal RuleEntry? RuleAt(int position) => position < _rules.Length ? _rules[position] : null;

    private Verdict RunFrom<TClock>(FrameBuffer buffer, ref int position)
        where TClock : struct, IRuleClock
    {
        RuleEntry[] rules = _rules;
        TClock clock = default;
        clock.Begin();
        for (int i = position; i < rules.Length; i++)
        {
            RuleEntry entry = rules[i];
            if (entry.Skipped)
                continue;

            position = i;
            RuleCounters counters = entry.Counters;
            long sent = counters.Sent;
            counters.Seen++;
            buffer.BeginRule();

            // Made anew for each rule: a rule may assign to the frame it was given by reference.
            var frame = new Frame(buffer);
            Verdict verdict = entry.Rule!(ref frame);

            buffer.EndRule();
            clock.RuleDone(counters);
            if (counters.FaultsInARow != 0)
                counters.FaultsInARow = 0;
            if (verdict == Verdict.Continue)
            {
                if (buffer.Edited | buffer.HitByRule | (sent != counters.Sent))
                    CountHit(entry, buffer);
                continue;
            }

            CountHit(entry, buffer);
            if (verdict == Verdict.Drop)
                counters.Dropped++;
            else if (verdict == Verdict.Reflect)
                counters.Sent++;
            return verdict;
        }

        return Verdict.Continue;
    }

    private static void CountHit(RuleEntry entry, FrameBuffer buffer)
    {
        entry.Counters.Hits++;
        buffer.HitRules |= entry.NumberBit;
        if (!buffer.Edited)
            return;

        entry.Counters.Rewritten++;
        buffer.RewritingRules |= entry.NumberBit;
    }
}
