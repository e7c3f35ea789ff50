using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

// Most frames are not ICMPv6: that is told in line, in the rule itself.
// RFC 4861 §6.1, §7.1 and §8.1 ask of receivers also to check hop limit 255, the checksum and every option's length; these methods ask
// for type, code 0 and sufficient length only, so that a rule sees what a receiver would discard.
public ref partial struct Frame
{
    /// <summary>
    /// The router solicitation; whether it came with hop limit 255, as receivers demand, is for <c>ipv6.HopLimit</c> to say. RFC 4861
    /// §4.1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetRouterSolicitation(out RouterSolicitation solicitation)
    {
        if (Layers.Transport != IpProtocol.Icmpv6)
        {
            solicitation = default;
            return false;
        }

        return GetRouterSolicitation(out solicitation);
    }

    /// <summary>
    /// The router advertisement; whether it came with hop limit 255, as receivers demand, is for <c>ipv6.HopLimit</c> to say. RFC 4861
    /// §4.2.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetRouterAdvertisement(out RouterAdvertisement advertisement)
    {
        if (Layers.Transport != IpProtocol.Icmpv6)
        {
            advertisement = default;
            return false;
        }

        return GetRouterAdvertisement(out advertisement);
    }

    /// <summary>
    /// The neighbor solicitation; whether it came with hop limit 255, as receivers demand, is for <c>ipv6.HopLimit</c> to say. RFC 4861
    /// §4.3.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetNeighborSolicitation(out NeighborSolicitation solicitation)
    {
        if (Layers.Transport != IpProtocol.Icmpv6)
        {
            solicitation = default;
            return false;
        }

        return GetNeighborSolicitation(out solicitation);
    }

    /// <summary>
    /// The neighbor advertisement; whether it came with hop limit 255, as receivers demand, is for <c>ipv6.HopLimit</c> to say. RFC
    /// 4861 §4.4.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetNeighborAdvertisement(out NeighborAdvertisement advertisement)
    {
        if (Layers.Transport != IpProtocol.Icmpv6)
        {
            advertisement = default;
            return false;
        }

        return GetNeighborAdvertisement(out advertisement);
    }

    /// <summary>
    /// The redirect; whether it came with hop limit 255, as receivers demand, is for <c>ipv6.HopLimit</c> to say. RFC 4861 §4.5.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetRedirect(out Redirect redirect)
    {
        if (Layers.Transport != IpProtocol.Icmpv6)
        {
            redirect = default;
            return false;
        }

        return GetRedirect(out redirect);
    }

    private readonly bool GetRouterSolicitation(out RouterSolicitation solicitation)
    {
        bool found = TryGetNeighborDiscovery(Icmpv6Type.RouterSolicitation, RouterSolicitation.MinLength, out Span<byte> message);
        solicitation = found ? new RouterSolicitation(message, TransportChecksum()) : default;
        return found;
    }

    private readonly bool GetRouterAdvertisement(out RouterAdvertisement advertisement)
    {
        bool found = TryGetNeighborDiscovery(Icmpv6Type.RouterAdvertisement, RouterAdvertisement.MinLength, out Span<byte> message);
        advertisement = found ? new RouterAdvertisement(message, TransportChecksum()) : default;
        return found;
    }

    private readonly bool GetNeighborSolicitation(out NeighborSolicitation solicitation)
    {
        bool found = TryGetNeighborDiscovery(Icmpv6Type.NeighborSolicitation, NeighborSolicitation.MinLength, out Span<byte> message);
        solicitation = found ? new NeighborSolicitation(message, TransportChecksum()) : default;
        return found;
    }

    private readonly bool GetNeighborAdvertisement(out NeighborAdvertisement advertisement)
    {
        bool found = TryGetNeighborDiscovery(Icmpv6Type.NeighborAdvertisement, NeighborAdvertisement.MinLength, out Span<byte> message);
        advertisement = found ? new NeighborAdvertisement(message, TransportChecksum()) : default;
        return found;
    }

    private readonly bool GetRedirect(out Redirect redirect)
    {
        bool found = TryGetNeighborDiscovery(Icmpv6Type.Redirect, Redirect.MinLength, out Span<byte> message);
        redirect = found ? new Redirect(message, TransportChecksum()) : default;
        return found;
    }

    private readonly bool TryGetNeighborDiscovery(Icmpv6Type type, int minLength, out Span<byte> message)
    {
        ref readonly Layers layers = ref Layers;
        message = _buffer.Octets[layers.TransportOffset..layers.PayloadEnd];
        return Icmpv6Header.IsNeighborDiscovery(message, type, 0)
            && (message.Length >= minLength || IsMalformed());
    }
}
