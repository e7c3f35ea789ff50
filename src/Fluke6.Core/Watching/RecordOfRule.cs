using System.Diagnostics;
using Fluke6.Engine;
using Fluke6.Impairments;
using Fluke6.Journal;
using Fluke6.Snapshots;
using Fluke6.Streams;

namespace Fluke6.Watching;

/// <summary>Copies a rule's figures.</summary>
internal static class RecordOfRule
{
    private static readonly Dictionary<string, string> s_none = [];

    /// <summary>The figures now. Any thread.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="journal">Where it logs.</param>
    /// <param name="leftBehind">Threads that rules did not give back.</param>
    /// <param name="rules">Loads it; null for a rule that nobody loads.</param>
    /// <param name="lastHit">When it last hit; null if it never did.</param>
    public static RuleRecord Of(RuleEntry rule, BridgeJournal journal, IReadOnlyList<LeftBehindThread> leftBehind, IRuleControl? rules, DateTime? lastHit)
    {
        RuleCounters counters = rule.Counters;
        return new RuleRecord
        {
            Name = rule.Name,
            State = rule.State.ToString().ToLowerInvariant(),
            // Of one that is out: a fault that a rule survived has an event of its own.
            Reason = rule.State is RuleState.Disabled or RuleState.Bypassed ? rule.LastFault?.Message : null,
            Guard = rule.Guard?.ToString(),
            Seen = counters.Seen,
            GuardMatched = rule.Guard is null ? null : counters.GuardMatched,
            GuardsNeverHeld = [.. (rule.Parts?.NeverHeld ?? []).Select(guard => $"{guard}")],
            Hits = counters.Hits,
            Rewritten = counters.Rewritten,
            Dropped = counters.Dropped,
            Sent = counters.Sent,
            Faults = counters.Faults,
            MeanNanoseconds = counters.Timed > 0 ? Math.Round(counters.MeanNanoseconds, 1) : null,
            Held = counters.Held,
            Holding = counters.Holding,
            HoldRefused = counters.HoldRefused,
            ReleasedEarly = counters.ReleasedEarly,
            LinesSkipped = journal.LinesSkipped(rule.Name),
            Impairments = Impairments(rule),
            Streams = rule.Owes is StreamWork work ? Of(work.Figures) : null,
            Timed = counters.Timed,
            TimedNanoseconds = Math.Round(counters.TimedTicks * (1e9 / Stopwatch.Frequency)),
            LastHit = lastHit,
            Path = rules?.PathOf(rule.Name),
            Parameters = rule.Context?.Parameters.ToDictionary(StringComparer.Ordinal) ?? s_none,
            Problems = rules?.ProblemsOf(rule.Name) ?? [],
            LastFault = rule.LastFault is { } fault ? new FaultRecord(fault.Message, fault.At) : null,
            ThreadsLeftBehind = leftBehind.Count(thread => thread.Rule == rule.Name),
        };
    }

    private static List<ImpairmentRecord>? Impairments(RuleEntry rule)
    {
        IReadOnlyList<Impairment> impairments = Impairment.Of(rule.Context);
        if (impairments.Count == 0)
            return null;

        List<ImpairmentRecord> records = [];
        for (int i = 0; i < impairments.Count; i++)
        {
            foreach (ImpairmentFigures figures in impairments[i].Figures)
                records.Add(Of(i + 1, figures));
        }

        return records;
    }

    /// <summary>An impairment's figures of one direction.</summary>
    /// <param name="number">Which one of the rule's, from 1.</param>
    /// <param name="figures">What was done.</param>
    public static ImpairmentRecord Of(int number, ImpairmentFigures figures) => new()
    {
        Impairment = number,
        From = figures.From.InJson(),
        Packets = figures.Packets,
        Bytes = figures.Bytes,
        Departed = figures.Departed,
        BitsPerSecond = figures.BitsPerSecond,
        Lost = figures.Lost,
        QueueDropped = figures.QueueDropped,
        NoRoom = figures.NoRoom,
        LossRatio = Rounded(figures.LossRatio),
        LossPeriods = figures.LossPeriods,
        MeanLossPeriod = Rounded(figures.MeanLossPeriod),
        LongestLossPeriod = figures.LongestLossPeriod,
        DelayLeast = Milliseconds(figures.LeastDelay),
        DelayMean = Milliseconds(figures.MeanDelay),
        DelayMedian = Milliseconds(figures.MedianDelay),
        Delay99 = Milliseconds(figures.DelayOf99),
        DelayMost = Milliseconds(figures.MostDelay),
        DelayVariation99 = Milliseconds(figures.VariationOf99),
        LatenessMedian = Milliseconds(figures.MedianLateness),
        Lateness99 = Milliseconds(figures.LatenessOf99),
        Reordered = figures.Reordered,
        ReorderedRatio = Rounded(figures.ReorderedRatio),
        ReorderingExtent = figures.LargestReorderingExtent,
        Duplicated = figures.Duplicated,
        DuplicationRatio = Rounded(figures.DuplicationRatio),
        Corrupted = figures.Corrupted,
        CorruptedBits = figures.CorruptedBits,
        Queued = figures.Queued,
        MostQueued = figures.MostQueued,
        CrossTraffic = figures.Others,
    };

    private static StreamsRecord Of(StreamFigures figures) => new()
    {
        Open = figures.Open,
        Followed = figures.Followed,
        NotFollowed = figures.NotFollowed,
        Forgotten = figures.Forgotten,
        PassedForTime = figures.PassedForTime,
        PassedForRoom = figures.PassedForRoom,
        Refused = figures.Refused,
        OwnFrames = figures.Sent,
        WrongChecksums = figures.Corrupt,
    };

    private static double Rounded(double value) => Math.Round(value, 6);

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 4);
}
