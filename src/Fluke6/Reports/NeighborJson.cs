using System.Text.Json;
using Fluke6.Flows;
using Fluke6.Wire;

namespace Fluke6.Command.Reports;

/// <summary>Neighbour discovery's messages, as JSON. The field names are documented in the README and stay.</summary>
internal static class NeighborJson
{
    /// <summary>How many routers, prefixes and addresses each are written at the most: the last seen ones.</summary>
    public const int Limit = 64;

    /// <summary>The field <c>neighbors</c>.</summary>
    public static void Write(Utf8JsonWriter json, NeighborLedger ledger)
    {
        json.WriteStartObject("neighbors");
        json.WriteStartArray("routers");
        foreach (RouterSighting router in ledger.Routers.OrderByDescending(router => router.LastSeen).Take(Limit))
        {
            json.WriteStartObject();
            json.WriteString("address", $"{router.Router}");
            WriteMac(json, "mac", router.Mac);
            json.WriteString("side", router.Side == Side.Left ? "left" : "right");
            json.WriteBoolean("byRule", router.ByRule);
            WriteFields(json, "offered", router.Offered);
            WriteFields(json, "delivered", router.Delivered);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("prefixes");
        foreach (PrefixSighting prefix in ledger.Prefixes.OrderByDescending(prefix => prefix.LastSeen).Take(Limit))
        {
            json.WriteStartObject();
            json.WriteString("prefix", $"{prefix.Prefix}");
            json.WriteString("router", $"{prefix.Router}");
            json.WriteBoolean("onLink", prefix.OnLink);
            json.WriteBoolean("autonomous", prefix.Autonomous);
            json.WriteNumber("validLifetime", prefix.ValidLifetime);
            json.WriteNumber("preferredLifetime", prefix.PreferredLifetime);
            json.WriteNumber("offered", prefix.Offered);
            json.WriteNumber("delivered", prefix.Delivered);
            json.WriteNumber("sentByRule", prefix.SentByRule);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("addresses");
        foreach (NeighborSighting neighbor in ledger.Neighbors.OrderByDescending(neighbor => neighbor.LastSeen).Take(Limit))
            WriteAddress(json, neighbor);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAddress(Utf8JsonWriter json, in NeighborSighting neighbor)
    {
        json.WriteStartObject();
        json.WriteString("address", $"{neighbor.Address}");
        json.WriteNumber("solicitations", neighbor.Solicitations);
        json.WriteNumber("duplicateProbes", neighbor.DuplicateProbes);
        json.WriteStartObject("host");
        json.WriteNumber("answers", neighbor.AnswersByHost);
        json.WriteNumber("delivered", neighbor.AnswersDelivered);
        WriteMac(json, "mac", neighbor.Mac);
        json.WriteEndObject();
        json.WriteStartObject("rule");
        json.WriteNumber("answers", neighbor.AnswersByRule);
        WriteMac(json, "mac", neighbor.MacByRule);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, string name, RouterFields fields)
    {
        if (!fields.IsPresent)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("hopLimit", fields.HopLimit);
        json.WriteBoolean("managed", fields.Managed);
        json.WriteBoolean("otherConfiguration", fields.OtherConfiguration);
        json.WriteNumber("routerLifetime", fields.RouterLifetime);
        json.WriteNumber("mtu", fields.Mtu);
        json.WriteEndObject();
    }

    private static void WriteMac(Utf8JsonWriter json, string name, MacAddress mac) =>
        json.WriteString(name, mac == default ? null : $"{mac}");
}
