using System.Text.Json;
using Fluke6.Flows;
using Fluke6.Frames;

namespace Fluke6.Command.Reports;

/// <summary>Flows, and what TCP ends agreed upon, as JSON. The field names are documented in the README and stay.</summary>
internal static class FlowJson
{
    /// <summary>The field <c>flowTable</c>.</summary>
    public static void WriteTable(Utf8JsonWriter json, FlowTable table, ReadOnlySpan<FlowSnapshot> flows, RuleNames names)
    {
        json.WriteStartArray("flowTable");
        foreach (ref readonly FlowSnapshot flow in flows)
        {
            json.WriteStartObject();
            WriteFlow(json, flow, names);
            if (table.TryGetLedger(flow, out TcpLedger ledger))
            {
                json.WriteStartObject("ledger");
                json.WriteBoolean("complete", ledger.IsComplete);
                json.WriteBoolean("sawAllSegments", flow.KernelFrames == 0);
                WriteLedger(json, ledger);
                WriteEvidence(json, "clientSent", ledger.Client);
                WriteEvidence(json, "serverSent", ledger.Server);
                WriteEdits(json, "clientEdits", ledger.ClientEdits);
                WriteEdits(json, "serverEdits", ledger.ServerEdits);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull("ledger");
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Of a connection whose data no rule changed, nothing.
    private static void WriteEdits(Utf8JsonWriter json, string name, in StreamEdits edits)
    {
        if (!edits.HasChanges)
            return;

        json.WriteStartObject(name);
        json.WriteNumber("bytesReplaced", edits.Replaced);
        json.WriteNumber("bytesReplacing", edits.Replacing);
        json.WriteNumber("bytesInserted", edits.Inserted);
        json.WriteNumber("bytesDropped", edits.Dropped);
        json.WriteNumber("delta", edits.Delta);
        json.WriteEndObject();
    }

    /// <summary>The fields of a <c>handshake</c> object.</summary>
    public static void WriteHandshake(Utf8JsonWriter json, HandshakeNote handshake, RuleNames names)
    {
        json.WriteString("time", handshake.Time.UtcDateTime);
        WriteEnds(json, handshake.Flow);
        WriteRules(json, handshake.Flow, names);
        WriteLedger(json, handshake.Ledger);
    }

    private static void WriteFlow(Utf8JsonWriter json, in FlowSnapshot flow, RuleNames names)
    {
        json.WriteString("protocol", flow.Key.ProtocolName);
        WriteEnds(json, flow);
        json.WriteNumber("framesFromLeft", flow.FramesFromLeft);
        json.WriteNumber("framesFromRight", flow.FramesFromRight);
        json.WriteNumber("bytesFromLeft", flow.BytesFromLeft);
        json.WriteNumber("bytesFromRight", flow.BytesFromRight);
        json.WriteNumber("kernelFrames", flow.KernelFrames);
        json.WriteString("firstSeen", flow.FirstSeen);
        json.WriteString("lastSeen", flow.LastSeen);
        json.WriteString("state", flow.State == TcpState.None ? null : Name(flow.State));
        WriteRules(json, flow, names);
        json.WriteNumber("rewritten", flow.Rewritten);
        json.WriteNumber("dropped", flow.Dropped);
    }

    private static void WriteEnds(Utf8JsonWriter json, in FlowSnapshot flow)
    {
        WriteEnd(json, "source", flow.Source);
        WriteEnd(json, "destination", flow.Destination);
        json.WriteStartArray("vlans");
        if (flow.Key.OuterVlan != 0)
            json.WriteNumberValue(flow.Key.OuterVlan);
        if (flow.Key.InnerVlan != 0)
            json.WriteNumberValue(flow.Key.InnerVlan);
        json.WriteEndArray();
    }

    private static void WriteEnd(Utf8JsonWriter json, string name, FlowEndpoint end)
    {
        json.WriteStartObject(name);
        json.WriteString("address", end.Address);
        json.WriteNumber("port", end.Port);
        json.WriteEndObject();
    }

    private static void WriteRules(Utf8JsonWriter json, in FlowSnapshot flow, RuleNames names)
    {
        json.WriteStartArray("rules");
        foreach (string rule in names.In(flow.Rules))
            json.WriteStringValue(rule);
        json.WriteEndArray();
    }

    private static void WriteLedger(Utf8JsonWriter json, in TcpLedger ledger)
    {
        json.WriteStartObject("syn");
        WriteOffer(json, "offered", ledger.SynOffered);
        WriteOffer(json, "delivered", ledger.SynDelivered);
        json.WriteEndObject();
        json.WriteStartObject("synAck");
        WriteOffer(json, "offered", ledger.SynAckOffered);
        WriteOffer(json, "delivered", ledger.SynAckDelivered);
        json.WriteEndObject();

        json.WriteStartObject("inForce");
        json.WriteNumber("clientSendMss", ledger.ClientSendLimit);
        json.WriteNumber("serverSendMss", ledger.ServerSendLimit);
        json.WriteNumber("clientWindowShift", ledger.ClientWindowShift);
        json.WriteNumber("serverWindowShift", ledger.ServerWindowShift);
        foreach (TcpFeature feature in TcpFeatures.All)
            json.WriteBoolean(Name(feature), ledger.InForce(feature));
        json.WriteEndObject();

        json.WriteStartArray("oneSided");
        foreach (TcpFeature feature in TcpFeatures.All)
        {
            if (ledger.IsOneSidedStrip(feature))
                json.WriteStringValue(Name(feature));
        }

        json.WriteEndArray();
        json.WriteStartArray("endsDisagree");
        foreach (TcpFeature feature in TcpFeatures.All)
        {
            if (ledger.EndsDisagree(feature))
                json.WriteStringValue(Name(feature));
        }

        json.WriteEndArray();
    }

    private static void WriteOffer(Utf8JsonWriter json, string name, TcpOffer offer)
    {
        if (!offer.IsPresent)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("mss", offer.MaximumSegmentSize);
        json.WriteNumber("windowShift", offer.WindowShift);
        foreach (TcpFeature feature in TcpFeatures.All)
            json.WriteBoolean(Name(feature), offer.Has(feature));
        json.WriteStartArray("otherKinds");
        foreach (byte kind in offer.OtherKinds)
            json.WriteNumberValue(kind);
        json.WriteEndArray();
        json.WriteBoolean("byRule", offer.ByRule);
        json.WriteBoolean("malformed", offer.IsMalformed);
        json.WriteEndObject();
    }

    private static void WriteEvidence(Utf8JsonWriter json, string name, TcpEvidence evidence)
    {
        json.WriteStartObject(name);
        json.WriteNumber("dataSegments", evidence.DataSegments);
        json.WriteNumber("sackSegments", evidence.SackSegments);
        json.WriteNumber("timestampSegments", evidence.TimestampSegments);
        json.WriteNumber("segmentsOverMss", evidence.SegmentsOverLimit);
        json.WriteEndObject();
    }

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
