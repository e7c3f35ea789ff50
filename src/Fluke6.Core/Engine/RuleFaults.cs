using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Engine;

/// <summary>
/// What follows a fault: the frame is put back, the fault counted and told, and a rule with too many in a row is taken out. Bridge's
/// thread only.
/// </summary>
internal sealed class RuleFaults(FaultPolicy policy, int limit, BridgeJournal journal, TimeSpan overrunLimit = default)
{
    // A rule that throws on every other frame of a flood must not flood the journal, nor make the bridge walk stacks all day.
    private const long MinTimeBetweenReports = Moment.Frequency / 10;

    /// <summary>The worker's time.</summary>
    public Moment Now { get; set; }

    /// <summary>A rule threw while it had a frame, or had it for too long.</summary>
    public FaultPolicy Threw(RuleEntry entry, FrameBuffer buffer, Exception exception, string message)
    {
        buffer.Undo();
        if (exception is RuleOverranException)
            return Overran(entry, hasFrame: true);

        Count(entry, exception, message);
        return Drops(entry);
    }

    /// <summary>A timer or posted action of a rule threw, or the rule threw on a frame.</summary>
    public void Count(RuleEntry entry, Exception exception, string message)
    {
        entry.Counters.Faults++;
        bool bypass = ++entry.Counters.FaultsInARow >= limit;
        if (bypass)
            entry.Bypass(policy);

        long now = Now.Monotonic;
        if (!bypass && entry.LastFault is not null && now - entry.LastReport < MinTimeBetweenReports)
            return;

        entry.LastReport = now;
        RuleFault fault = Describe(entry.Name, exception, message, bypass, entry.Context?.Position);
        // Of a call that ends the script, such as 'return frame.Hold(...)', the just-in-time compiler may make a jump, which leaves no trace.
        Report(entry, fault with { At = fault.At ?? entry.Context?.Position.Current });
    }

    /// <summary>A rule did not return in time: it is taken out at once.</summary>
    /// <param name="entry">The rule.</param>
    /// <param name="at">The line that it was at, if that is known.</param>
    /// <param name="hasFrame">Whether it had a frame, which is dropped if that is the policy.</param>
    public FaultPolicy Overran(RuleEntry entry, string? at = null, bool hasFrame = false)
    {
        TakeOut(entry, $"did not return within {overrunLimit.TotalMilliseconds:0} ms and was taken out of the chain", at ?? entry.Context?.Position.Current);
        return hasFrame ? Drops(entry) : policy;
    }

    /// <summary>Takes a rule out of the chain, without a word. Any thread.</summary>
    public void Bypass(RuleEntry entry) => entry.Bypass(policy);

    /// <summary>Takes a rule out of the chain that does not throw and yet keeps the traffic waiting.</summary>
    public void TakeOut(RuleEntry entry, string reason, string? at)
    {
        entry.Counters.Faults++;
        entry.Bypass(policy);
        Report(entry, new RuleFault(entry.Name, reason, at, Bypassed: true));
    }

    /// <summary>Describes an exception by its innermost line of script.</summary>
    /// <param name="rule">The rule's name.</param>
    /// <param name="exception">One that was just caught.</param>
    /// <param name="message">As <see cref="ExceptionText"/> has it.</param>
    /// <param name="bypassed">Whether the rule was taken out because of it.</param>
    /// <param name="position">The rule's; null if not known: the line is then the stack trace's, which may be wrong.</param>
    public static RuleFault Describe(string rule, Exception exception, string message, bool bypassed, ScriptPosition? position) =>
        new(rule, message, ScriptPosition.Locate(exception, position)?.ToString(), bypassed);

    private FaultPolicy Drops(RuleEntry entry)
    {
        if (policy == FaultPolicy.Drop)
            entry.Counters.Dropped++;
        return policy;
    }

    private void Report(RuleEntry entry, RuleFault fault)
    {
        entry.LastFault = fault;
        journal.Add(new FaultNote(fault) { Time = Now.UtcTime });
    }
}
