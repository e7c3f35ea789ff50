using Fluke6.Frames;

namespace Fluke6.Rules;

/// <summary>
/// What follows a fault: the frame is put back, the fault counted and told, and a rule with too many in a row is taken out. Bridge's
/// thread only.
/// </summary>
internal sealed class RuleFaults(FaultPolicy policy, int limit, BridgeJournal journal)
{
    // A rule that throws on every other frame of a flood must not flood the journal, nor make the bridge walk stacks all day.
    private const long MinMillisecondsBetweenReports = 100;
    private long _lastReport = long.MinValue / 2;

    /// <summary>A rule threw while it had a frame.</summary>
    public FaultPolicy Threw(RuleEntry entry, FrameBuffer buffer, Exception exception)
    {
        buffer.Undo();
        Count(entry, exception);
        return policy;
    }

    /// <summary>A timer or posted action of a rule threw, or the rule threw on a frame.</summary>
    public void Count(RuleEntry entry, Exception exception)
    {
        entry.Counters.Faults++;
        bool bypass = ++entry.Counters.FaultsInARow >= limit;
        if (bypass)
            entry.Bypass();

        long now = Environment.TickCount64;
        if (!bypass && entry.LastFault is not null && now - _lastReport < MinMillisecondsBetweenReports)
            return;

        _lastReport = now;
        Report(entry, RuleFault.From(entry.Name, exception, bypass));
    }

    /// <summary>A rule did not return: it is taken out at once.</summary>
    public FaultPolicy Overran(RuleEntry entry, TimeSpan after)
    {
        entry.Counters.Faults++;
        entry.Bypass();
        Report(entry, new RuleFault(
            entry.Name, $"did not return within {after.TotalMilliseconds:0} ms and was taken out of the chain", null, Bypassed: true));
        return policy;
    }

    private void Report(RuleEntry entry, RuleFault fault)
    {
        entry.LastFault = fault;
        journal.Add(new FaultNote(fault));
    }
}
