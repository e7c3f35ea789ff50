using Fluke6.Snapshots;

namespace Fluke6.Command.Reports;

/// <summary>Tells the user what the bridge does, by its snapshots and events. Called from one thread.</summary>
internal interface IReport
{
    /// <summary>What <see cref="Statistics"/> wants to be given.</summary>
    SnapshotRequest Wanted { get; }

    /// <summary>What <see cref="End"/> wants to be given.</summary>
    SnapshotRequest WantedAtEnd { get; }

    /// <summary>The bridge forwards.</summary>
    void Ready(ReadyRecord bridge);

    /// <summary>Something happened.</summary>
    void Note(BridgeEvent note);

    /// <summary>A second passed.</summary>
    void Statistics(BridgeSnapshot snapshot);

    /// <summary>The bridge stopped.</summary>
    void End(BridgeSnapshot snapshot);
}
