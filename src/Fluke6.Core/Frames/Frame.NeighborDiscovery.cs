using Fluke6.Wire;

namespace Fluke6.Frames;

// RFC 4861 §6.1, §7.1 and §8.1 ask of receivers also to check hop limit 255, the checksum and every option's length; these methods ask
// for type, code 0 and sufficient length only, so that a rule sees what a receiver would discard.
public ref partial struct Frame
{
    /// <summary>
    /// The router solicitation; whether it came with hop limit 255, as receivers demand, is for <c>ipv6.HopLimit</c> to say. RFC 4861
    /// §4.1.
    /// </summary>
    public readonly bool TryGetRouterSolicitation(out RouterSolicitation solicitation)
    {
        bool found = TryGetNeighborDiscovery(Icmpv6Type.RouterSolicitation, RouterSolicitation.MinLength, out Span<byte> message);
        solicitation = found ? new RouterSolicitation(message, TransportChecksum()) : default;
        return found;
    }

    /// <summary>
    /// The router advertisement; whether it came with hop limit 255, as receivers demand, is for <c>ipv6.HopLimit</c> to say. RFC 4861
    /// §4.2.
    /// </summary>
    public readonly bool TryGetRouterAdvertisement(out RouterAdvertisement advertisement)
    {
        bool found = TryGetNeighborDiscovery(Icmpv6Type.RouterAdvertisement, RouterAdvertisement.MinLength, out Span<byte> message);
        advertisement = found ? new RouterAdvertisement(message, TransportChecksum()) : default;
        return found;
    }

    /// <summary>
    /// The neighbor solicitation; whether it came with hop limit 255, as receivers demand, is for <c>ipv6.HopLimit</c> to say. RFC 4861
    /// §4.3.
    /// </summary>
    public readonly bool TryGetNeighborSolicitation(out NeighborSolicitation solicitation)
    {
        bool found = TryGetNeighborDiscovery(Icmpv6Type.NeighborSolicitation, NeighborSolicitation.MinLength, out Span<byte> message);
        solicitation = found ? new NeighborSolicitation(message, TransportChecksum()) : default;
        return found;
    }

    /// <summary>
    /// The neighbor advertisement; whether it came with hop limit 255, as receivers demand, is for <c>ipv6.HopLimit</c> to say. RFC
    /// 4861 §4.4.
    /// </summary>
    public readonly bool TryGetNeighborAdvertisement(out NeighborAdvertisement advertisement)
    {
        bool found = TryGetNeighborDiscovery(Icmpv6Type.NeighborAdvertisement, NeighborAdvertisement.MinLength, out Span<byte> message);
        advertisement = found ? new NeighborAdvertisement(message, TransportChecksum()) : default;
        return found;
    }

    /// <summary>
    /// The redirect; whether it came with hop limit 255, as receivers demand, is for <c>ipv6.HopLimit</c> to say. RFC 4861 §4.5.
    /// </summary>
    public readonly bool TryGetRedirect(out Redirect redirect)
    {
        bool found = TryGetNeighborDiscovery(Icmpv6Type.Redirect, Redirect.MinLength, out Span<byte> message);
        redirect = found ? new Redirect(message, TransportChecksum()) : default;
        return found;
    }

    private readonly bool TryGetNeighborDiscovery(Icmpv6Type type, int minLength, out Span<byte> message)
    {
        ref readonly Layers layers = ref Layers;
        message = layers.Transport == IpProtocol.Icmpv6 ? _buffer.Octets[layers.TransportOffset..layers.PayloadEnd] : default;
        return Icmpv6Header.IsNeighborDiscovery(message, type, minLength);
    }
}
