using Fluke6.Frames;

namespace Fluke6.Flows;

/// <summary>
/// What the two ends of a TCP connection offered each other in their SYNs, what reached the other end after the rules, what is therefore
/// in force, and what shows it. The client is the end that sent the SYN.
/// </summary>
internal struct TcpLedger
{
    internal TcpEvidence ClientEvidence, ServerEvidence;

    /// <summary>The client's SYN as it arrived.</summary>
    public TcpOffer SynOffered { get; internal set; }

    /// <summary>The SYN as it left for the server; not present if no rule let it.</summary>
    public TcpOffer SynDelivered { get; internal set; }

    /// <summary>The server's SYN-ACK as it arrived; not present if none came, or a rule answered.</summary>
    public TcpOffer SynAckOffered { get; internal set; }

    /// <summary>The SYN-ACK as it left for the client, the host's or a rule's.</summary>
    public TcpOffer SynAckDelivered { get; internal set; }

    /// <summary>What the client sent after the handshake.</summary>
    public readonly TcpEvidence Client => ClientEvidence;

    /// <summary>What the server sent after the handshake.</summary>
    public readonly TcpEvidence Server => ServerEvidence;

    /// <summary>How many octets of the client's data rules changed that rewrite streams.</summary>
    public StreamEdits ClientEdits { get; internal set; }

    /// <summary>How many octets of the server's data rules changed that rewrite streams.</summary>
    public StreamEdits ServerEdits { get; internal set; }

    /// <summary>Whether the client acknowledged the SYN-ACK.</summary>
    public bool IsComplete { get; internal set; }

    /// <summary>Whether the connection is over IPv6, for the MSS that holds where no option says one.</summary>
    internal bool IsIpv6 { get; set; }

    /// <summary>Octets per segment that the client was told it may send. RFC 9293 §3.7.1: 536 or, over IPv6, 1,220 where nothing says so.</summary>
    public readonly ushort ClientSendLimit => Limit(SynAckDelivered);

    /// <summary>Octets per segment that the server was told it may send; see <see cref="ClientSendLimit"/>.</summary>
    public readonly ushort ServerSendLimit => Limit(SynTaken);

    /// <summary>Whether the client, by what it sent and was given, uses a feature.</summary>
    public readonly bool ClientUses(TcpFeature feature) => SynOffered.Has(feature) && SynAckDelivered.Has(feature);

    /// <summary>Whether the server, by what it sent and was given, uses a feature.</summary>
    public readonly bool ServerUses(TcpFeature feature) => SynAckOffered.Has(feature) && SynDelivered.Has(feature);

    /// <summary>Whether both ends use a feature. Where a rule answered for the server, the client alone counts.</summary>
    public readonly bool InForce(TcpFeature feature) =>
        ClientUses(feature) && (IsServerARule || ServerUses(feature));

    /// <summary>Whether one end uses what the other does not: a strip in one direction alone makes this.</summary>
    public readonly bool EndsDisagree(TcpFeature feature) =>
        SynAckOffered.IsPresent && SynAckDelivered.IsPresent && ClientUses(feature) != ServerUses(feature);

    /// <summary>Where a feature was taken out.</summary>
    public readonly TcpStrip StrippedFrom(TcpFeature feature) =>
        (Stripped(SynOffered, SynDelivered, feature) ? TcpStrip.Syn : TcpStrip.None)
        | (Stripped(SynAckOffered, SynAckDelivered, feature) ? TcpStrip.SynAck : TcpStrip.None);

    /// <summary>
    /// Whether a feature was taken out of one SYN and passed in the other. A server that was not offered it and does not answer with it
    /// leaves nothing to strip: that is not one-sided.
    /// </summary>
    public readonly bool IsOneSidedStrip(TcpFeature feature) => StrippedFrom(feature) switch
    {
        TcpStrip.Syn => SynAckDelivered.Has(feature),
        TcpStrip.SynAck => SynDelivered.Has(feature),
        _ => false,
    };

    /// <summary>A one-sided strip in words: what was taken out of which SYN alone; null where a feature was not stripped one-sidedly.</summary>
    public readonly string? DescribeOneSidedStrip(TcpFeature feature) =>
        !IsOneSidedStrip(feature) ? null
        : StrippedFrom(feature) == TcpStrip.Syn ? $"{feature.Name()} was stripped from the SYN and not from the SYN-ACK"
        : $"{feature.Name()} was stripped from the SYN-ACK and not from the SYN";

    /// <summary>
    /// The shift that the server applies to windows the client sends; 0 where scaling is not in force there. RFC 7323 §2.3: at most 14.
    /// </summary>
    public readonly byte ClientWindowShift =>
        (IsServerARule ? InForce(TcpFeature.WindowScale) : ServerUses(TcpFeature.WindowScale)) ? Math.Min(SynTaken.WindowShift, (byte)14) : (byte)0;

    /// <summary>The shift that the client applies to windows the server sends; see <see cref="ClientWindowShift"/>.</summary>
    public readonly byte ServerWindowShift => ClientUses(TcpFeature.WindowScale) ? Math.Min(SynAckDelivered.WindowShift, (byte)14) : (byte)0;

    private readonly bool IsServerARule => SynAckDelivered.ByRule && !SynAckOffered.IsPresent;

    // A rule that is the server takes the SYN as it came.
    private readonly TcpOffer SynTaken => IsServerARule && !SynDelivered.IsPresent ? SynOffered : SynDelivered;

    private readonly ushort Limit(TcpOffer delivered) =>
        delivered.MaximumSegmentSize != 0 ? delivered.MaximumSegmentSize : IsIpv6 ? (ushort)1220 : (ushort)536;

    private static bool Stripped(TcpOffer offered, TcpOffer delivered, TcpFeature feature) =>
        delivered.IsPresent && offered.Has(feature) && !delivered.Has(feature);
}

/// <summary>What one end of a TCP connection did after the handshake, as its segments arrived at the bridge.</summary>
internal struct TcpEvidence
{
    /// <summary>Segments with payload; a super-segment counts once.</summary>
    public long DataSegments { get; private set; }

    /// <summary>Segments with SACK blocks.</summary>
    public long SackSegments { get; private set; }

    /// <summary>Segments with timestamps.</summary>
    public long TimestampSegments { get; private set; }

    /// <summary>Segments with more payload than the end was told it may send; of a super-segment, its segments' size counts.</summary>
    public long SegmentsOverLimit { get; private set; }

    internal void Count(bool data, bool sack, bool timestamps, bool overLimit)
    {
        DataSegments += data ? 1 : 0;
        SackSegments += sack ? 1 : 0;
        TimestampSegments += timestamps ? 1 : 0;
        SegmentsOverLimit += overLimit ? 1 : 0;
    }
}
