using System.Buffers;
using System.Text.Json;
using Fluke6.Bridging;
using Fluke6.Captures;
using Fluke6.Command.Streams;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Journal;
using Fluke6.Ports;

namespace Fluke6.Command.Reports;

/// <summary>One JSON object a line on standard output, and nothing else there.</summary>
/// <param name="output">Where to.</param>
/// <param name="flows">How many flows stand in each stats object; without any, it has no table of flows.</param>
internal sealed class JsonReport(StandardStream output, int flows) : IReport
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly FlowSnapshot[] _flows = new FlowSnapshot[flows];
    private RuleNames? _names;

    /// <inheritdoc/>
    public void Ready(IBridge bridge)
    {
        _names = bridge.Services.RuleNames;
        Write("ready", json =>
        {
            json.WriteString("left", bridge.Left.Specification);
            json.WriteString("right", bridge.Right.Specification);
            if (bridge.FastPath is not { } path)
                return;

            json.WriteBoolean("fastPath", path.Reason is null);
            json.WriteString("fastPathReason", path.Reason);
        });
    }

    /// <inheritdoc/>
    public void Note(JournalNote note)
    {
        switch (note)
        {
            case LogNote log:
                Write("log", json =>
                {
                    json.WriteString("rule", log.Rule);
                    json.WriteString("message", log.Message);
                });
                break;

            case FaultNote { Fault: var fault }:
                Write("fault", json =>
                {
                    json.WriteString("rule", fault.Rule);
                    json.WriteString("message", fault.Message);
                    json.WriteString("at", fault.At);
                    json.WriteBoolean("bypassed", fault.Bypassed);
                });
                break;

            case ReloadNote reload:
                Write("reload", json =>
                {
                    json.WriteString("rule", reload.Rule);
                    json.WriteBoolean("ok", reload.Ok);
                    if (reload.Ok)
                        json.WriteNumber("milliseconds", Math.Round(reload.Milliseconds, 1));
                    else
                        WriteStrings(json, "diagnostics", reload.Diagnostics);
                });
                break;

            case HandshakeNote handshake:
                Write("handshake", json => FlowJson.WriteHandshake(json, handshake, _names!));
                break;

            case CaptureNote capture:
                Write("capture", json =>
                {
                    json.WriteString("file", capture.Path);
                    json.WriteBoolean("ok", false);
                    json.WriteString("error", capture.Error);
                });
                break;

            case LoopNote loop:
                Write("loop", json =>
                {
                    json.WriteString("time", loop.Time.UtcDateTime);
                    json.WriteNumber("frames", loop.Frames);
                    json.WriteString("message", $"{loop}");
                });
                break;

            case RestartNote restart:
                Write("restart", json =>
                {
                    json.WriteString("reason", restart.Reason);
                    json.WriteString("rule", restart.Rule);
                    json.WriteString("at", restart.At);
                    json.WriteNumber("secondsOut", Math.Round(restart.Outage.TotalSeconds, 3));
                    json.WriteNumber("restarts", restart.Restarts);
                });
                break;

            case PortNote port:
                Write("port", json =>
                {
                    json.WriteString("time", port.Time.UtcDateTime);
                    json.WriteString("port", NameOf(port.Side));
                    json.WriteString("name", port.Name);
                    json.WriteString("state", NameOf(port.State));
                });
                break;

            case LossNote loss:
                Write("loss", json =>
                {
                    json.WriteString("time", loss.Time.UtcDateTime);
                    json.WriteString("port", NameOf(loss.Side));
                    json.WriteString("name", loss.Name);
                    json.WriteString("counter", loss.Direction == "rx" ? "rxDropped" : "txDropped");
                    json.WriteString("reason", loss.Reason);
                    json.WriteNumber("frames", loss.Frames);
                    json.WriteString("message", $"{loss}");
                });
                break;

            case SkippedNote skipped:
                Write("skipped", json =>
                {
                    json.WriteString("rule", skipped.Rule);
                    json.WriteNumber("lines", skipped.Lines);
                });
                break;
        }
    }

    /// <inheritdoc/>
    public void Statistics(IBridge bridge) => Write("stats", json =>
    {
        json.WriteString("time", bridge.Now.UtcDateTime);
        json.WriteStartObject("ports");
        WritePort(json, "left", bridge.Left);
        WritePort(json, "right", bridge.Right);
        json.WriteEndObject();
        json.WriteStartArray("rules");
        foreach (RuleEntry rule in bridge.Chain.Entries)
            WriteRule(json, rule, bridge.Journal);
        json.WriteEndArray();
        json.WriteNumber("flows", bridge.Flows?.Count ?? 0);
        json.WriteNumber("flowsSeen", bridge.Flows?.Created ?? 0);
        json.WriteNumber("flowsEvicted", bridge.Flows?.Evicted ?? 0);
        if (bridge.Flows is { } table && _flows.Length > 0)
            FlowJson.WriteTable(json, table, _flows.AsSpan(0, table.Read(_flows)), bridge.Services.RuleNames);
        if (bridge.Neighbors is { } neighbors)
            NeighborJson.Write(json, neighbors);
        if (bridge.LastCapture is { } capture)
            WriteCapture(json, capture, bridge.Capture == capture);
        json.WriteNumber("threadsLeftBehind", bridge.Services.LeftBehind.Threads.Count);
        json.WriteNumber("secondsLeftBehind", Math.Round(bridge.Services.LeftBehind.ProcessorTime().TotalSeconds, 3));
        json.WriteNumber("notesLost", bridge.Journal.Dropped);
        json.WriteNumber("linesLost", output.LinesLost);
        json.WriteNumber("errorLinesLost", StandardStreams.Error.LinesLost);
    });

    /// <inheritdoc/>
    public void End(IBridge bridge) => Statistics(bridge);

    private static void WritePort(Utf8JsonWriter json, string side, IPort port)
    {
        PortCounters counters = port.Counters;
        json.WriteStartObject(side);
        json.WriteString("name", port.Name);
        json.WriteNumber("rxFrames", counters.RxFrames);
        json.WriteNumber("rxBytes", counters.RxBytes);
        json.WriteNumber("kernelFrames", counters.KernelFrames);
        json.WriteNumber("kernelBytes", counters.KernelBytes);
        json.WriteNumber("txFrames", counters.TxFrames);
        json.WriteNumber("txBytes", counters.TxBytes);
        json.WriteNumber("txDropped", counters.TxDropped);
        json.WriteNumber("rxDropped", counters.RxDropped);
        json.WriteNumber("errors", counters.Errors);
        json.WriteString("state", NameOf(port.State));
        json.WriteNumber("notUnderstood", counters.NotUnderstood);
        WriteCounts(json, "errorsByErrno", LossCounts.ErrorsOf(counters));
        WriteCounts(json, "txDroppedByErrno", LossCounts.SendingOf(counters));
        WriteCounts(json, "rxDroppedByReason", LossCounts.ReceivingOf(counters));
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, IEnumerable<(string Name, long Count)> counts)
    {
        json.WriteStartObject(name);
        foreach ((string key, long count) in counts)
            json.WriteNumber(key, count);
        json.WriteEndObject();
    }

    private static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static void WriteRule(Utf8JsonWriter json, RuleEntry rule, BridgeJournal journal)
    {
        json.WriteStartObject();
        json.WriteString("name", rule.Name);
        json.WriteString("state", NameOf(rule.State));
        // Of one that is out: a fault that a rule survived has an object of its own.
        json.WriteString("reason", rule.State is RuleState.Disabled or RuleState.Bypassed ? rule.LastFault?.Message : null);
        json.WriteString("guard", rule.Guard?.ToString());
        json.WriteNumber("seen", rule.Counters.Seen);
        if (rule.Guard is null)
            json.WriteNull("guardMatched");
        else
            json.WriteNumber("guardMatched", rule.Counters.GuardMatched);
        json.WriteNumber("hits", rule.Counters.Hits);
        json.WriteNumber("rewritten", rule.Counters.Rewritten);
        json.WriteNumber("dropped", rule.Counters.Dropped);
        json.WriteNumber("sent", rule.Counters.Sent);
        json.WriteNumber("faults", rule.Counters.Faults);
        if (rule.Counters.Timed > 0)
            json.WriteNumber("meanNanoseconds", Math.Round(rule.Counters.MeanNanoseconds, 1));
        else
            json.WriteNull("meanNanoseconds");
        json.WriteNumber("held", rule.Counters.Held);
        json.WriteNumber("holding", rule.Counters.Holding);
        json.WriteNumber("holdRefused", rule.Counters.HoldRefused);
        json.WriteNumber("releasedEarly", rule.Counters.ReleasedEarly);
        json.WriteNumber("linesSkipped", journal.LinesSkipped(rule.Name));
        ImpairmentJson.Write(json, rule);
        json.WriteEndObject();
    }

    private static void WriteCapture(Utf8JsonWriter json, CaptureFile capture, bool running)
    {
        json.WriteStartObject("capture");
        json.WriteString("file", capture.Path);
        json.WriteBoolean("running", running);
        json.WriteNumber("packets", capture.Written);
        json.WriteNumber("octets", capture.Bytes);
        json.WriteNumber("lost", capture.Lost);
        json.WriteString("error", capture.Failure);
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private void Write(string type, Action<Utf8JsonWriter> body)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            body(json);
            json.WriteEndObject();
        }

        _line.Write("\n"u8);
        output.Write(_line.WrittenSpan);
    }
}
