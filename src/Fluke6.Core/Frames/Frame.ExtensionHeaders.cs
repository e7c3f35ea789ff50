using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>The IPv6 extension headers in order; none for other packets. RFC 8200 §4.</summary>
    public readonly Ipv6ExtensionHeaders ExtensionHeaders
    {
        get
        {
            ref readonly Layers layers = ref Layers;
            return layers.Network == EtherType.Ipv6
                ? new Ipv6ExtensionHeaders(_buffer.Octets[layers.NetworkOffset..layers.NetworkEnd], PseudoHeaderChecksum(layers))
                : new Ipv6ExtensionHeaders(default, new ChecksumField(default, ChecksumKind.Absent, _buffer));
        }
    }

    /// <summary>The options of the hop-by-hop options header. RFC 8200 §4.3.</summary>
    public readonly bool TryGetHopByHopOptions(out Ipv6Options options)
    {
        options = default;
        return ExtensionHeaders.TryGet(IpProtocol.HopByHopOptions, out var header) && header.TryGetOptions(out options);
    }

    /// <summary>The options of the first destination options header; a second may stand behind a routing header. RFC 8200 §4.6.</summary>
    public readonly bool TryGetDestinationOptions(out Ipv6Options options)
    {
        options = default;
        return ExtensionHeaders.TryGet(IpProtocol.DestinationOptions, out var header) && header.TryGetOptions(out options);
    }

    /// <summary>The first routing header. RFC 8200 §4.4.</summary>
    public readonly bool TryGetRoutingHeader(out RoutingHeader routing)
    {
        routing = default;
        return ExtensionHeaders.TryGet(IpProtocol.Routing, out var header) && header.TryGetRoutingHeader(out routing);
    }

    /// <summary>The IPv6 fragment header, that of an atomic fragment included. RFC 8200 §4.5.</summary>
    public readonly bool TryGetFragmentHeader(out FragmentHeader fragment)
    {
        fragment = default;
        return ExtensionHeaders.TryGet(IpProtocol.Fragment, out var header) && header.TryGetFragmentHeader(out fragment);
    }
}
