using Fluke6.Snapshots;

namespace Fluke6.Command.Reports;

/// <summary>A capture in a line.</summary>
internal static class CaptureSummary
{
    /// <summary>The packets that it holds and those that it lacks.</summary>
    public static string Line(CaptureStatus capture) =>
        $"capture: {capture.File}, {capture.Packets:N0} packets ({Quantity.Octets(capture.Octets)})"
        + (capture.Lost == 0 ? "" : $", {capture.Lost:N0} LOST: they came faster than the file took them, or it took no more")
        + (capture.Error is { } failure ? $"; ENDED: {failure}" : "");
}
