using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>
    /// Turns the frame around: swaps the MAC addresses, the IP addresses, the TCP or UDP ports, and in ARP the sender with the target,
    /// whichever of them it has. No checksum changes, for a sum does not mind the order of its words.
    /// </summary>
    /// <remarks>
    /// Only addresses and ports: sequence numbers, message types, hop limits and options are the caller's, and a frame sent to a group
    /// ends up coming from one. Refused where a source route has hops to go: what the header calls the destination is then but the next
    /// stop, and a route must not be reversed unasked (RFC 8200 §8.4). Refused also where a home address stands for the source (RFC 6275 §6.3).
    /// </remarks>
    public readonly EditResult Mirror()
    {
        ref readonly Layers layers = ref Layers;
        bool hasEthernet = LinkType == LinkType.Ethernet && Length >= EthernetHeader.Length;
        if (!hasEthernet && layers.Network == EtherType.None)
            return EditResult.Unchanged;
        if (layers.HasOtherAddresses)
            return EditResult.Refused;

        _buffer.BeforeHeaderEdit();
        Span<byte> octets = _buffer.Octets;
        if (hasEthernet)
            SwapHalves(octets[..(2 * MacAddress.Length)]);

        Span<byte> network = octets[layers.NetworkOffset..];
        switch (layers.Network)
        {
            case EtherType.Ipv4:
                SwapHalves(network.Slice(12, 2 * Ipv4Address.Length));
                break;
            case EtherType.Ipv6:
                SwapHalves(network.Slice(8, 2 * Ipv6Address.Length));
                break;
            case EtherType.Arp:
                SwapHalves(network.Slice(8, 2 * (MacAddress.Length + Ipv4Address.Length)));
                break;
        }

        if (layers.HasTransport && layers.Transport is IpProtocol.Tcp or IpProtocol.Udp)
            SwapHalves(octets.Slice(layers.TransportOffset, 2 * sizeof(ushort)));

        return EditResult.Changed;
    }

    private static void SwapHalves(Span<byte> pair)
    {
        Span<byte> first = pair[..(pair.Length / 2)], second = pair[(pair.Length / 2)..];
        Span<byte> saved = stackalloc byte[Ipv6Address.Length];
        first.CopyTo(saved);
        second.CopyTo(first);
        saved[..first.Length].CopyTo(second);
    }
}
