namespace Fluke6.Wire;

/// <summary>
/// The fields that a header or message is written from. Its lengths and checksums are not among them, nor is reserved space: those follow
/// from what is written.
/// </summary>
public interface IHeaderFields
{
    /// <summary>The octets that <see cref="Write"/> writes.</summary>
    int Length { get; }

    /// <summary>
    /// Writes the header at the start of <paramref name="destination"/>, which reaches to the end of all that the header carries: lengths
    /// follow from that, and so do the checksums of IPv4, ICMPv4 and GRE, which need no other header. Those over a pseudo-header are left
    /// zero; <c>Packet</c> fills them in.
    /// </summary>
    /// <param name="destination">At least <see cref="Length"/> octets; what follows them, the header's data, must stand there already.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter.</exception>
    void Write(Span<byte> destination);
}

/// <summary>A header that another packet may follow: IP in Ethernet, in IP, in a tunnel.</summary>
public interface ICarriesPackets : IHeaderFields;

/// <summary>A header that an Ethernet frame may follow: VXLAN, GENEVE, GRE.</summary>
public interface ICarriesFrames : IHeaderFields;

/// <summary>A header that an MPLS label stack may follow: Ethernet, IP, GRE, GENEVE, UDP, another label.</summary>
public interface ICarriesLabels : IHeaderFields;

/// <summary>A header of the link layer: Ethernet, a VLAN tag.</summary>
public interface ILinkFields : ICarriesPackets, ICarriesLabels;

/// <summary>A header that a transport may follow: IPv4, IPv6, an extension header.</summary>
public interface INetworkFields : ICarriesPackets, ICarriesLabels;

/// <summary>An IPv6 header or one of its extension headers.</summary>
public interface IIpv6Fields : INetworkFields;

/// <summary>A neighbor discovery message, which options may follow. RFC 4861 §4.</summary>
public interface INeighborDiscoveryFields : IHeaderFields;

/// <summary>An option of a neighbor discovery message. RFC 4861 §4.6.</summary>
public interface INeighborDiscoveryOptionFields : IHeaderFields
{
    /// <summary>Which option.</summary>
    NeighborDiscoveryOptionType Type { get; }
}
