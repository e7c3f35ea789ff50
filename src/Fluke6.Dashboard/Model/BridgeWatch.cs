using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Model;

/// <summary>What the screen knows of a bridge: the last snapshot, and the lines of its log. The bridge does not know that it is watched.</summary>
internal sealed class BridgeWatch(IWatchedBridge bridge, DashboardOptions options)
{
    /// <summary>How often to look.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>How many flows are read, and sorted, at the most.</summary>
    public const int MaxFlows = 1000;

    // All that a bridge keeps.
    private const int MaxNeighbors = 1344;

    private readonly Queue<BridgeEvent> _events = [];
    private bool _wasToSuspend;
    private string? _trouble;

    /// <summary>The bridge.</summary>
    public IWatchedBridge Bridge => bridge;

    /// <summary>Facts that the bridge itself does not hold.</summary>
    public DashboardOptions Options => options;

    /// <summary>The events so far.</summary>
    public LogLines Log { get; } = new(options.Notices);

    /// <summary>Which flows are wanted, and how.</summary>
    public FlowQuery Query { get; } = new();

    /// <summary>What is wanted beside the panes' figures: what a detail shows.</summary>
    public SnapshotRequest DetailWants { get; set; } = SnapshotRequest.FiguresAlone;

    /// <summary>The last look.</summary>
    public BridgeSnapshot Latest { get; private set; } = BridgeSnapshot.Empty;

    /// <summary>Whether the bridge stopped, for whatever reason.</summary>
    public bool HasEnded => bridge.HasEnded;

    /// <summary>Whether flows are kept at all.</summary>
    public bool KeepsFlows => bridge.Ready.FlowCapacity > 0;

    /// <summary>Whether frames passed in the last few seconds.</summary>
    public bool HasTraffic => Latest.Ports.Left.Flowing || Latest.Ports.Right.Flowing;

    /// <summary>Why the program cannot be suspended.</summary>
    public string SuspendText =>
        bridge.EndsWithWatcher ? "to suspend would stop the traffic, too; use another terminal" : "q leaves; the bridge goes on without";

    private SnapshotRequest Wanted => DetailWants with
    {
        Flows = MaxFlows,
        Order = Query.Choice,
        Filter = Query.FilterText,
        History = true,
    };

    /// <summary>Somebody wanted this process to stop; from any thread.</summary>
    public void RefuseToSuspend() => Volatile.Write(ref _wasToSuspend, true);

    /// <summary>Looks.</summary>
    public void Poll()
    {
        if (Interlocked.Exchange(ref _wasToSuspend, false))
            Log.Add(SuspendText);
        if (bridge.Trouble != _trouble)
            Log.Add((_trouble = bridge.Trouble) ?? "connected again");

        Log.Miss(bridge.ReadEvents(_events));
        // One that cannot be shown is told of once, and those after it are shown.
        while (_events.TryDequeue(out BridgeEvent? happened))
            Log.Add(happened);
        Latest = bridge.Look(Wanted);
    }

    /// <summary>The figures now, with all that any detail could show: for a view that is to stand still.</summary>
    public Task<BridgeSnapshot> TakeAll() => bridge.Take(Wanted with
    {
        Ledgers = true,
        Changes = true,
        Neighbors = MaxNeighbors,
        Layers = [SnapshotRequest.AnyLayer, .. DetailWants.Layers],
    });
}
