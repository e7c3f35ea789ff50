using System.Text.Json.Serialization;

namespace Fluke6.Snapshots;

/// <summary>A port's figures at one moment.</summary>
internal sealed record PortRecord
{
    /// <summary>The state of a port that forwards.</summary>
    public const string Up = "up";

    private static readonly IReadOnlyDictionary<string, long> s_none = new Dictionary<string, long>();

    /// <summary>The interface's name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Frames that arrived, those that the kernel forwarded included.</summary>
    public long RxFrames { get; init; }

    /// <summary>Their octets.</summary>
    public long RxBytes { get; init; }

    /// <summary>Frames among them that the kernel forwarded by itself.</summary>
    public long KernelFrames { get; init; }

    /// <summary>Their octets.</summary>
    public long KernelBytes { get; init; }

    /// <summary>Frames that left.</summary>
    public long TxFrames { get; init; }

    /// <summary>Their octets.</summary>
    public long TxBytes { get; init; }

    /// <summary>Frames that could not be sent.</summary>
    public long TxDropped { get; init; }

    /// <summary>Frames that arrived and were lost before the bridge saw them.</summary>
    public long RxDropped { get; init; }

    /// <summary>System calls that failed.</summary>
    public long Errors { get; init; }

    /// <summary><c>up</c>, <c>down</c> or <c>gone</c>.</summary>
    public string State { get => field ?? ""; init; }

    /// <summary>Frames that nobody understands; they pass unchanged.</summary>
    public long NotUnderstood { get; init; }

    /// <summary>The failed calls by errno's name.</summary>
    public IReadOnlyDictionary<string, long> ErrorsByErrno { get => field ?? s_none; init; }

    /// <summary>The frames that could not be sent by errno's name.</summary>
    public IReadOnlyDictionary<string, long> TxDroppedByErrno { get => field ?? s_none; init; }

    /// <summary>The frames that were lost before the bridge saw them by reason, such as <c>socketFull</c>.</summary>
    public IReadOnlyDictionary<string, long> RxDroppedByReason { get => field ?? s_none; init; }

    /// <summary>The port as on the command line.</summary>
    public string Specification { get => field ?? ""; init; }

    /// <summary>Whether it takes super-segments.</summary>
    public bool Offload { get; init; }

    /// <summary>Frames that arrived within the last second.</summary>
    public double FramesPerSecond { get; init; }

    /// <summary>Bits that arrived within the last second.</summary>
    public double BitsPerSecond { get; init; }

    /// <summary>Whether anything arrived in the last few seconds.</summary>
    public bool Flowing { get; init; }

    /// <summary>Bits that arrived in each of the last seconds, the last one last; null if they were not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? History { get; init; }
}
