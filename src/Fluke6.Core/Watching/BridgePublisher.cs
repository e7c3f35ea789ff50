using System.Diagnostics;
using Fluke6.Bridging;
using Fluke6.Captures;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Journal;
using Fluke6.Snapshots;

namespace Fluke6.Watching;

/// <summary>
/// Tells of a bridge: snapshots for whoever asks, events as they come. It alone reads the journal; nobody who looks on sees an object that
/// the bridge changes, waits for a lock, or is noticed by the bridge's thread.
/// </summary>
/// <param name="bridge">The bridge, or the replay.</param>
/// <param name="rules">Loads its rules; null where nobody does.</param>
internal sealed class BridgePublisher(IBridge bridge, IRuleControl? rules = null)
{
    /// <summary>How many events are kept for those who come later, and handshakes as well.</summary>
    public const int KeptEvents = 4096;

    /// <summary>How many flows a snapshot has at the most, of those that more than one watcher may ask for again and again.</summary>
    public const int MaxWatchedFlows = 1000;

    // However many notes come: whoever pumps has other things to do, too. All that a journal holds, and some that come meanwhile.
    private const int NotesBetweenLooks = 20_000;

    private static readonly TimeSpan s_sampleInterval = TimeSpan.FromMilliseconds(250);
    private static readonly Dictionary<string, DateTime> s_noHits = [];

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly TrafficMeter _left = new();
    private readonly TrafficMeter _right = new();
    private readonly Dictionary<string, long> _hits = new(StringComparer.Ordinal);
    private readonly List<BridgeEvent> _pumped = [];
    private volatile IReadOnlyDictionary<string, DateTime> _lastHits = s_noHits;
    private volatile ZeroRecord? _zero;
    private TimeSpan _nextSample;

    /// <summary>The last events, handshakes left out.</summary>
    public EventLog Events { get; } = new(KeptEvents);

    /// <summary>The last handshakes.</summary>
    public EventLog Handshakes { get; } = new(KeptEvents);

    /// <summary>Lines that standard output and standard error did not take.</summary>
    public Func<(long Output, long Error)> LinesLost { get; init; } = () => default;

    /// <summary>The program's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The control socket; null if there is none.</summary>
    public string? Control { get; init; }

    /// <summary>Which events were pumped, in their order, since this was asked last: for the one who pumps.</summary>
    public IReadOnlyList<BridgeEvent> Pump()
    {
        _pumped.Clear();
        for (int i = 0; i < NotesBetweenLooks && bridge.Journal.TryRead(out JournalNote note); i++)
            _pumped.Add(Publish(note));
        TimeSpan now = Stopwatch.GetElapsedTime(_began);
        if (now >= _nextSample)
            Sample(now);
        return _pumped;
    }

    /// <summary>Makes an event of what the journal said. For the one who pumps.</summary>
    public BridgeEvent Publish(JournalNote note) =>
        (note is HandshakeNote ? Handshakes : Events).Add(EventOfNote.Of(note, bridge.Services.RuleNames));

    /// <summary>The part that does not change from now on. Any thread.</summary>
    public ReadyRecord Ready() => new()
    {
        Left = bridge.Left.Specification,
        Right = bridge.Right.Specification,
        FastPath = bridge.FastPath is { } path ? path.Reason is null : null,
        FastPathReason = bridge.FastPath?.Reason,
        FastPathPossible = bridge.FastPath?.IsPossible ?? false,
        Version = Version,
        Process = Environment.ProcessId,
        Started = DateTime.UtcNow - Stopwatch.GetElapsedTime(_began),
        OnFault = bridge.OnFault.InJson(),
        FlowCapacity = bridge.Flows?.Capacity ?? 0,
        Control = Control,
        Rules = [.. bridge.Chain.Entries.Select(rule => rule.Name)],
        Ethernet = bridge.Left.LinkType == Frames.LinkType.Ethernet,
    };

    /// <summary>The figures now. Any thread.</summary>
    public BridgeSnapshot Take(SnapshotRequest request)
    {
        RuleNames names = bridge.Services.RuleNames;
        IReadOnlyList<LeftBehindThread> leftBehind = bridge.Services.LeftBehind.Threads;
        IReadOnlyDictionary<string, DateTime> lastHits = _lastHits;
        (long output, long error) = LinesLost();
        FlowTable? flows = bridge.Flows;
        IReadOnlyList<CaptureFile> captures = bridge.Captures;
        return new BridgeSnapshot
        {
            Sequence = Events.Last,
            Time = bridge.Now.UtcDateTime,
            Uptime = Math.Round(Stopwatch.GetElapsedTime(_began).TotalSeconds, 3),
            Ports = Ports(request.History),
            Rules = [.. bridge.Chain.Entries.Select(rule => RecordOfRule.Of(
                rule, bridge.Journal, leftBehind, rules, lastHits.TryGetValue(rule.Name, out DateTime hit) ? hit : null))],
            Flows = flows?.Count ?? 0,
            FlowsSeen = flows?.Created ?? 0,
            FlowsEvicted = flows?.Evicted ?? 0,
            FlowTable = flows is null || request.Flows <= 0 ? null : Table(flows, request, names),
            FlowAsked = request.Flow,
            Flow = flows is null || request.Flow is null ? null : One(flows, request.Flow, names),
            Layers = request.Layers.Count == 0 ? null
                : [.. request.Layers.SelectMany(layer => layer == SnapshotRequest.AnyLayer ? SeenLayers.Names : [layer]).Select(Layer)],
            Neighbors = request.Neighbors <= 0 || bridge.Neighbors is not { } neighbors ? null : RecordOfNeighbors.Of(neighbors, request.Neighbors),
            Summary = request.Summary && flows is { Created: > 0 } ? RecordOfSummary.Of(flows) : null,
            Capture = bridge.LastCapture is { } capture ? Of(capture, captures.Contains(capture)) : null,
            Captures = captures.Count < 2 ? null : [.. captures.Select(one => Of(one, running: true))],
            Zero = _zero,
            FastPath = bridge.FastPath is { } path ? path.Reason is null : null,
            ThreadsLeftBehind = leftBehind.Count,
            ThreadsEverLeftBehind = bridge.Services.LeftBehind.Total,
            SecondsLeftBehind = Math.Round(bridge.Services.LeftBehind.ProcessorTime().TotalSeconds, 3),
            NotesLost = bridge.Journal.Dropped,
            LinesLost = output,
            ErrorLinesLost = error,
        };
    }

