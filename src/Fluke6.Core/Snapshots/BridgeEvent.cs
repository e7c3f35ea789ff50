using System.Text.Json.Serialization;

namespace Fluke6.Snapshots;

/// <summary>
/// Something that happened on the bridge: plain data, a line of <c>--stats json</c> and of the control socket. A kind that this version does not know is
/// read as one of this base type.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(LogEvent), "log")]
[JsonDerivedType(typeof(SkippedEvent), "skipped")]
[JsonDerivedType(typeof(FaultEvent), "fault")]
[JsonDerivedType(typeof(ReloadEvent), "reload")]
[JsonDerivedType(typeof(HandshakeEvent), "handshake")]
[JsonDerivedType(typeof(CaptureEvent), "capture")]
[JsonDerivedType(typeof(LoopEvent), "loop")]
[JsonDerivedType(typeof(RestartEvent), "restart")]
[JsonDerivedType(typeof(PortEvent), "port")]
[JsonDerivedType(typeof(LossEvent), "loss")]
internal record BridgeEvent
{
    /// <summary>Its number, from 1. Handshakes, which may be many, have numbers of their own.</summary>
    [JsonPropertyOrder(-2)]
    public long Sequence { get; init; }

    /// <summary>When, in UTC.</summary>
    [JsonPropertyOrder(-1)]
    public DateTime Time { get; init; }
}

/// <summary>A rule logged a line.</summary>
internal sealed record LogEvent : BridgeEvent
{
    /// <summary>The rule.</summary>
    public string Rule { get => field ?? ""; init; }

    /// <summary>Its text.</summary>
    public string Message { get => field ?? ""; init; }
}

/// <summary>Lines of a rule's log are missing, since it logs more than it may.</summary>
internal sealed record SkippedEvent : BridgeEvent
{
    /// <summary>The rule.</summary>
    public string Rule { get => field ?? ""; init; }

    /// <summary>How many, since this was said last.</summary>
    public long Lines { get; init; }

    /// <summary>The same in a sentence.</summary>
    public string Message { get => field ?? ""; init; }
}

/// <summary>A rule threw or did not return.</summary>
internal sealed record FaultEvent : BridgeEvent
{
    /// <summary>The rule.</summary>
    public string Rule { get => field ?? ""; init; }

    /// <summary>The exception's type and message, or that the rule did not return.</summary>
    public string Message { get => field ?? ""; init; }

    /// <summary>File and line in the script; null if not known.</summary>
    public string? At { get; init; }

    /// <summary>Whether the rule was taken out because of it.</summary>
    public bool Bypassed { get; init; }
}

/// <summary>A rule's file is new or changed and was loaded, or could not be.</summary>
internal sealed record ReloadEvent : BridgeEvent
{
    /// <summary>The rule.</summary>
    public string Rule { get => field ?? ""; init; }

    /// <summary>Whether the file's version now runs.</summary>
    public bool Ok { get; init; }

    /// <summary>From the file's change until this; null where it does not run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Milliseconds { get; init; }

    /// <summary>The problems, one line each; null where it runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Diagnostics { get; init; }

    /// <summary>Whether a version of the rule ran before.</summary>
    public bool HadVersion { get; init; }
}

/// <summary>A TCP handshake was completed.</summary>
internal sealed record HandshakeEvent : BridgeEvent
{
    /// <summary>The client.</summary>
    [JsonConverter(typeof(FlowEndpointConverter))]
    public Frames.FlowEndpoint Source { get; init; }

    /// <summary>The server.</summary>
    [JsonConverter(typeof(FlowEndpointConverter))]
    public Frames.FlowEndpoint Destination { get; init; }

    /// <summary>The VLAN tags' identifiers, the outer one first.</summary>
    public IReadOnlyList<int> Vlans { get => field ?? []; init; }

    /// <summary>The rules that hit the connection so far.</summary>
    public IReadOnlyList<string> Rules { get => field ?? []; init; }

