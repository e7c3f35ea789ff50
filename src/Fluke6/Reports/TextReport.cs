using System.Diagnostics;
using Fluke6.Bridging;
using Fluke6.Command.Streams;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Impairments;
using Fluke6.Journal;
using Fluke6.Ports;

namespace Fluke6.Command.Reports;

/// <summary>A line a second that a person can read, what happens as it happens, and a summary.</summary>
internal sealed class TextReport(StandardStream output) : IReport
{
    /// <summary>How many flows the summary lists unless told otherwise.</summary>
    public const int DefaultSummaryFlows = 5;

    private readonly Dictionary<string, long> _hits = [];
    private long _started;
    private long _last;
    private long _linesLost;
    private Traffic _left;
    private Traffic _right;

    /// <summary>Whether there are lines of statistics; without them, only what happens and the summary.</summary>
    public bool ShowsStatistics { get; init; } = true;

    /// <summary>Whether a second without a frame has its line, too.</summary>
    public bool ShowsIdleSeconds { get; init; } = true;

    /// <summary>How many flows the summary lists, the last seen ones.</summary>
    public int SummaryFlows { get; init; } = DefaultSummaryFlows;

    private static string Describe(PortNote note) => note.State switch
    {
        PortState.Up => $"{Lower(note.Side)} port {note.Name} is up",
        PortState.Down => $"{Lower(note.Side)} port {note.Name} is down; frames pass again once it is set up",
        _ => $"{Lower(note.Side)} port {note.Name} is gone; frames pass again once it is back",
    };

    /// <inheritdoc/>
    public void Ready(IBridge bridge)
    {
        _started = _last = Stopwatch.GetTimestamp();
        string rules = bridge.Chain.Entries.Count switch
        {
            0 => "no rules",
            1 => $"rule {bridge.Chain.Entries[0].Name}",
            _ => $"rules {string.Join(", ", bridge.Chain.Entries.Select(rule => rule.Name))}",
        };
        output.WriteLine($"{Now} ready: {bridge.Left.Specification} <-> {bridge.Right.Specification}, {rules}");
        if (bridge.FastPath is { IsPossible: true } path)
            output.WriteLine($"{Now} fast path {(path.Reason is { } reason ? $"off: {reason}" : "on: the kernel forwards what no rule asks for")}");
    }

    /// <inheritdoc/>
    public void Note(JournalNote note)
    {
        string time = $"{note.Time.ToLocalTime():HH:mm:ss}";
        switch (note)
        {
            case LogNote log:
                output.WriteLine($"{time} {log.Rule}: {log.Message}");
                break;

            case FaultNote { Fault: var fault }:
                output.WriteLine($"{time} FAULT {fault.Rule}{(fault.At is null ? "" : $" at {fault.At}")}: {fault.Message}"
                    + (fault.Bypassed ? "; bypassed until its file is saved again" : ""));
                break;

            case ReloadNote { Ok: true } reload:
                output.WriteLine($"{time} {(reload.HadVersion ? "reloaded" : "loaded")} {reload.Rule} in {reload.Milliseconds:0} ms");
                break;

            case ReloadNote reload:
                output.WriteLine($"{time} NOT {(reload.HadVersion ? $"reloaded {reload.Rule}, the last good version keeps running" : $"loaded {reload.Rule}")}:");
                foreach (string diagnostic in reload.Diagnostics)
                    output.WriteLine($"  {diagnostic}");
                break;

            case PortNote port:
                output.WriteLine($"{time} {Describe(port)}");
                break;

            case CaptureNote or LossNote or SkippedNote or LoopNote:
                output.WriteLine($"{time} {note}");
                break;

            case RestartNote restart:
                output.WriteLine($"{time} {restart}");
                break;

            // Busy hosts make hundreds a second; the summary says what they came to.
            case HandshakeNote:
                break;
        }
    }

    /// <inheritdoc/>
    public void Statistics(IBridge bridge)
    {
        TellLostLines();
        if (!ShowsStatistics)
            return;

        long now = Stopwatch.GetTimestamp();
        double seconds = Stopwatch.GetElapsedTime(_last, now).TotalSeconds;
        _last = now;
        bool idle = bridge.Left.Counters.RxFrames == _left.Frames && bridge.Right.Counters.RxFrames == _right.Frames;
        if (idle && !ShowsIdleSeconds)
            return;

        string line = $"{Now} -> {Rate(bridge.Left, ref _left, seconds)}   <- {Rate(bridge.Right, ref _right, seconds)}";
        string hits = string.Join("  ", bridge.Chain.Entries.Where(ShowsSomething).Select(HitsOf));
        output.WriteLine(hits.Length == 0 ? line : $"{line}   {hits}");
    }

