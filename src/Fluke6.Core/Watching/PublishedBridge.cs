using Fluke6.Bridging;
using Fluke6.Snapshots;

namespace Fluke6.Watching;

/// <summary>The bridge of this process, as its own screen sees it.</summary>
internal sealed class PublishedBridge(Bridge bridge, BridgePublisher publisher, IBridgeCommands commands) : IWatchedBridge
{
    private long _read;

    /// <inheritdoc/>
    public ReadyRecord Ready { get; } = publisher.Ready();

    /// <inheritdoc/>
    public bool EndsWithWatcher => true;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <inheritdoc/>
    public bool HasEnded => bridge.Completion.IsCompleted;

    /// <inheritdoc/>
    public string? Trouble => null;

    /// <inheritdoc/>
    public BridgeSnapshot Look(SnapshotRequest request) => publisher.Take(request);

    /// <inheritdoc/>
    public Task<BridgeSnapshot> Take(SnapshotRequest request) => Task.FromResult(publisher.Take(request));

    /// <inheritdoc/>
    public long ReadEvents(Queue<BridgeEvent> events)
    {
        long missing = 0;
        while (publisher.Events.Next(ref _read, out long lost) is { } next)
        {
            missing += lost;
            events.Enqueue(next);
        }

        return missing;
    }

    /// <inheritdoc/>
    public Task<CommandOutcome> Do(WatcherCommand command) => commands.Do(command);
}
