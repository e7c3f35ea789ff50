using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>The Ethernet header; false on TUN ports and for runts.</summary>
    public readonly bool TryGetEthernet(out EthernetHeader ethernet)
    {
        ethernet = default;
        return LinkType == LinkType.Ethernet && EthernetHeader.TryRead(_buffer.Octets, out ethernet, _buffer);
    }

    /// <summary>A VLAN tag; false if there are not that many.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="index">Which one, 0 for the outermost.</param>
    public readonly bool TryGetVlanTag(out VlanTag tag, int index = 0)
    {
        tag = default;
        return (uint)index < Layers.VlanTags
            && VlanTag.TryRead(_buffer.Octets[(EthernetHeader.Length + (index * VlanTag.Length))..], out tag, _buffer);
    }

    /// <summary>The ARP packet, if it is for IPv4 over Ethernet.</summary>
    public readonly bool TryGetArp(out ArpPacket arp)
    {
        ref readonly Layers layers = ref Layers;
        arp = default;
        return layers.Network == EtherType.Arp && ArpPacket.TryRead(_buffer.Octets[layers.NetworkOffset..], out arp, _buffer);
    }

    /// <summary>The IPv4 header.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetIpv4(out Ipv4Header ipv4)
    {
        ref readonly Layers layers = ref Layers;
        if (layers.Network != EtherType.Ipv4)
        {
            ipv4 = default;
            return false;
        }

        ipv4 = Ipv4(layers);
        return true;
    }

    /// <summary>The IPv6 header.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetIpv6(out Ipv6Header ipv6)
    {
        ref readonly Layers layers = ref Layers;
        if (layers.Network != EtherType.Ipv6)
        {
            ipv6 = default;
            return false;
        }

        ipv6 = Ipv6(layers);
        return true;
    }

    /// <summary>The TCP header; false for other protocols, for what is cut short and for fragments other than the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetTcp(out TcpHeader tcp)
    {
        // A local, for the compiler cannot know that nobody else writes to the frame meanwhile.
        FrameRegion buffer = _buffer;
        ref readonly Layers layers = ref buffer.LayersOf(_generation);
        if (layers.Transport != IpProtocol.Tcp)
        {
            tcp = default;
            return false;
        }

        tcp = TcpHeader.Over(
            buffer.Octets[layers.TransportOffset..layers.PayloadOffset],
            buffer.ChecksumIsPartial(layers.TransportOffset) ? ChecksumKind.Partial : ChecksumKind.Full,
            buffer);
        return true;
    }

    /// <summary>The UDP header; false for other protocols, for what is cut short and for fragments other than the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetUdp(out UdpHeader udp)
    {
        FrameRegion buffer = _buffer;
        ref readonly Layers layers = ref buffer.LayersOf(_generation);
        if (layers.Transport != IpProtocol.Udp)
        {
            udp = default;
            return false;
        }

        Span<byte> datagram = buffer.Octets[layers.TransportOffset..layers.PayloadEnd];
        bool isPartial = buffer.ChecksumIsPartial(layers.TransportOffset);
        udp = UdpHeader.Over(datagram, UdpHeader.ChecksumOf(datagram, isPartial, buffer));
        return true;
    }

    /// <summary>
    /// The ports of TCP or UDP, also where no more of the header is there, as in the packet that an ICMP error quotes; false for other protocols
    /// and for fragments other than the first.
    /// </summary>
    public readonly bool TryGetPorts(out TransportPorts ports)
    {
        ref readonly Layers layers = ref Layers;
        ports = default;
        if (layers.Network is not (EtherType.Ipv4 or EtherType.Ipv6) || layers.NextProtocol is not (IpProtocol.Tcp or IpProtocol.Udp)
            || layers.StoppedAt is not (LayerStop.Complete or LayerStop.TransportHeader)
            || layers.NetworkEnd - layers.TransportOffset < TransportPorts.Length)
        {
            return false;
        }

        ports = new TransportPorts(_buffer.Octets[layers.TransportOffset..layers.NetworkEnd], PseudoHeaderChecksum(layers));
        return true;
    }

    /// <summary>The transport's payload; empty where there is no transport header. To write, see <see cref="WritePayload"/>.</summary>
    public readonly ReadOnlySpan<byte> Payload
    {
        get
        {
            ref readonly Layers layers = ref Layers;
            return layers.HasTransport ? _buffer.Octets[layers.PayloadOffset..layers.PayloadEnd] : default;
        }
    }

    private readonly AddressChecksum Addresses() =>
        new(_buffer.Octets[Layers.NetworkOffset..Layers.NetworkEnd], PseudoHeaderChecksum(Layers));

    private readonly Ipv4Header Ipv4(in Layers layers) =>
        Ipv4Header.Over(_buffer.Octets[layers.NetworkOffset..layers.TransportOffset], PseudoHeaderChecksum(layers));

    private readonly Ipv6Header Ipv6(in Layers layers) =>
        Ipv6Header.Over(_buffer.Octets[layers.NetworkOffset..layers.NetworkEnd], PseudoHeaderChecksum(layers));

    private readonly ChecksumField PseudoHeaderChecksum(in Layers layers) => _buffer.PseudoHeaderChecksum(layers);

    private readonly ChecksumField TransportChecksum() => _buffer.TransportChecksum(Layers);
}
