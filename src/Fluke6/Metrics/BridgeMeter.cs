using System.Diagnostics.Metrics;
using Fluke6.Bridging;
using Fluke6.Captures;
using Fluke6.Command.Streams;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Ports;
using Fluke6.Watching;

namespace Fluke6.Command.Metrics;

/// <summary>
/// The meter "Fluke6": what the bridge counts, as System.Diagnostics.Metrics has it. Each instrument is asked when somebody collects, on
/// that one's
/// thread, and reads the same numbers as reports do. Labels are the side, the rule and the reason: there are never more than of these.
/// </summary>
internal sealed class BridgeMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Fluke6";

    private const string Frames = "{frame}", Bytes = "By", Seconds = "s";
    private readonly IBridge _bridge;

    /// <summary>A meter of a bridge.</summary>
    /// <param name="bridge">The bridge.</param>
    public BridgeMeter(IBridge bridge)
    {
        _bridge = bridge;
        Meter = new Meter(Name, typeof(BridgeMeter).Assembly.GetName().Version?.ToString(3));
        AddPorts();
        AddRules();
        AddRest();
    }

    /// <summary>The meter.</summary>
    public Meter Meter { get; }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);

    private static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private void AddPorts()
    {
        Port("received.frames", Frames, "Frames that arrived, those that the kernel forwarded by itself included", counters =>
            counters.RxFrames);
        Port("received.bytes", Bytes, "Their bytes", counters => counters.RxBytes);
        Port("sent.frames", Frames, "Frames that left, those that the kernel forwarded by itself included", counters => counters.TxFrames);
        Port("sent.bytes", Bytes, "Their bytes", counters => counters.TxBytes);
        Port("kernel.frames", Frames, "Frames that arrived and that the kernel forwarded by itself (fast path)", counters =>
            counters.KernelFrames);
        Port("kernel.bytes", Bytes, "Their bytes", counters => counters.KernelBytes);
        Port("not_understood.frames", Frames, "Frames that passed unchanged since no one understands them", counters =>
            counters.NotUnderstood);
        Losses("receive.lost.frames", "Frames that arrived and never reached the bridge, by reason", LossCounts.ReceivingOf);
        Losses("send.dropped.frames", "Frames that the kernel did not take, by errno", LossCounts.SendingOf);
        Losses("errors", "System calls that failed, by errno", LossCounts.ErrorsOf, "{error}");
        Meter.CreateObservableGauge("fluke6.port.up", () => Ports().Select(port => new Measurement<int>(port.Port.State == PortState.Up
            ? 1 : 0, port.Side)),
            unit: null, "Whether frames can pass the port");
    }

    private void AddRules()
    {
        Rule("seen.frames", Frames, "Frames that came to the rule", counters => counters.Seen);
        Rule("guard_matched.frames", Frames, "Frames that its guard held for; of a rule without a guard 0", counters =>
            counters.GuardMatched);
        Rule("hits", Frames, "Frames that it changed, decided about, sent something for or marked", counters => counters.Hits);
        Rule("rewritten.frames", Frames, "Frames that it changed", counters => counters.Rewritten);
        Rule("dropped.frames", Frames, "Frames that it dropped", counters => counters.Dropped);
        Rule("sent.frames", Frames, "Frames that it sent by itself, answers included", counters => counters.Sent);
        Rule("held.frames", Frames, "Frames that it held", counters => counters.Held);
        Rule("hold_refused.frames", Frames, "Frames that it wanted to hold and there was no room for", counters => counters.HoldRefused);
        Rule("faults", "{fault}", "Exceptions and overruns", counters => counters.Faults);
        Rule("measured.frames", Frames, "Frames for which its time was measured", counters => counters.Timed);
        Meter.CreateObservableCounter("fluke6.rule.measured.time", () => Rules(rule =>
            rule.Counters.MeanNanoseconds * rule.Counters.Timed / 1e9),
            Seconds, "Time that it took for those");
        Meter.CreateObservableCounter("fluke6.rule.skipped.lines", () => Rules(rule => _bridge.Journal.LinesSkipped(rule.Name)),
            "{line}", "Lines of its log that were not shown, since it logs too much");
        Meter.CreateObservableGauge("fluke6.rule.holding.frames", () => Rules(rule => rule.Counters.Holding), Frames,
            "Frames that it holds now");
        Meter.CreateObservableGauge("fluke6.rule.state", States, unit: null, "1 for the state that the rule is in, 0 for the others");
    }

    private void AddRest()
    {
        Meter.CreateObservableGauge("fluke6.bridge.info", () => new Measurement<int>(1, Label("left", _bridge.Left.Specification),
            Label("right", _bridge.Right.Specification), Label("version", Meter.Version ?? "")), unit: null, "1; which bridge this is");
        Meter.CreateObservableGauge("fluke6.fast_path", () => _bridge.FastPath is { Reason: null } ? 1 : 0, unit: null,
            "Whether the kernel forwards what no rule asks for");
        Meter.CreateObservableGauge("fluke6.flows", () => _bridge.Flows is { } flows ? Some((long)flows.Count) : [], "{flow}",
            "Flows that figures are kept of");
        Flows("seen", "Flows that were seen so far", flows => flows.Created);
        Flows("evicted", "Flows whose figures gave way to newer ones", flows => flows.Evicted);
        Capture("packets", "{packet}", "Packets that the last capture holds", capture => capture.Written);
        Capture("lost.packets", "{packet}", "Packets that it lacks, since they came faster than they were written", capture =>
            capture.Lost);
        Meter.CreateObservableCounter("fluke6.notes.lost", () => _bridge.Journal.Dropped, "{note}",
            "Events and log lines that nobody read in time");
        Meter.CreateObservableCounter("fluke6.output.lost.lines",
            () => (Measurement<long>[])[new(StandardStreams.Output.LinesLost, Label("stream", "output")),
                new(StandardStreams.Error.LinesLost, Label("stream", "error"))],
            "{line}", "Lines that standard output and standard error did not take");
        Meter.CreateObservableGauge("fluke6.left_behind.threads", () => _bridge.Services.LeftBehind.Threads.Count, "{thread}",
            "Threads that rules did not give back");
        Meter.CreateObservableCounter("fluke6.left_behind.time", () => _bridge.Services.LeftBehind.ProcessorTime().TotalSeconds, Seconds,
            "Processor time that they took");
    }

    private void Port(string name, string unit, string description, Func<PortCounters, long> read) => Meter.CreateObservableCounter(
        $"fluke6.port.{name}", () => Ports().Select(port => new Measurement<long>(read(port.Port.Counters), port.Side)), unit, description);

    private void Losses(string name, string description, Func<IPort, Dictionary<string, long>> read,
        string unit = Frames) =>
        Meter.CreateObservableCounter($"fluke6.port.{name}", () => Ports().SelectMany(
            port => read(port.Port), (port, loss) => new Measurement<long>(loss.Value, port.Side, Label("reason", loss.Key))),
                unit, description);

    private void Rule(string name, string unit, string description, Func<RuleCounters, long> read) =>
        Meter.CreateObservableCounter($"fluke6.rule.{name}", () => Rules(rule => read(rule.Counters)), unit, description);

    private void Flows(string name, string description, Func<FlowTable, long> read) =>
        Meter.CreateObservableCounter($"fluke6.flows.{name}", () => _bridge.Flows is { } flows ? Some(read(flows)) : [], "{flow}",
            description);

    // Of the next capture they begin at 0 again.
    private void Capture(string name, string unit, string description, Func<CaptureFile, long> read) =>
        Meter.CreateObservableCounter($"fluke6.capture.{name}", () => _bridge.LastCapture is { } capture ? Some(read(capture)) : [], unit,
            description);

    private static IEnumerable<Measurement<long>> Some(long value) => [new(value)];

    private IEnumerable<(IPort Port, KeyValuePair<string, object?> Side)> Ports() => [(_bridge.Left, Label("side", "left")),
        (_bridge.Right, Label("side", "right"))];

    private IEnumerable<Measurement<T>> Rules<T>(Func<RuleEntry, T> read)
        where T : struct => _bridge.Chain.Entries.Select(rule => new Measurement<T>(read(rule), Label("rule", rule.Name)));

    private IEnumerable<Measurement<int>> States() =>
        from rule in _bridge.Chain.Entries
        from state in Enum.GetValues<RuleState>()
        select new Measurement<int>(rule.State == state ? 1 : 0, Label("rule", rule.Name), Label("state", NameOf(state)));
}
