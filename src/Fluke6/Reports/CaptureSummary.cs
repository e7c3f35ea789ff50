using Fluke6.Captures;

namespace Fluke6.Command.Reports;

/// <summary>A capture in a line.</summary>
internal static class CaptureSummary
{
    /// <summary>The packets that it holds and those that it lacks.</summary>
    public static string Line(CaptureFile capture) =>
        $"capture: {capture.Path}, {capture.Written:N0} packets ({Quantity.Octets(capture.Bytes)})"
        + (capture.Lost == 0 ? "" : $", {capture.Lost:N0} LOST: they came faster than the file took them, or it took no more")
        + (capture.Failure is { } failure ? $"; ENDED: {failure}" : "");
}
