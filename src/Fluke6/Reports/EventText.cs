using Fluke6.Snapshots;

namespace Fluke6.Command.Reports;

/// <summary>Events in lines that a person reads.</summary>
internal static class EventText
{
    /// <summary>The lines; none for what would bury the others.</summary>
    public static IEnumerable<string> Lines(BridgeEvent note)
    {
        string time = $"{note.Time.ToLocalTime():HH:mm:ss}";
        return note switch
        {
            LogEvent log => [$"{time} {log.Rule}: {log.Message}"],
            FaultEvent fault => [$"{time} FAULT {fault.Rule}{(fault.At is null ? "" : $" at {fault.At}")}: {fault.Message}"
                + (fault.Bypassed ? "; bypassed until its file is saved again" : "")],
            ReloadEvent { Ok: true } reload => [$"{time} {(reload.HadVersion ? "reloaded" : "loaded")} {reload.Rule} in {reload.Milliseconds:0} ms"],
            ReloadEvent reload =>
            [
                $"{time} NOT {(reload.HadVersion ? $"reloaded {reload.Rule}, the last good version keeps running" : $"loaded {reload.Rule}")}:",
                .. (reload.Diagnostics ?? []).Select(diagnostic => $"  {diagnostic}"),
            ],
            PortEvent port => [$"{time} {port.Message}"],
            CaptureEvent capture => [$"{time} {capture.Message}"],
            LossEvent loss => [$"{time} {loss.Message}"],
            SkippedEvent skipped => [$"{time} {skipped.Message}"],
            LoopEvent loop => [$"{time} {loop.Message}"],
            RestartEvent restart => [$"{time} {restart.Message}"],
            // Busy hosts make hundreds of handshakes a second; the summary says what they came to.
            _ => [],
        };
    }
}