    /// <summary>As in <see cref="LedgerRecord.Syn"/>.</summary>
    public OfferPair Syn { get => field ?? new OfferPair(); init; }

    /// <summary>As in <see cref="LedgerRecord.SynAck"/>.</summary>
    public OfferPair SynAck { get => field ?? new OfferPair(); init; }

    /// <summary>As in <see cref="LedgerRecord.InForce"/>.</summary>
    public InForceRecord InForce { get => field ?? new InForceRecord(); init; }

    /// <summary>As in <see cref="LedgerRecord.OneSided"/>.</summary>
    public IReadOnlyList<string> OneSided { get => field ?? []; init; }

    /// <summary>As in <see cref="LedgerRecord.EndsDisagree"/>.</summary>
    public IReadOnlyList<string> EndsDisagree { get => field ?? []; init; }
}

/// <summary>A capture ended before it was told to.</summary>
internal sealed record CaptureEvent : BridgeEvent
{
    /// <summary>Its file.</summary>
    public string File { get => field ?? ""; init; }

    /// <summary>Whether it came to its limit; false if it could not be written.</summary>
    public bool Ok { get; init; }

    /// <summary>Why it could not be written, such as a full disk; empty at its limit.</summary>
    public string Error { get => field ?? ""; init; }

    /// <summary>The same in a sentence.</summary>
    public string Message { get => field ?? ""; init; }
}

/// <summary>Frames that the bridge sent come back, or have ceased to.</summary>
internal sealed record LoopEvent : BridgeEvent
{
    /// <summary>How many came back within a second; 0 at the end.</summary>
    public int Frames { get; init; }

    /// <summary>The meaning, and the remedy, in a sentence.</summary>
    public string Message { get => field ?? ""; init; }
}

/// <summary>The bridge began where one before it had ended by itself.</summary>
internal sealed record RestartEvent : BridgeEvent
{
    /// <summary>How that one ended.</summary>
    public string Reason { get => field ?? ""; init; }

    /// <summary>The rule that it ended in; null if it is not known.</summary>
    public string? Rule { get; init; }

    /// <summary>The line that the rule was at; null if it is not known.</summary>
    public string? At { get; init; }

    /// <summary>For how many seconds no frame was forwarded.</summary>
    public double SecondsOut { get; init; }

    /// <summary>How many bridges there were before.</summary>
    public int Restarts { get; init; }

    /// <summary>The same in a sentence.</summary>
    public string Message { get => field ?? ""; init; }
}

/// <summary>A port went down, vanished or came back.</summary>
internal sealed record PortEvent : BridgeEvent
{
    /// <summary>Which: <c>left</c> or <c>right</c>.</summary>
    public string Port { get => field ?? ""; init; }

    /// <summary>The interface's name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>As in <see cref="PortRecord.State"/>.</summary>
    public string State { get => field ?? ""; init; }

    /// <summary>The event, in a sentence.</summary>
    [JsonIgnore]
    public string Message => State switch
    {
        PortRecord.Up => $"{Port} port {Name} is up",
        "down" => $"{Port} port {Name} is down; frames pass again once it is set up",
        _ => $"{Port} port {Name} is gone; frames pass again once it is back",
    };
}

/// <summary>Frames were lost at a port for a reason that was not told before.</summary>
internal sealed record LossEvent : BridgeEvent
{
    /// <summary>Which: <c>left</c> or <c>right</c>.</summary>
    public string Port { get => field ?? ""; init; }

    /// <summary>The interface's name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The counter that has them: <c>rxDropped</c> or <c>txDropped</c>.</summary>
    public string Counter { get => field ?? ""; init; }

    /// <summary>The reason, as in that counter's parts.</summary>
    public string Reason { get => field ?? ""; init; }

    /// <summary>How many so far.</summary>
    public long Frames { get; init; }

    /// <summary>Why, and what to type against it.</summary>
    public string Message { get => field ?? ""; init; }
}
