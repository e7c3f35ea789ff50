using System.Text.Json.Serialization;

namespace Fluke6.Snapshots;

/// <summary>The TCP options that two ends offered each other in their SYNs, those that reached the other end, those in force, and the segments that show it.</summary>
internal sealed record LedgerRecord
{
    /// <summary>Whether the handshake was completed.</summary>
    public bool Complete { get; init; }

    /// <summary>Whether every segment came through the bridge; otherwise the kernel forwarded some, and what was in them is not known.</summary>
    public bool SawAllSegments { get; init; }

    /// <summary>The client's SYN.</summary>
    public OfferPair Syn { get => field ?? new OfferPair(); init; }

    /// <summary>The server's SYN-ACK.</summary>
    public OfferPair SynAck { get => field ?? new OfferPair(); init; }

    /// <summary>What both ends use.</summary>
    public InForceRecord InForce { get => field ?? new InForceRecord(); init; }

    /// <summary>Options that were stripped from one SYN and not from the other.</summary>
    public IReadOnlyList<string> OneSided { get => field ?? []; init; }

    /// <summary>Options that one end alone believes in.</summary>
    public IReadOnlyList<string> EndsDisagree { get => field ?? []; init; }

    /// <summary>What the client sent after the handshake.</summary>
    public EvidenceRecord ClientSent { get => field ?? new EvidenceRecord(); init; }

    /// <summary>What the server sent after the handshake.</summary>
    public EvidenceRecord ServerSent { get => field ?? new EvidenceRecord(); init; }

    /// <summary>How rules changed the client's data; null if none did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EditsRecord? ClientEdits { get; init; }

    /// <summary>How rules changed the server's data; null if none did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EditsRecord? ServerEdits { get; init; }

    /// <summary>A one-sided strip in words; null where an option was not stripped one-sidedly.</summary>
    public string? DescribeOneSidedStrip(OptionName option) =>
        !OneSided.Contains(option.Json) ? null
        : Syn.Offered?.Has(option) == true && Syn.Delivered?.Has(option) == false
            ? $"{option.Words} was stripped from the SYN and not from the SYN-ACK"
            : $"{option.Words} was stripped from the SYN-ACK and not from the SYN";
}

/// <summary>A SYN or SYN-ACK before and after the rules.</summary>
internal sealed record OfferPair
{
    /// <summary>As it arrived; null if none did.</summary>
    public OfferRecord? Offered { get; init; }

    /// <summary>As it left; null if none did.</summary>
    public OfferRecord? Delivered { get; init; }
}

/// <summary>The TCP options that are offered or in force.</summary>
internal abstract record OptionsRecord
{
    /// <summary>Whether window scaling is: RFC 7323 §2.</summary>
    public bool WindowScale { get; init; }

    /// <summary>Whether SACK-permitted is: RFC 2018 §2.</summary>
    public bool SackPermitted { get; init; }

    /// <summary>Whether timestamps are: RFC 7323 §3.</summary>
    public bool Timestamps { get; init; }

    /// <summary>Whether TCP Fast Open is: RFC 7413 §4.1.1.</summary>
    public bool FastOpen { get; init; }

    /// <summary>Whether Multipath TCP is: RFC 8684 §3.1.</summary>
    public bool Multipath { get; init; }

    /// <summary>Whether ECN is, by the segment's flags: RFC 3168 §6.1.1.</summary>
    public bool Ecn { get; init; }

    /// <summary>Whether an option is there.</summary>
    public bool Has(OptionName option) => option.Json switch
    {
        "windowScale" => WindowScale,
        "sackPermitted" => SackPermitted,
        "timestamps" => Timestamps,
        "fastOpen" => FastOpen,
        "multipath" => Multipath,
        _ => Ecn,
    };
}

/// <summary>A SYN's or SYN-ACK's word about its sender.</summary>
internal sealed record OfferRecord : OptionsRecord
{
    /// <summary>The MSS option's octets; 0 without one.</summary>
    public int Mss { get; init; }

    /// <summary>The window scale option's shift.</summary>
    public int WindowShift { get; init; }

    /// <summary>The kinds of all other options, each once.</summary>
    public IReadOnlyList<int> OtherKinds { get => field ?? []; init; }

    /// <summary>Whether a rule made the segment.</summary>
    public bool ByRule { get; init; }

    /// <summary>Whether an option's length is impossible.</summary>
    public bool Malformed { get; init; }
}

/// <summary>The options that both ends of a connection use.</summary>
internal sealed record InForceRecord : OptionsRecord
{
    /// <summary>Octets per segment that the client was told it may send.</summary>
    public int ClientSendMss { get; init; }

    /// <summary>Octets per segment that the server was told it may send.</summary>
    public int ServerSendMss { get; init; }

    /// <summary>The shift that the server applies to windows that the client sends.</summary>
    public int ClientWindowShift { get; init; }

    /// <summary>The shift that the client applies to windows that the server sends.</summary>
    public int ServerWindowShift { get; init; }
}

/// <summary>What one end of a TCP connection sent after the handshake.</summary>
internal sealed record EvidenceRecord
{
    /// <summary>Segments with payload.</summary>
    public long DataSegments { get; init; }

    /// <summary>Segments with SACK blocks.</summary>
    public long SackSegments { get; init; }

    /// <summary>Segments with timestamps.</summary>
    public long TimestampSegments { get; init; }

    /// <summary>Segments with more payload than the end was told it may send.</summary>
    public long SegmentsOverMss { get; init; }
}

/// <summary>A TCP option's name, in JSON and for people.</summary>
/// <param name="Json">Such as <c>windowScale</c>.</param>
/// <param name="Words">Such as <c>window scale</c>.</param>
internal sealed record OptionName(string Json, string Words)
{
    /// <summary>All of them, those that stacks use most first.</summary>
    [JsonIgnore]
    public static IReadOnlyList<OptionName> All { get; } =
    [
        new("windowScale", "window scale"), new("sackPermitted", "SACK permitted"), new("timestamps", "timestamps"), new("fastOpen", "fast open"),
        new("multipath", "multipath"), new("ecn", "ECN"),
    ];
}

/// <summary>How rules changed the data of one end.</summary>
internal sealed record EditsRecord
{
    /// <summary>Bytes of the sender's in whose place others went out.</summary>
    public long BytesReplaced { get; init; }

    /// <summary>Bytes that went out in their place.</summary>
    public long BytesReplacing { get; init; }

    /// <summary>Bytes that went out besides.</summary>
    public long BytesInserted { get; init; }

    /// <summary>Bytes of the sender's that did not go out.</summary>
    public long BytesDropped { get; init; }

    /// <summary>How many bytes more went out than came in; negative for fewer.</summary>
    public long Delta { get; init; }
}
