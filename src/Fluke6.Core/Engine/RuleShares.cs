using System.Diagnostics;
using Fluke6.Journal;

namespace Fluke6.Engine;

/// <summary>
/// How much of the worker's time each rule takes, from looks at what runs. Where rules have most of it, the one with the largest share is taken
/// out if each of its calls takes a tenth of the overrun limit or more, and named if it is quicker. Watchdog's thread.
/// </summary>
internal sealed class RuleShares(RuleServices services, RuleFaults faults, TimeSpan overrunLimit)
{
    private const int Window = 12;
    private static readonly TimeSpan WorthNaming = TimeSpan.FromMilliseconds(1);

    private readonly Sample[] _samples = new Sample[Window];
    private long _looks;

    /// <summary>Looks at what runs.</summary>
    public void Look(RuleCall call)
    {
        var now = new Sample(call.RunningRule, call.IsInAction, call.Number, Stopwatch.GetTimestamp());
        ref Sample slot = ref _samples[_looks++ % Window];
        Sample oldest = slot;
        slot = now;
        if (now.Rule is not { } rule || _looks <= Window || rule.Bypassed)
            return;

        int share = ShareOf(rule), busy = 0;
        foreach (Sample sample in _samples)
        {
            // Of two that run in turn, neither has most of the time.
            if (sample.Rule is not { Bypassed: false } other)
                continue;

            busy++;
            if (ShareOf(other) > share)
                return;
        }

        // A new thread counts from the beginning.
        long calls = now.Number - oldest.Number;
        if (busy <= Window / 2 || calls < 0)
            return;

        // A frame is one call of each rule, an action of one alone.
        int sharesOfCall = now.InAction ? busy : share;
        TimeSpan perCall = Stopwatch.GetElapsedTime(oldest.Time, now.Time) * sharesOfCall / Window / Math.Max(1, calls);
        if (perCall >= overrunLimit / 10)
            TakeOut(rule, share, perCall);
        else if (perCall >= WorthNaming || _samples.All(sample => sample.InAction))
            Name(rule, share, perCall);
    }

    private int ShareOf(RuleEntry rule) => _samples.Count(sample => sample.Rule == rule);

    private static string Describe(int share, TimeSpan perCall) =>
        $"takes {Math.Max(perCall.TotalMilliseconds, 0.1):0.#} ms at a time and {share * 100 / Window} % of the bridge's, so all traffic waits for it";

    private void TakeOut(RuleEntry rule, int share, TimeSpan perCall)
    {
        // At once, since the next look between batches may be far away; counted and told there.
        faults.Bypass(rule);
        string? at = rule.Context?.Position.Current;
        services.Post(() => faults.TakeOut(rule, $"{Describe(share, perCall)}; it was taken out of the chain", at));
    }

    private void Name(RuleEntry rule, int share, TimeSpan perCall)
    {
        if (rule.IsNamedSlow)
            return;

        rule.IsNamedSlow = true;
        services.Journal.Add(new LogNote(rule.Name, $"{Describe(share, perCall)}; let it wait with After(...), or on a task with Post(...)"));
    }

    private readonly record struct Sample(RuleEntry? Rule, bool InAction, long Number, long Time);
}
