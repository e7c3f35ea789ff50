using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Snapshots;

namespace Fluke6.Watching;

/// <summary>Copies flows, what TCP ends agreed upon in them, and the frames of them that rules changed.</summary>
internal static class RecordOfFlow
{
    /// <summary>How many changed frames of a flow are copied.</summary>
    private const int MaxChanges = 8;

    /// <summary>The flow now.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="names">The names of rules.</param>
    /// <param name="ledger">Its ledger, if that is wanted and there is one.</param>
    /// <param name="changes">The frames of it that rules changed, if they are wanted.</param>
    public static FlowRecord Of(in FlowSnapshot flow, RuleNames names, LedgerRecord? ledger = null, IReadOnlyList<ChangedFrame>? changes = null) => new()
    {
        Id = IdOf(flow),
        Protocol = flow.Key.ProtocolName,
        Source = flow.Source,
        Destination = flow.Destination,
        Vlans = Vlans(flow.Key),
        FramesFromLeft = flow.FramesFromLeft,
        FramesFromRight = flow.FramesFromRight,
        BytesFromLeft = flow.BytesFromLeft,
        BytesFromRight = flow.BytesFromRight,
        KernelFrames = flow.KernelFrames,
        FirstSeen = flow.FirstSeen,
        LastSeen = flow.LastSeen,
        State = StateOf(flow),
        Rules = Rules(flow.Rules, names),
        Rewritten = flow.Rewritten,
        Dropped = flow.Dropped,
        Ledger = ledger is null ? null : ledger with { SawAllSegments = flow.KernelFrames == 0 },
        Changes = changes,
    };

    /// <summary>What tells a flow from others, and its place in the table.</summary>
    public static string IdOf(in FlowSnapshot flow) => $"{flow.Index}-{(uint)flow.Key.GetHashCode():x8}";

    /// <summary>The flow with an id; false if it is not in the table any more.</summary>
    public static bool TryFind(FlowTable table, string id, out FlowSnapshot flow)
    {
        flow = default;
        int dash = id.IndexOf('-');
        return dash > 0 && int.TryParse(id.AsSpan(0, dash), out int index) && table.TryRead(index, out flow) && IdOf(flow) == id;
    }

    /// <summary>A TCP connection's state; null for other protocols.</summary>
    public static string? StateOf(in FlowSnapshot flow) => flow.State == TcpState.None ? null : flow.State.InJson();

    /// <summary>The identifiers of VLAN tags, the outer one first.</summary>
    public static IReadOnlyList<int> Vlans(in FlowKey key) =>
        key.OuterVlan == 0 ? key.InnerVlan == 0 ? [] : [key.InnerVlan] : key.InnerVlan == 0 ? [key.OuterVlan] : [key.OuterVlan, key.InnerVlan];

    /// <summary>The rules of a set, by name.</summary>
    public static IReadOnlyList<string> Rules(ulong rules, RuleNames names) => rules == 0 ? [] : [.. names.In(rules)];

    /// <summary>The filter for a table.</summary>
    public static FlowFilter Filter(FlowFilterText text, RuleNames names) => (in FlowSnapshot flow) => text.Matches(new Traits(flow, names));

    /// <summary>The first few of frames of a flow that rules changed, the last one first.</summary>
    public static IReadOnlyList<ChangedFrame> Changes(IEnumerable<FrameChange> changes, RuleNames names) => [.. changes.Take(MaxChanges).Select(change => new ChangedFrame
    {
        Time = change.Time,
        From = change.From.InJson(),
        Rules = Rules(change.Rules, names),
        Verdict = change.Verdict.ToString().ToLowerInvariant(),
        Fields = [.. change.Differences().Select(field => new ChangedField(field.Field, field.Before, field.After))],
    })];

    /// <summary>A ledger.</summary>
    public static LedgerRecord Of(in TcpLedger ledger)
    {
        TcpLedger one = ledger;
        return new LedgerRecord
        {
            Complete = ledger.IsComplete,
            Syn = new OfferPair { Offered = Of(ledger.SynOffered), Delivered = Of(ledger.SynDelivered) },
            SynAck = new OfferPair { Offered = Of(ledger.SynAckOffered), Delivered = Of(ledger.SynAckDelivered) },
            InForce = new InForceRecord
            {
                ClientSendMss = ledger.ClientSendLimit,
                ServerSendMss = ledger.ServerSendLimit,
                ClientWindowShift = ledger.ClientWindowShift,
                ServerWindowShift = ledger.ServerWindowShift,
                WindowScale = ledger.InForce(TcpFeature.WindowScale),
                SackPermitted = ledger.InForce(TcpFeature.SackPermitted),
                Timestamps = ledger.InForce(TcpFeature.Timestamps),
                FastOpen = ledger.InForce(TcpFeature.FastOpen),
                Multipath = ledger.InForce(TcpFeature.Multipath),
                Ecn = ledger.InForce(TcpFeature.Ecn),
            },
            OneSided = [.. TcpFeatures.All.Where(feature => one.IsOneSidedStrip(feature)).Select(feature => feature.InJson())],
            EndsDisagree = [.. TcpFeatures.All.Where(feature => one.EndsDisagree(feature)).Select(feature => feature.InJson())],
            ClientSent = Of(ledger.Client),
            ServerSent = Of(ledger.Server),
            ClientEdits = Of(ledger.ClientEdits),
            ServerEdits = Of(ledger.ServerEdits),
        };
    }

    private static EditsRecord? Of(in StreamEdits edits) => !edits.HasChanges ? null : new EditsRecord
    {
        BytesReplaced = edits.Replaced,
        BytesReplacing = edits.Replacing,
        BytesInserted = edits.Inserted,
        BytesDropped = edits.Dropped,
        Delta = edits.Delta,
    };

    private static OfferRecord? Of(TcpOffer offer) => !offer.IsPresent ? null : new OfferRecord
    {
        Mss = offer.MaximumSegmentSize,
        WindowShift = offer.WindowShift,
        WindowScale = offer.Has(TcpFeature.WindowScale),
        SackPermitted = offer.Has(TcpFeature.SackPermitted),
        Timestamps = offer.Has(TcpFeature.Timestamps),
        FastOpen = offer.Has(TcpFeature.FastOpen),
        Multipath = offer.Has(TcpFeature.Multipath),
        Ecn = offer.Has(TcpFeature.Ecn),
        OtherKinds = [.. offer.OtherKinds.Select(kind => (int)kind)],
        ByRule = offer.ByRule,
        Malformed = offer.IsMalformed,
    };

    private static EvidenceRecord Of(TcpEvidence evidence) => new()
    {
        DataSegments = evidence.DataSegments,
        SackSegments = evidence.SackSegments,
        TimestampSegments = evidence.TimestampSegments,
        SegmentsOverMss = evidence.SegmentsOverLimit,
    };

    private readonly struct Traits(FlowSnapshot flow, RuleNames names) : IFlowTraits
    {
        public FlowEndpoint Source => flow.Source;

        public FlowEndpoint Destination => flow.Destination;

        public string Protocol => flow.Key.ProtocolName;

        public string StateInWords => FlowRecord.InWords(StateOf(flow));

        public IEnumerable<string> Rules => names.In(flow.Rules);
    }
}