    /// <inheritdoc/>
    public void End(IBridge bridge)
    {
        output.WriteLine($"{Now} stopped after {Stopwatch.GetElapsedTime(_started).TotalSeconds:0.0} s");
        foreach (IPort port in (IPort[])[bridge.Left, bridge.Right])
        {
            PortCounters counters = port.Counters;
            output.WriteLine($"  {port.Specification}: received {counters.RxFrames:N0} frames ({Quantity.Octets(counters.RxBytes)}), "
                + (counters.KernelFrames == 0 ? "" : $"of which the kernel forwarded {counters.KernelFrames:N0} ({Quantity.Octets(counters.KernelBytes)}), ")
                
                + $"lost {counters.RxDropped:N0}{Listed(LossCounts.ReceivingOf(counters))}, sent {counters.TxFrames:N0} ({Quantity.Octets(counters.TxBytes)}), dropped {counters.TxDropped:N0}, errors {counters.Errors:N0}"
                + Listed(LossCounts.ErrorsOf(counters))
                + (counters.NotUnderstood == 0 ? "" : $", not understood {counters.NotUnderstood:N0}"));
        }

        int width = bridge.Chain.Entries.Select(rule => rule.Name.Length).DefaultIfEmpty().Max();
        foreach (RuleEntry rule in bridge.Chain.Entries)
        {
            RuleCounters counters = rule.Counters;
            output.WriteLine($"  {rule.Name.PadRight(width)}  {Lower(rule.State),-8}  seen {counters.Seen:N0}{(rule.Guard is null ? "" : $" ({rule.Guard}: {counters.GuardMatched:N0})")}, hits {counters.Hits:N0}, "
                + $"rewritten {counters.Rewritten:N0}, dropped {counters.Dropped:N0}, sent {counters.Sent:N0}, faults {counters.Faults:N0}"
                + (counters.Held + counters.HoldRefused == 0 ? "" : $", held {counters.Held:N0} (no room for {counters.HoldRefused:N0}, let go early {counters.ReleasedEarly:N0})")
                + (bridge.Journal.LinesSkipped(rule.Name) is > 0 and long lines ? $", log lines not shown {lines:N0}" : "")
                + (counters.Timed == 0 ? "" : $", {(counters.MeanNanoseconds < 1 ? "less than 1" : $"{counters.MeanNanoseconds:0}")} ns a frame"));
        }

        foreach (RuleEntry rule in bridge.Chain.Entries)
        {
            foreach (string line in Impairment.Of(rule.Context).SelectMany(one => one.Figures).SelectMany(ImpairmentText.Lines))
                output.WriteLine($"  {rule.Name}  {line}");
        }

        foreach (string line in FlowSummary.Lines(bridge, SummaryFlows))
            output.WriteLine($"  {line}");
        if (bridge.LastCapture is { } capture)
            output.WriteLine($"  {CaptureSummary.Line(capture)}");
        if (bridge.Services.LeftBehind.Total > 0)
        {
            output.WriteLine($"  {bridge.Services.LeftBehind.Total:N0} threads were left behind in rules that did not return; {bridge.Services.LeftBehind.Threads.Count:N0} did not "
                + $"end and took {bridge.Services.LeftBehind.ProcessorTime().TotalSeconds:0.0} s of processor time");
        }

        if (bridge.Journal.Dropped > 0)
            output.WriteLine($"  {bridge.Journal.Dropped:N0} lines of the rules' logs and other notes were not shown, as there were too many");
        if (output.LinesLost + StandardStreams.Error.LinesLost is > 0 and long lost)
            output.WriteLine($"  {lost:N0} lines of this report were lost: standard output or standard error did not take them");
    }

    private void TellLostLines()
    {
        long lost = output.LinesLost;
        if (lost == _linesLost || output.Failure is not null)
            return;

        output.WriteLine($"{Now} {lost - _linesLost:N0} lines before this one were lost");
        _linesLost = lost;
    }

    private static string Listed(IEnumerable<(string Name, long Count)> counts) =>
        string.Concat(counts.Select(count => $" {count.Name}={count.Count}"));

    private static string Now => $"{DateTime.Now:HH:mm:ss}";

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static bool ShowsSomething(RuleEntry rule) =>
        rule.Counters.Hits > 0 || rule.Counters.Faults > 0 || rule.State != RuleState.Live;

    private static string Rate(IPort port, ref Traffic last, double seconds)
    {
        var now = new Traffic(port.Counters.RxFrames, port.Counters.RxBytes);
        double frames = (now.Frames - last.Frames) / seconds, bits = (now.Octets - last.Octets) * 8 / seconds;
        last = now;
        return $"{Quantity.Of(frames),7}frames/s {Quantity.Of(bits),7}bit/s";
    }

    private string HitsOf(RuleEntry rule)
    {
        long hits = rule.Counters.Hits, more = hits - _hits.GetValueOrDefault(rule.Name);
        _hits[rule.Name] = hits;
        string state = rule.State == RuleState.Live ? "" : $" {Lower(rule.State).ToUpperInvariant()}";
        return $"{rule.Name}{state} {hits:N0}{(more > 0 ? $" (+{more:N0})" : "")}";
    }

    private readonly record struct Traffic(long Frames, long Octets);
}
