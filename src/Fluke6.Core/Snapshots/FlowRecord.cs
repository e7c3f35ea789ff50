using System.Text.Json.Serialization;
using Fluke6.Frames;

namespace Fluke6.Snapshots;

/// <summary>A flow at one moment.</summary>
internal sealed record FlowRecord
{
    /// <summary>What <see cref="State"/> may be.</summary>
    public const string SynSeen = "synSeen", Reset = "reset";

    /// <summary>Its number among the flows of this bridge; the same in every snapshot.</summary>
    public string Id { get => field ?? ""; init; }

    /// <summary>Such as TCP, ICMPv6 or ARP.</summary>
    public string Protocol { get => field ?? ""; init; }

    /// <summary>The end that began.</summary>
    [JsonConverter(typeof(FlowEndpointConverter))]
    public FlowEndpoint Source { get; init; }

    /// <summary>The other end.</summary>
    [JsonConverter(typeof(FlowEndpointConverter))]
    public FlowEndpoint Destination { get; init; }

    /// <summary>The VLAN tags' identifiers, the outer one first.</summary>
    public IReadOnlyList<int> Vlans { get => field ?? []; init; }

    /// <summary>Frames that arrived on the left port.</summary>
    public long FramesFromLeft { get; init; }

    /// <summary>Frames that arrived on the right port.</summary>
    public long FramesFromRight { get; init; }

    /// <summary>Octets that arrived on the left port.</summary>
    public long BytesFromLeft { get; init; }

    /// <summary>Octets that arrived on the right port.</summary>
    public long BytesFromRight { get; init; }

    /// <summary>Of both, frames that the kernel forwarded: only how many and how long they were is known of them.</summary>
    public long KernelFrames { get; init; }

    /// <summary>When its first frame arrived, in UTC.</summary>
    public DateTime FirstSeen { get; init; }

    /// <summary>When its last frame arrived, in UTC.</summary>
    public DateTime LastSeen { get; init; }

    /// <summary>How far a TCP connection has come; null for other protocols.</summary>
    public string? State { get; init; }

    /// <summary>The rules that hit it.</summary>
    public IReadOnlyList<string> Rules { get => field ?? []; init; }

    /// <summary>Frames that a rule changed.</summary>
    public long Rewritten { get; init; }

    /// <summary>Frames that a rule dropped.</summary>
    public long Dropped { get; init; }

    /// <summary>The TCP options that both ends offered and were given; null without a SYN, or where it was not asked for.</summary>
    public LedgerRecord? Ledger { get; init; }

    /// <summary>The last frames of it that rules changed, the last one first; null where they were not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ChangedFrame>? Changes { get; init; }

    /// <summary>Frames in both directions.</summary>
    [JsonIgnore]
    public long Frames => FramesFromLeft + FramesFromRight;

    /// <summary>Octets in both directions.</summary>
    [JsonIgnore]
    public long Bytes => BytesFromLeft + BytesFromRight;

    /// <summary>The state as people read it; empty for what has none.</summary>
    [JsonIgnore]
    public string StateInWords => InWords(State);

    /// <summary>A state as people read it.</summary>
    public static string InWords(string? state) => state switch
    {
        null => "",
        SynSeen => "syn",
        _ => state,
    };
}

/// <summary>A frame that rules changed.</summary>
internal sealed record ChangedFrame
{
    /// <summary>When it arrived, in UTC.</summary>
    public DateTime Time { get; init; }

    /// <summary>The side that it arrived at.</summary>
    public string From { get => field ?? ""; init; }

    /// <summary>The rules that changed it.</summary>
    public IReadOnlyList<string> Rules { get => field ?? []; init; }

    /// <summary>Its fate: <c>continue</c>, <c>drop</c> and so on.</summary>
    public string Verdict { get => field ?? ""; init; }

    /// <summary>The fields that were changed.</summary>
    public IReadOnlyList<ChangedField> Fields { get => field ?? []; init; }
}

/// <summary>A header field that rules changed.</summary>
/// <param name="Field">Its name, with the header's: <c>tcp window</c>.</param>
/// <param name="Before">Its value as the frame arrived; null if it was not there.</param>
/// <param name="After">Its value as the frame left; null if it is not there.</param>
internal sealed record ChangedField(string Field, string? Before, string? After);
