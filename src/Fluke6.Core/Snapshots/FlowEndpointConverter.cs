using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Snapshots;

/// <summary>An end of a flow as an object of <c>address</c> and <c>port</c>.</summary>
internal sealed class FlowEndpointConverter : JsonConverter<FlowEndpoint>
{
    /// <inheritdoc/>
    public override FlowEndpoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("An end of a flow is an object of address and port.");

        string address = "";
        ushort port = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? name = reader.GetString();
            reader.Read();
            if (name == "address" && reader.TokenType == JsonTokenType.String)
                address = reader.GetString()!;
            else if (name == "port" && reader.TokenType == JsonTokenType.Number && reader.TryGetUInt16(out ushort number))
                port = number;
            else
                reader.Skip();
        }

        return Of(address, port);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FlowEndpoint value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("address", value.Address);
        writer.WriteNumber("port", value.Port);
        writer.WriteEndObject();
    }

    private static FlowEndpoint Of(string address, ushort port)
    {
        if (Ipv4Address.TryParse(address, CultureInfo.InvariantCulture, out Ipv4Address ipv4))
            return new FlowEndpoint(FlowFamily.Ipv4, 0, ipv4.Value, port);
        if (Ipv6Address.TryParse(address, CultureInfo.InvariantCulture, out Ipv6Address ipv6))
            return new FlowEndpoint(FlowFamily.Ipv6, ipv6.NetworkPrefix, ipv6.InterfaceIdentifier, port);
        return MacAddress.TryParse(address, CultureInfo.InvariantCulture, out MacAddress mac)
            ? new FlowEndpoint(FlowFamily.Link, 0, mac.ToUInt64(), port)
            : throw new JsonException($"'{address}' is no address.");
    }
}
