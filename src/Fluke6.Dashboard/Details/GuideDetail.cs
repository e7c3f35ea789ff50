using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Details;

/// <summary>How to use the two ends that the bridge stands between: the first thing to read.</summary>
internal sealed class GuideDetail(IReadOnlyList<string> guide) : IDetail
{
    /// <inheritdoc/>
    public string Title => "Begin here; ? shows it again";

    /// <inheritdoc/>
    public IReadOnlyList<StyledLine> Lines(BridgeSnapshot snapshot) =>
        [.. guide.Select(line => StyledLine.Prose($" {line}", indent: 1 + line.Length - line.TrimStart().Length + 2))];
}
