using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>Neighbor discovery messages and their options. RFC 4861 §4. Where no hop limit was given, it is 255.</summary>
public static class PacketNeighborDiscoveryExtensions
{
    private const byte HopLimit = 255;

    /// <summary>A router solicitation; options may follow. RFC 4861 §4.1.</summary>
    public static Packet<RouterSolicitationFields> RouterSolicitation<T>(this Packet<T> packet)
        where T : IIpv6Fields
        => packet.Value.WithMessage(default(RouterSolicitationFields), HopLimit);

    /// <summary>A router advertisement; options may follow. RFC 4861 §4.2.</summary>
    /// <param name="packet">A packet that ends in an IPv6 header or an extension header.</param>
    /// <param name="routerLifetime">How long the router serves as a default router, in seconds; 0 for not at all.</param>
    public static Packet<RouterAdvertisementFields> RouterAdvertisement<T>(this Packet<T> packet, ushort routerLifetime = 1800)
        where T : IIpv6Fields
        => packet.RouterAdvertisement(new RouterAdvertisementFields { RouterLifetime = routerLifetime });

    /// <summary>A router advertisement; options may follow. RFC 4861 §4.2.</summary>
    public static Packet<RouterAdvertisementFields> RouterAdvertisement<T>(this Packet<T> packet, RouterAdvertisementFields fields)
        where T : IIpv6Fields
        => packet.Value.WithMessage(fields, HopLimit);

    /// <summary>A neighbor solicitation; options may follow. RFC 4861 §4.3. It goes to <see cref="Ipv6Address.SolicitedNodeMulticast"/>.</summary>
    /// <param name="packet">A packet that ends in an IPv6 header or an extension header.</param>
    /// <param name="target">The address asked for.</param>
    public static Packet<NeighborSolicitationFields> NeighborSolicitation<T>(this Packet<T> packet, Ipv6Address target)
        where T : IIpv6Fields
        => packet.NeighborSolicitation(new NeighborSolicitationFields(target));

    /// <summary>A neighbor solicitation; options may follow. RFC 4861 §4.3.</summary>
    public static Packet<NeighborSolicitationFields> NeighborSolicitation<T>(this Packet<T> packet, NeighborSolicitationFields fields)
        where T : IIpv6Fields
        => packet.Value.WithMessage(fields, HopLimit);

    /// <summary>A neighbor advertisement; options may follow. RFC 4861 §4.4.</summary>
    /// <param name="packet">A packet that ends in an IPv6 header or an extension header.</param>
    /// <param name="target">The address that is advertised.</param>
    /// <param name="router">R: the sender is a router.</param>
    /// <param name="solicited">S: this answers a solicitation.</param>
    /// <param name="override">O: the link-layer address is to replace the one that is known.</param>
    public static Packet<NeighborAdvertisementFields> NeighborAdvertisement<T>(
        this Packet<T> packet, Ipv6Address target, bool router = false, bool solicited = false, bool @override = true)
        where T : IIpv6Fields
        => packet.NeighborAdvertisement(new NeighborAdvertisementFields(target) { Router = router, Solicited = solicited, Override = @override });

    /// <summary>A neighbor advertisement; options may follow. RFC 4861 §4.4.</summary>
    public static Packet<NeighborAdvertisementFields> NeighborAdvertisement<T>(this Packet<T> packet, NeighborAdvertisementFields fields)
        where T : IIpv6Fields
        => packet.Value.WithMessage(fields, HopLimit);

    /// <summary>A redirect; options may follow. RFC 4861 §4.5.</summary>
    /// <param name="packet">A packet that ends in an IPv6 header or an extension header.</param>
    /// <param name="target">The better first hop; the same as the destination where that is a neighbor.</param>
    /// <param name="destination">The destination that is redirected.</param>
    public static Packet<RedirectFields> Redirect<T>(this Packet<T> packet, Ipv6Address target, Ipv6Address destination)
        where T : IIpv6Fields
        => packet.Value.WithMessage(new RedirectFields(target, destination), HopLimit);

