using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Details;

/// <summary>Something that can be told about at length.</summary>
internal interface IDetail
{
    /// <summary>Its name.</summary>
    string Title { get; }

    /// <summary>What it needs of snapshots beside the panes' figures.</summary>
    SnapshotRequest Wants(BridgeSnapshot snapshot) => SnapshotRequest.FiguresAlone;

    /// <summary>All about it, as of a snapshot.</summary>
    IReadOnlyList<StyledLine> Lines(BridgeSnapshot snapshot);
}