    /// <summary>Why a filter's words mean nothing, in a line; null if they mean something. Any thread.</summary>
    public string? Misread(string filter)
    {
        try
        {
            _ = new FlowFilterText(filter, bridge.Services.RuleNames);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Has those who look on count from now on. The figures themselves, and so the summary, go on. Any thread.</summary>
    public void Zero()
    {
        BridgeSnapshot now = Take(SnapshotRequest.FiguresAlone);
        _zero = new ZeroRecord { Time = now.Time, Ports = now.Ports, Rules = [.. now.Rules.Select(rule => rule.Totals)] };
    }

    private static CaptureStatus Of(CaptureFile capture, bool running) => new()
    {
        File = capture.Path,
        Running = running,
        Packets = capture.Written,
        Octets = capture.Bytes,
        Lost = capture.Lost,
        Error = capture.Failure,
        Started = capture.Started,
    };

    private PortsRecord Ports(bool history) => new()
    {
        Left = RecordOfPort.Of(bridge.Left, _left.Latest, history),
        Right = RecordOfPort.Of(bridge.Right, _right.Latest, history),
    };

    private FlowRecord[] Table(FlowTable table, SnapshotRequest request, RuleNames names)
    {
        FlowOrder order = Enum.TryParse(request.Order, ignoreCase: true, out FlowOrder asked) ? asked : FlowOrder.Recent;
        var flows = new FlowSnapshot[Math.Min(request.Flows, table.Count)];
        var records = new FlowRecord[table.Read(flows, order, Filter(request.Filter, names))];
        ILookup<FlowKey, FrameChange>? changes = request.Changes ? bridge.Changes!.Read(ulong.MaxValue).ToLookup(change => change.Flow) : null;
        for (int i = 0; i < records.Length; i++)
        {
            FlowSnapshot flow = flows[i];
            records[i] = RecordOfFlow.Of(
                flow, names, request.Ledgers ? Ledger(table, flow) : null, changes is null ? null : RecordOfFlow.Changes(changes[flow.Key], names));
        }

        return records;
    }

    // Whoever typed it was told; a watcher whose words mean nothing here sees all.
    private static FlowFilter? Filter(string text, RuleNames names)
    {
        try
        {
            return text.Length == 0 ? null : RecordOfFlow.Filter(new FlowFilterText(text, names), names);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private FlowRecord? One(FlowTable table, string id, RuleNames names) => RecordOfFlow.TryFind(table, id, out FlowSnapshot flow)
        ? RecordOfFlow.Of(
            flow, names, Ledger(table, flow),
            RecordOfFlow.Changes(bridge.Changes!.Read(flow.Rules).Where(change => change.Flow == flow.Key), names))
        : null;

    private static LedgerRecord? Ledger(FlowTable table, in FlowSnapshot flow) =>
        table.TryGetLedger(flow, out TcpLedger ledger) ? RecordOfFlow.Of(ledger) : null;

    private LayerRecord Layer(string asked)
    {
        string[] words = asked.Split(' ', 2);
        string argument = words.Length > 1 ? words[1] : "";
        SeenLayer seen = bridge.Flows is { } flows ? new SeenLayers(bridge, flows).Find(words[0], argument) : default;
        return new LayerRecord(words[0], argument, seen.Has, seen.By);
    }

    // Rates and the times of hits are found by looking: the bridge's thread only counts.
    private void Sample(TimeSpan now)
    {
        _nextSample = now + s_sampleInterval;
        _left.Add(now, bridge.Left.Counters.RxFrames, bridge.Left.Counters.RxBytes);
        _right.Add(now, bridge.Right.Counters.RxFrames, bridge.Right.Counters.RxBytes);
        Dictionary<string, DateTime>? changed = null;
        foreach (RuleEntry rule in bridge.Chain.Entries)
        {
            long hits = rule.Counters.Hits;
            if (hits == _hits.GetValueOrDefault(rule.Name))
                continue;

            _hits[rule.Name] = hits;
            (changed ??= new Dictionary<string, DateTime>(_lastHits, StringComparer.Ordinal))[rule.Name] = bridge.Now.UtcDateTime;
        }

        if (changed is not null)
            _lastHits = changed;
    }
}
