namespace Fluke6.Snapshots;

/// <summary>A bridge as a watcher sees it, in this process or at the other end of a socket. Nothing here waits for the bridge.</summary>
internal interface IWatchedBridge : IBridgeCommands
{
    /// <summary>The part that does not change while it runs.</summary>
    ReadyRecord Ready { get; }

    /// <summary>Whether it ends with the watcher, since that is its own screen.</summary>
    bool EndsWithWatcher { get; }

    /// <summary>Whether commands that change something are refused.</summary>
    bool IsReadOnly { get; }

    /// <summary>Whether there is nothing to see any more, and never will be.</summary>
    bool HasEnded { get; }

    /// <summary>Why nothing new is seen for now, in a line; null while all is well.</summary>
    string? Trouble { get; }

    /// <summary>The figures as they are now, or as they were when the bridge was last heard of.</summary>
    /// <param name="request">What is wanted from now on.</param>
    BridgeSnapshot Look(SnapshotRequest request);

    /// <summary>The figures as they are now, with all that is asked for.</summary>
    Task<BridgeSnapshot> Take(SnapshotRequest request);

    /// <summary>Takes the events that came since; handshakes are not among them.</summary>
    /// <returns>How many are missing before the first.</returns>
    long ReadEvents(Queue<BridgeEvent> events);
}
