using System.Text.Json.Serialization;
using Fluke6.Snapshots;

namespace Fluke6.Command.Control;

/// <summary>A line that a client writes.</summary>
internal sealed record ControlRequest
{
    /// <summary>Names of commands beside those of <see cref="WatcherCommand"/>: what to be sent from now on, and the figures once.</summary>
    public const string Watch = "watch", Snapshot = "snapshot";

    /// <summary>A number of the client's own, which the reply repeats.</summary>
    public long Id { get; init; }

    /// <summary>What to do.</summary>
    public string Command { get => field ?? ""; init; }

    /// <summary>As in <see cref="WatcherCommand.Rule"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Rule { get; init; }

    /// <summary>As in <see cref="WatcherCommand.Places"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Places { get; init; }

    /// <summary>As in <see cref="WatcherCommand.Parameter"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Parameter { get; init; }

    /// <summary>As in <see cref="WatcherCommand.Value"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Value { get; init; }

    /// <summary>As in <see cref="WatcherCommand.File"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? File { get; init; }

    /// <summary>As in <see cref="WatcherCommand.Filter"/>.</summary>
    public string? Filter { get; init; }

    /// <summary>As in <see cref="WatcherCommand.Packets"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Packets { get; init; }

    /// <summary>As in <see cref="WatcherCommand.Bytes"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Bytes { get; init; }

    /// <summary>What snapshots are to have beside the figures; null for those alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SnapshotRequest? Want { get; init; }

    /// <summary>For <see cref="Watch"/>: milliseconds between two snapshots, at least 100; 0 for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Interval { get; init; }

    /// <summary>For <see cref="Watch"/>: whether events are sent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Events { get; init; }

    /// <summary>For <see cref="Watch"/>: whether handshakes are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Handshakes { get; init; }

    /// <summary>For <see cref="Watch"/>: the number of the last event that the client has; null for those alone that are yet to come.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? After { get; init; }
}

/// <summary>A line that a bridge writes: what came of a request.</summary>
internal sealed record ControlReply
{
    /// <summary>The object's type.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "reply";

    /// <summary>The request's number.</summary>
    public long Id { get; init; }

    /// <summary>Whether it was done.</summary>
    public bool Ok { get; init; }

    /// <summary>What was done, or why not and what to do, in a line.</summary>
    public string Message { get => field ?? ""; init; }

    /// <summary>The figures, if they were asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BridgeSnapshot? Snapshot { get; init; }
}

/// <summary>A line that a bridge writes: events that this client was too slow for.</summary>
internal sealed record ControlLoss
{
    /// <summary>The object's type.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "lost";

    /// <summary>How many events are missing between the one before and the one after.</summary>
    public long Events { get; init; }

    /// <summary>How many handshakes are.</summary>
    public long Handshakes { get; init; }
}

/// <summary>A line that a bridge writes last: it ends because somebody wanted that.</summary>
internal sealed record ControlEnd
{
    /// <summary>The object's type.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "end";
}

/// <summary>The type of any line that a bridge writes, to tell which it is.</summary>
internal sealed record ControlLine
{
    /// <summary>Such as <c>stats</c>.</summary>
    public string Type { get => field ?? ""; init; }
}

/// <summary>The socket's lines as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlReply))]
[JsonSerializable(typeof(ControlLoss))]
[JsonSerializable(typeof(ControlEnd))]
[JsonSerializable(typeof(ControlLine))]
internal sealed partial class ControlJson : JsonSerializerContext;