    /// <summary>An option. RFC 4861 §4.6.</summary>
    public static Packet<T> Option<T, TOption>(this Packet<T> packet, TOption option)
        where T : INeighborDiscoveryFields
        where TOption : INeighborDiscoveryOptionFields
        => new(packet.Value.WithPart(option));

    /// <summary>SLLA: the sender's MAC address. RFC 4861 §4.6.1.</summary>
    public static Packet<T> SourceLinkLayer<T>(this Packet<T> packet, MacAddress address)
        where T : INeighborDiscoveryFields
        => packet.Option(LinkLayerAddressOptionFields.Source(address));

    /// <summary>TLLA: the target's MAC address. RFC 4861 §4.6.1.</summary>
    public static Packet<T> TargetLinkLayer<T>(this Packet<T> packet, MacAddress address)
        where T : INeighborDiscoveryFields
        => packet.Option(LinkLayerAddressOptionFields.Target(address));

    /// <summary>Prefix information: on the link, and to make addresses from. RFC 4861 §4.6.2.</summary>
    /// <param name="packet">A packet that ends in a neighbor discovery message.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="valid">How long it is on the link and its addresses are valid, in seconds.</param>
    /// <param name="preferred">How long addresses made from it are preferred, in seconds.</param>
    public static Packet<T> Prefix<T>(this Packet<T> packet, Ipv6Prefix prefix, uint valid = 30 * 24 * 3600, uint preferred = 7 * 24 * 3600)
        where T : INeighborDiscoveryFields
        => packet.Option(new PrefixInformationFields(prefix) { ValidLifetime = valid, PreferredLifetime = preferred });

    /// <summary>The link's MTU, in octets. RFC 4861 §4.6.4.</summary>
    public static Packet<T> Mtu<T>(this Packet<T> packet, uint mtu)
        where T : INeighborDiscoveryFields
        => packet.Option(new MtuOptionFields(mtu));

    /// <summary>A route that the router has. RFC 4191 §2.3.</summary>
    /// <param name="packet">A packet that ends in a neighbor discovery message.</param>
    /// <param name="prefix">Where to.</param>
    /// <param name="preference">Whether hosts are to prefer it to others.</param>
    /// <param name="lifetime">How long it holds, in seconds.</param>
    public static Packet<T> Route<T>(
        this Packet<T> packet, Ipv6Prefix prefix, RouterPreference preference = RouterPreference.Medium, uint lifetime = 1800)
        where T : INeighborDiscoveryFields
        => packet.Option(new RouteInformationFields(prefix) { Preference = preference, RouteLifetime = lifetime });

    /// <summary>RDNSS: name servers, for 1,800 seconds. RFC 8106 §5.1.</summary>
    public static Packet<T> RecursiveDnsServers<T>(this Packet<T> packet, params ReadOnlySpan<Ipv6Address> servers)
        where T : INeighborDiscoveryFields
        => packet.Option(new RecursiveDnsServersFields(FieldList.Create(servers)));

    /// <summary>DNSSL: names to search, for 1,800 seconds. RFC 8106 §5.2.</summary>
    public static Packet<T> DnsSearchList<T>(this Packet<T> packet, params ReadOnlySpan<DnsName> names)
        where T : INeighborDiscoveryFields
        => packet.Option(new DnsSearchListFields(FieldList.Create(names)));

    /// <summary>PREF64: the prefix under which a NAT64 reaches IPv4, for 1,800 seconds. RFC 8781 §4.</summary>
    public static Packet<T> Pref64<T>(this Packet<T> packet, Ipv6Prefix prefix)
        where T : INeighborDiscoveryFields
        => packet.Option(new Pref64Fields(prefix));

    /// <summary>The packet that caused a redirect, or its beginning, from its IPv6 header on. RFC 4861 §4.6.3.</summary>
    public static Packet<RedirectFields> RedirectedHeader(this Packet<RedirectFields> packet, ReadOnlySpan<byte> invokingPacket) =>
        packet.Option(new RedirectedHeaderFields(FieldList.Create(invokingPacket)));
}
