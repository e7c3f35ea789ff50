using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Details;

/// <summary>A line of the log, however long it is.</summary>
internal sealed class LogLineDetail(StyledLine line) : IDetail
{
    /// <inheritdoc/>
    public string Title => "Log line";

    /// <inheritdoc/>
    public IReadOnlyList<StyledLine> Lines(BridgeSnapshot snapshot) => [line];
}
