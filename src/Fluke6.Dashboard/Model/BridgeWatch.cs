using System.Diagnostics;
using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Journal;
using Fluke6.Ports;

namespace Fluke6.Dashboard.Model;

/// <summary>Looks at the bridge every now and then. It only reads: the bridge does not know that it is watched.</summary>
internal sealed class BridgeWatch(Bridge bridge, IRuleControl rules, DashboardOptions options)
{
    /// <summary>How often to look.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>How many flows are read, and sorted, at the most.</summary>
    public const int MaxFlows = 1000;

    /// <summary>Why the program cannot be suspended.</summary>
    public const string SuspendText = "to suspend would stop the traffic, too; use another terminal";

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Traffic _left = new();
    private readonly Traffic _right = new();
    private readonly FlowSnapshot[] _flows = new FlowSnapshot[MaxFlows];
    private readonly Dictionary<string, (long Hits, long Time)> _lastHits = [];
    private readonly Dictionary<string, RuleTotals> _ruleZero = [];
    private bool _wasToSuspend;
    private Losses _leftZero;
    private Losses _rightZero;
    private (TimeSpan At, TimeSpan ProcessorTime) _lastLeftBehind;

    /// <summary>The bridge.</summary>
    public Bridge Bridge => bridge;

    /// <summary>Its rules.</summary>
    public IRuleControl Rules => rules;

    /// <summary>Facts that the bridge itself does not hold.</summary>
    public DashboardOptions Options => options;

    /// <summary>The events so far.</summary>
    public EventLog Log { get; } = new(options.Notices);

    /// <summary>Which flows are wanted, and how.</summary>
    public FlowQuery Query { get; } = new(bridge.RuleNames);

    /// <summary>The last look.</summary>
    public Snapshot Latest { get; private set; } = new(DateTime.UtcNow, default, Unknown(bridge.Left), Unknown(bridge.Right), [], [], 0, null, 0, default);

    /// <summary>Whether the bridge stopped, for whatever reason.</summary>
    public bool HasEnded => bridge.Completion.IsCompleted;

    /// <summary>Whether frames passed in the last few seconds.</summary>
    public bool HasTraffic => _left.IsFlowing || _right.IsFlowing;

    /// <summary>Somebody wanted this process to stop; from any thread.</summary>
    public void RefuseToSuspend() => Volatile.Write(ref _wasToSuspend, true);

    /// <summary>Looks.</summary>
    public void Poll()
    {
        if (Interlocked.Exchange(ref _wasToSuspend, false))
            Log.Add(SuspendText);
        TimeSpan uptime = Stopwatch.GetElapsedTime(_started);
        while (bridge.Journal.TryRead(out JournalNote note))
            Log.Add(note);

        _left.Add(uptime, bridge.Left.Counters.RxFrames, bridge.Left.Counters.RxBytes);
        _right.Add(uptime, bridge.Right.Counters.RxFrames, bridge.Right.Counters.RxBytes);
        Latest = new Snapshot(
            DateTime.UtcNow,
            uptime,
            Figures(bridge.Left, _left, _leftZero),
            Figures(bridge.Right, _right, _rightZero),
            [.. bridge.Chain.Entries.Select(Figures)],
            ReadFlows(),
            bridge.Flows?.Count ?? 0,
            bridge.Capture is { } capture ? CaptureFigures.Of(capture) : null,
            bridge.Journal.Dropped,
            LeftBehind(uptime))
        {
            KernelFrames = bridge.FastPath.Reason is null ? (bridge.Left.Counters.KernelFrames, bridge.Right.Counters.KernelFrames) : null,
        };
    }

    /// <summary>Counts rules' and ports' figures from now on. The bridge's own counters, and so its summary, are as they were.</summary>
    public void Zero()
    {
        foreach (RuleEntry rule in bridge.Chain.Entries)
            _ruleZero[rule.Name] = RuleTotals.Of(rule.Counters);
        _leftZero = Losses.Of(bridge.Left.Counters);
        _rightZero = Losses.Of(bridge.Right.Counters);
    }

    private static PortFigures Unknown(IPort port) => new(port.Specification, port.State, port.Offload, 0, 0, 0, 0, _ => "", 0, 0, 0);

    private static PortFigures Figures(IPort port, Traffic traffic, Losses zero)
    {
        Losses losses = Losses.Of(port.Counters);
        return new PortFigures(
            port.Specification, port.State, port.Offload, port.Counters.RxFrames, port.Counters.RxBytes, traffic.FrameRate, traffic.BitRate,
            traffic.Sparkline, losses.RxDropped - zero.RxDropped, losses.TxDropped - zero.TxDropped, losses.Errors - zero.Errors);
    }

    private LeftBehindFigures LeftBehind(TimeSpan now)
    {
        int threads = bridge.LeftBehind.Threads.Count;
        if (threads == 0)
            return default;

        TimeSpan time = bridge.LeftBehind.ProcessorTime();
        (TimeSpan at, TimeSpan before) = _lastLeftBehind;
        _lastLeftBehind = (now, time);
        // A thread that ended takes its time with it.
        return new LeftBehindFigures(threads, time < before || now <= at ? 0 : (time - before) / (now - at));
    }

    private RuleFigures Figures(RuleEntry rule, int index)
    {
        RuleTotals totals = RuleTotals.Of(rule.Counters);
        (long hits, long time) = _lastHits.GetValueOrDefault(rule.Name);
        if (totals.Hits != hits)
            _lastHits[rule.Name] = (totals.Hits, time = Stopwatch.GetTimestamp());
        return new RuleFigures(
            index + 1, rule.Name, rule.State, totals - _ruleZero.GetValueOrDefault(rule.Name), time == 0 ? null : Stopwatch.GetElapsedTime(time), rule);
    }

    private FlowSnapshot[] ReadFlows()
    {
        if (bridge.Flows is not { } table)
            return [];

        int count = table.Read(_flows, Query.Choice, Query.Filter);
        FlowSnapshot[] flows = _flows[..count];
        Query.Sort(flows);
        return flows;
    }

    private readonly record struct Losses(long RxDropped, long TxDropped, long Errors)
    {
        public static Losses Of(PortCounters counters) => new(counters.RxDropped, counters.TxDropped, counters.Errors);
    }
}
