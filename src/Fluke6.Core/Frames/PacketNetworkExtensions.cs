using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>IP headers and what may stand between them and a transport.</summary>
public static class PacketNetworkExtensions
{
    /// <summary>An IPv4 header. RFC 791 §3.1.</summary>
    /// <param name="packet">A packet that ends in a link header, an IP header or a tunnel's.</param>
    /// <param name="source">The source address.</param>
    /// <param name="destination">The destination address.</param>
    /// <param name="timeToLive">How many routers may forward the packet.</param>
    public static Packet<Ipv4Fields> Ipv4<T>(this Packet<T> packet, Ipv4Address source, Ipv4Address destination, byte timeToLive = 64)
        where T : ICarriesPackets
        => packet.Value.WithIpv4(new Ipv4Fields(source, destination) { TimeToLive = timeToLive });

    /// <summary>An IPv4 header. RFC 791 §3.1.</summary>
    public static Packet<Ipv4Fields> Ipv4<T>(this Packet<T> packet, Ipv4Fields fields)
        where T : ICarriesPackets
        => packet.Value.WithIpv4(fields);

    /// <summary>An IPv6 header. RFC 8200 §3.</summary>
    /// <param name="packet">A packet that ends in a link header, an IP header or a tunnel's.</param>
    /// <param name="source">The source address.</param>
    /// <param name="destination">The destination address.</param>
    /// <param name="hopLimit">
    /// How many routers may forward the packet; if null, 255 for neighbor discovery (RFC 4861 §4), 1 for reports of listeners (RFC 3810 §5), else 64.
    /// </param>
    public static Packet<Ipv6Fields> Ipv6<T>(this Packet<T> packet, Ipv6Address source, Ipv6Address destination, byte? hopLimit = null)
        where T : ICarriesPackets
        => packet.Value.WithIpv6(source, destination, hopLimit);

    /// <summary>An IPv6 header. RFC 8200 §3.</summary>
    public static Packet<Ipv6Fields> Ipv6<T>(this Packet<T> packet, Ipv6Fields fields)
        where T : ICarriesPackets
        => packet.Value.WithIpv6(fields, PacketLayerKind.Ipv6);

    /// <summary>A hop-by-hop options header, padded. RFC 8200 §4.3: it comes right after the IPv6 header.</summary>
    public static Packet<OptionsHeaderFields> HopByHopOptions<T>(this Packet<T> packet, params ReadOnlySpan<Ipv6OptionFields> options)
        where T : IIpv6Fields
        => packet.With(new OptionsHeaderFields(FieldList.Create(options)), PacketLayerKind.ExtensionHeader, IpProtocol.HopByHopOptions);

    /// <summary>A destination options header, padded. RFC 8200 §4.6.</summary>
    public static Packet<OptionsHeaderFields> DestinationOptions<T>(this Packet<T> packet, params ReadOnlySpan<Ipv6OptionFields> options)
        where T : IIpv6Fields
        => packet.With(new OptionsHeaderFields(FieldList.Create(options)), PacketLayerKind.ExtensionHeader, IpProtocol.DestinationOptions);

    /// <summary>
    /// A routing header. RFC 8200 §4.4. While it has segments left, checksums are over the route's last address: RFC 8200 §8.1.
    /// </summary>
    public static Packet<RoutingFields> Routing<T>(this Packet<T> packet, RoutingFields fields)
        where T : IIpv6Fields
        => packet.With(fields, PacketLayerKind.ExtensionHeader, IpProtocol.Routing);

    /// <summary>A fragment header; a checksum after it covers what is written here, and no other fragment. RFC 8200 §4.5.</summary>
    public static Packet<FragmentFields> Fragment<T>(this Packet<T> packet, FragmentFields fields)
        where T : IIpv6Fields
        => packet.With(fields, PacketLayerKind.ExtensionHeader, IpProtocol.Fragment);

    /// <summary>Ends the packet with octets that are not looked at, of a protocol.</summary>
    public static Packet Payload<T>(this Packet<T> packet, IpProtocol protocol, ReadOnlySpan<byte> octets)
        where T : INetworkFields
        => packet.Value.WithOctets(octets, protocol);
}
