using System.Runtime.CompilerServices;
using Fluke6.Frames;
using Fluke6.Rules;

namespace Fluke6.Engine;

/// <summary>
/// Rules in order; immutable. The bridge's thread runs it; loading makes a new one and the bridge swaps it in between two batches.
/// </summary>
internal sealed class RuleChain
{
    // Of more parts the check of all guards together costs more than it spares.
    private const int MaxPartsTogether = 32;

    private readonly RuleEntry[] _wireSized;
    private readonly GuardCheck? _anyGuard;     // whether one of the rules' guards holds; null where a rule has none
    private RuleEntry[] _rules;

    /// <summary>A chain of these rules, in this order.</summary>
    public RuleChain(IEnumerable<RuleEntry> rules)
    {
        Entries = [.. rules];
        _rules = [.. Entries.Where(rule => rule.Rule is not null)];
        _wireSized = Array.FindAll(_rules, rule => rule.Context is { IsWireSized: true });
        _anyGuard = AnyGuard(_rules);
    }

    /// <summary>A chain with no rule: every frame is forwarded.</summary>
    public static RuleChain Empty => new([]);

    /// <summary>All rules in order, those that never compiled included.</summary>
    public IReadOnlyList<RuleEntry> Entries { get; }

    /// <summary>Whether a rule that is asked wants to see frames as a wire would carry them.</summary>
    internal bool WantsWireSize
    {
        get
        {
            foreach (RuleEntry rule in _wireSized)
            {
                if (!rule.Skipped)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Asks the rules in order about a frame.</summary>
    /// <param name="buffer">The frame.</param>
    /// <param name="call">Told which rule has the thread; afterwards its last position is that of the rule which decided.</param>
    /// <param name="position">Where the walk begins.</param>
    /// <param name="onFault">What to do after a rule threw.</param>
    /// <param name="timed">Whether to measure how long each rule takes.</param>
    /// <returns>The verdict of the rule that ended the chain; Continue if none did.</returns>
    /// <exception cref="LeftBehindException">A rule took so long that another thread goes on with the frame: this one touches nothing.</exception>
    internal Verdict Run(FrameBuffer buffer, RuleCall call, int position, RuleFaults onFault, bool timed = false)
    {
        // Frames that no rule asks for are most: what is the same for all of these is found out once.
        if (position == 0 && !timed && _anyGuard is { } any && !any(buffer))
            position = PassBy(buffer);
        while (true)
        {
            try
            {
                return timed ? RunFrom<SampledRuleClock>(buffer, call, position) : RunFrom<NoRuleClock>(buffer, call, position);
            }
            catch (Exception exception)
            {
                position = call.Position;
                string message = ExceptionText.Of(exception);
                if (onFault.Threw(_rules[position], buffer, Leave(call, position, exception), message) == FaultPolicy.Drop)
                    return Verdict.Drop;
                if (_rules[position].Owes is { } owes && Meet(owes, buffer, call, position) == Verdict.Hold)
                    return Verdict.Hold;

                position++;
            }
        }
    }

    /// <summary>The rules that are gone and owe something to connections that they changed: what is owed is seen to where they were.</summary>
    internal IReadOnlyList<RuleEntry> Gone { get; private set; } = [];

    /// <summary>Takes over what is owed by the rules of the chain before, those included that are gone. Before it runs; worker's thread.</summary>
    internal void TakeOver(RuleChain before, IReadOnlyDictionary<string, FlowObligation> owed)
    {
        foreach (RuleEntry entry in Entries)
        {
            entry.Owes = owed.GetValueOrDefault(entry.Name);
            RuleEntry? earlier = before.Entries.FirstOrDefault(rule => rule.Name == entry.Name);
            entry.OwesBesidesGuard = entry.Owes is { IsOwed: true } && earlier is not null
                && (earlier.OwesBesidesGuard || $"{earlier.Guard}" != $"{entry.Guard}");
        }

        var gone = new List<RuleEntry>();
        for (int i = 0; before.RuleAt(i) is { } rule; i++)
        {
            if (rule.Owes is not { IsOwed: true } owes || PositionOf(rule.Name) >= 0)
                continue;

            // After the nearest one before it that is still there.
            int after = i - 1;
            while (after >= 0 && PositionOf(before.RuleAt(after)!.Name) < 0)
                after--;
            int position = after < 0 ? 0 : PositionOf(before.RuleAt(after)!.Name) + 1;
            var entry = new RuleEntry(rule.Name, static (ref _) => Verdict.Continue) { Owes = owes };
            _rules = [.. _rules[..position], entry, .. _rules[position..]];
            gone.Add(entry);
        }

        Gone = gone;
    }

    /// <summary>Where in the walk a rule stands; −1 if it is not asked.</summary>
    internal int PositionOf(string name) => Array.FindIndex(_rules, rule => rule.Name == name);

    /// <summary>The rule at a position of the walk; null past the last.</summary>
    internal RuleEntry? RuleAt(int position) => position < _rules.Length ? _rules[position] : null;

    private static GuardCheck? AnyGuard(RuleEntry[] rules)
    {
        if (rules.Length < 2 || Array.Exists(rules, rule => rule.Guard is null || rule.Check is null))
            return null;

        Guard[] guards = [.. rules.Select(rule => rule.Guard!).DistinctBy(guard => guard.ToString())];
        return guards.Sum(guard => guard.Parts) > MaxPartsTogether ? null : GuardCode.Compile(guards.Aggregate((any, guard) => any | guard));
    }

    /// <summary>A frame that no guard holds for is shown to the rules, as far as none of them owes anything.</summary>
    /// <returns>Where the walk goes on.</returns>
    private int PassBy(FrameBuffer buffer)
    {
        RuleEntry[] rules = _rules;
        ulong released = buffer.ReleasedBy;
        int i = 0;
        for (; i < rules.Length && rules[i].Owes is null; i++)
        {
            RuleEntry entry = rules[i];
            if (!entry.Skipped && (released & entry.NumberBit) == 0)
                entry.Counters.Seen++;
        }

        return i;
    }

    // A rule that overran is to blame for that, whatever it threw on its way out.
    private static Exception Leave(RuleCall call, int position, Exception exception)
    {
        try
        {
            call.Leave(position);
            return exception;
        }
        catch (RuleOverranException overran)
        {
            return overran;
        }
    }

    private Verdict RunFrom<TClock>(FrameBuffer buffer, RuleCall call, int position)
        where TClock : struct, IRuleClock
    {
        RuleEntry[] rules = _rules;
        ulong released = buffer.ReleasedBy;
        TClock clock = default;
        clock.Begin();
        for (int i = position; i < rules.Length; i++)
        {
            RuleEntry entry = rules[i];
            FlowObligation? owes = entry.Owes;
            if (entry.Skipped)
            {
                if (entry.Holds && entry.Check?.Invoke(buffer) != false)
                    return Hold(entry, call, i);
                if (owes is not null && Meet(owes, buffer, call, i) == Verdict.Hold)
                    return Verdict.Hold;
                continue;
            }

            if (released != 0 && (released & entry.NumberBit) != 0)
                continue;

            RuleCounters counters = entry.Counters;
            counters.Seen++;
            if (entry.Check is { } check)
            {
                if (!check(buffer))
                {
                    clock.RuleDone(counters);
                    if (owes is not null && Meet(owes, buffer, call, i) == Verdict.Hold)
                        return Verdict.Hold;
                    continue;
                }

                counters.GuardMatched++;
                entry.Parts?.Look(buffer);
            }

            call.Enter(i);
            long sent = counters.Sent;
            buffer.BeginRule();
            owes?.Begin();

            // Made anew for each rule: a rule may assign to the frame it was given by reference.
            var frame = new Frame(buffer);
            Verdict verdict = entry.Rule!(ref frame);

            call.Leave(i);
            if (owes is { IsUnmet: true } && verdict <= Verdict.Accept && owes.Meet(buffer) == Verdict.Hold)
                verdict = Verdict.Hold;
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

            if ((uint)verdict >= (uint)Verdict.Hold)
                ThrowIfNoVerdict(verdict, buffer);
            CountHit(entry, buffer);
            if (verdict == Verdict.Drop)
                counters.Dropped++;
            else if (verdict == Verdict.Reflect)
                counters.Sent++;
            return verdict;
        }

        return Verdict.Continue;
    }

    /// <summary>Sees to what a rule owes that has no say about the frame.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Verdict Meet(FlowObligation owes, FrameBuffer buffer, RuleCall call, int position)
    {
        call.Enter(position);
        buffer.BeginRule();
        Verdict verdict = owes.Meet(buffer);
        buffer.EndRule();
        call.Leave(position);
        return verdict;
    }

    /// <summary>A rule that drops what it faults on was taken out: a filter does not open because it broke.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Verdict Hold(RuleEntry entry, RuleCall call, int position)
    {
        call.Enter(position);
        call.Leave(position);
        entry.Counters.Dropped++;
        return Verdict.Drop;
    }

    private static void ThrowIfNoVerdict(Verdict verdict, FrameBuffer buffer)
    {
        if (verdict != Verdict.Hold)
            throw new InvalidOperationException($"the verdict {(int)verdict} is none of Continue, Accept, Drop, Reflect and Hold");
        if (buffer.HoldFor == FrameBuffer.NotHeld)
            throw new InvalidOperationException("Verdict.Hold does not say for how long: return frame.Hold(delay)");
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
