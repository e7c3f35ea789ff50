using Fluke6.Snapshots;

namespace Fluke6.Command.Reports;

/// <summary>A snapshot in lines that a person reads: the summary at the end of a bridge, and <c>fluke6 status</c>.</summary>
internal static class SnapshotText
{
    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(BridgeSnapshot bridge)
    {
        foreach (PortRecord port in (PortRecord[])[bridge.Ports.Left, bridge.Ports.Right])
            yield return Line(port);
        int width = bridge.Rules.Select(rule => rule.Name.Length).DefaultIfEmpty().Max();
        foreach (RuleRecord rule in bridge.Rules)
            yield return Line(rule, width);
        foreach (RuleRecord rule in bridge.Rules)
        {
            foreach (string line in rule.Work)
                yield return $"{rule.Name}  {line}";
        }

        foreach (string line in FlowSummary.Lines(bridge))
            yield return line;
        foreach (CaptureStatus capture in bridge.Captures ?? (bridge.Capture is { } last ? [last] : []))
            yield return CaptureSummary.Line(capture);
        if (bridge.ThreadsEverLeftBehind > 0)
        {
            yield return $"{bridge.ThreadsEverLeftBehind:N0} threads were left behind in rules that did not return; {bridge.ThreadsLeftBehind:N0} did not "
                + $"end and took {bridge.SecondsLeftBehind:0.0} s of processor time";
        }

        if (bridge.NotesLost > 0)
            yield return $"{bridge.NotesLost:N0} lines of the rules' logs and other notes were not shown, as there were too many";
    }

    private static string Line(PortRecord port) =>
        $"{port.Specification}: received {port.RxFrames:N0} frames ({Quantity.Octets(port.RxBytes)}), "
        + (port.KernelFrames == 0 ? "" : $"of which the kernel forwarded {port.KernelFrames:N0} ({Quantity.Octets(port.KernelBytes)}), ")
        + $"lost {port.RxDropped:N0}{Listed(port.RxDroppedByReason)}, sent {port.TxFrames:N0} ({Quantity.Octets(port.TxBytes)}), "
        + $"dropped {port.TxDropped:N0}, errors {port.Errors:N0}{Listed(port.ErrorsByErrno)}"
        + (port.NotUnderstood == 0 ? "" : $", not understood {port.NotUnderstood:N0}");

    private static string Line(RuleRecord rule, int width) =>
        $"{rule.Name.PadRight(width)}  {rule.State,-8}  seen {rule.Seen:N0}{(rule.Guard is null ? "" : $" ({rule.Guard}: {rule.GuardMatched:N0})")}, hits {rule.Hits:N0}, "
        + $"rewritten {rule.Rewritten:N0}, dropped {rule.Dropped:N0}, sent {rule.Sent:N0}, faults {rule.Faults:N0}"
        + (rule.Held + rule.HoldRefused == 0 ? "" : $", held {rule.Held:N0} (no room for {rule.HoldRefused:N0}, let go early {rule.ReleasedEarly:N0})")
        + (rule.LinesSkipped > 0 ? $", log lines not shown {rule.LinesSkipped:N0}" : "")
        + (rule.MeanNanoseconds is not { } mean ? "" : $", {(mean < 1 ? "less than 1" : $"{mean:0}")} ns a frame");

    private static string Listed(IEnumerable<KeyValuePair<string, long>> counts) => string.Concat(counts.Select(count => $" {count.Key}={count.Value}"));
}
