using System.Text.Json.Serialization;

namespace Fluke6.Snapshots;

/// <summary>The part of a bridge that does not change while it runs: the <c>ready</c> object, and the first line of the control socket.</summary>
internal sealed record ReadyRecord
{
    /// <summary>The object's type: <c>ready</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "ready";

    /// <summary>The left port, as on the command line.</summary>
    public string Left { get => field ?? ""; init; }

    /// <summary>The right port, as on the command line.</summary>
    public string Right { get => field ?? ""; init; }

    /// <summary>Whether the kernel forwards what no rule asks for; null of a replay.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? FastPath { get; init; }

    /// <summary>Why it does not; null if it does.</summary>
    public string? FastPathReason { get; init; }

    /// <summary>Whether there are ports between which there can be a fast path.</summary>
    [JsonIgnore]
    public bool FastPathPossible { get; init; }

    /// <summary>The program's version.</summary>
    public string Version { get => field ?? ""; init; }

    /// <summary>The bridge's process.</summary>
    public int Process { get; init; }

    /// <summary>When it began to be watched, in UTC.</summary>
    public DateTime Started { get; init; }

    /// <summary>What becomes of a frame that a rule threw on: <c>pass</c> or <c>drop</c>.</summary>
    public string OnFault { get => field ?? ""; init; }

    /// <summary>How many flows it keeps at the most; 0 for none.</summary>
    public int FlowCapacity { get; init; }

    /// <summary>The control socket; null if there is none.</summary>
    public string? Control { get; init; }

    /// <summary>The rules at that moment, in the chain's order.</summary>
    public IReadOnlyList<string> Rules { get => field ?? []; init; }

    /// <summary>The kind of the ports' frames: whether they begin with an Ethernet header.</summary>
    public bool Ethernet { get; init; }
}
