using System.Diagnostics;
using Fluke6.Command.Streams;
using Fluke6.Snapshots;

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

    /// <inheritdoc/>
    public SnapshotRequest Wanted => SnapshotRequest.FiguresAlone;

    /// <inheritdoc/>
    public SnapshotRequest WantedAtEnd => new() { Flows = SummaryFlows, Summary = true, Neighbors = int.MaxValue };

    /// <inheritdoc/>
    public void Ready(ReadyRecord bridge)
    {
        _started = _last = Stopwatch.GetTimestamp();
        string rules = bridge.Rules switch
        {
            [] => "no rules",
            [var rule] => $"rule {rule}",
            _ => $"rules {string.Join(", ", bridge.Rules)}",
        };
        output.WriteLine($"{Now} ready: {bridge.Left} <-> {bridge.Right}, {rules}");
        if (bridge.FastPathPossible)
            output.WriteLine($"{Now} fast path {(bridge.FastPathReason is { } reason ? $"off: {reason}" : "on: the kernel forwards what no rule asks for")}");
    }

    /// <inheritdoc/>
    public void Note(BridgeEvent note)
    {
        foreach (string line in EventText.Lines(note))
            output.WriteLine(line);
    }

    /// <inheritdoc/>
    public void Statistics(BridgeSnapshot bridge)
    {
        TellLostLines();
        if (!ShowsStatistics)
            return;

        long now = Stopwatch.GetTimestamp();
        double seconds = Stopwatch.GetElapsedTime(_last, now).TotalSeconds;
        _last = now;
        bool idle = bridge.Ports.Left.RxFrames == _left.Frames && bridge.Ports.Right.RxFrames == _right.Frames;
        if (idle && !ShowsIdleSeconds)
            return;

        string line = $"{Now} -> {Rate(bridge.Ports.Left, ref _left, seconds)}   <- {Rate(bridge.Ports.Right, ref _right, seconds)}";
        string hits = string.Join("  ", bridge.Rules.Where(ShowsSomething).Select(HitsOf));
        output.WriteLine(hits.Length == 0 ? line : $"{line}   {hits}");
    }

    /// <inheritdoc/>
    public void End(BridgeSnapshot bridge)
    {
        output.WriteLine($"{Now} stopped after {Stopwatch.GetElapsedTime(_started).TotalSeconds:0.0} s");
        foreach (string line in SnapshotText.Lines(bridge))
            output.WriteLine($"  {line}");
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

    private static string Now => $"{DateTime.Now:HH:mm:ss}";

    private static bool ShowsSomething(RuleRecord rule) => rule.Hits > 0 || rule.Faults > 0 || rule.State != RuleRecord.Live;

    private static string Rate(PortRecord port, ref Traffic last, double seconds)
    {
        var now = new Traffic(port.RxFrames, port.RxBytes);
        double frames = (now.Frames - last.Frames) / seconds, bits = (now.Octets - last.Octets) * 8 / seconds;
        last = now;
        return $"{Quantity.Of(frames),7}frames/s {Quantity.Of(bits),7}bit/s";
    }

    private string HitsOf(RuleRecord rule)
    {
        long hits = rule.Hits, more = hits - _hits.GetValueOrDefault(rule.Name);
        _hits[rule.Name] = hits;
        string state = rule.State == RuleRecord.Live ? "" : $" {rule.State.ToUpperInvariant()}";
        return $"{rule.Name}{state} {hits:N0}{(more > 0 ? $" (+{more:N0})" : "")}";
    }

    private readonly record struct Traffic(long Frames, long Octets);
}
