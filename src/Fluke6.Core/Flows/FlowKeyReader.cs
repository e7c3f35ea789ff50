using System.Runtime.CompilerServices;
using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Flows;

/// <summary>Reads from a frame which flow it belongs to.</summary>
internal static class FlowKeyReader
{
    private const byte IcmpEchoReply = 0, IcmpEchoRequest = 8;              // RFC 792
    private const byte Icmpv6EchoRequest = 128, Icmpv6EchoReply = 129;      // RFC 4443 §4

    /// <summary>The frame's flow.</summary>
    /// <param name="octets">The frame.</param>
    /// <param name="layers">Where its headers are.</param>
    /// <param name="linkType">What it begins with.</param>
    /// <param name="swapped">Whether the sender is the flow's upper end.</param>
    public static FlowKey Read(ReadOnlySpan<byte> octets, in Layers layers, LinkType linkType, out bool swapped)
    {
        uint vlans = Vlans(octets, layers);
        ReadOnlySpan<byte> network;
        switch (layers.Network)
        {
            case EtherType.Ipv4:
                network = octets.Slice(layers.NetworkOffset, Ipv4Header.MinLength);
                (ushort source, ushort destination) = Ports(octets, layers);
                return FlowKey.Between(
                    (0, ReadUInt32BigEndian(network[12..])), (0, ReadUInt32BigEndian(network[16..])), source, destination,
                    FlowKey.Kind(FlowFamily.Ipv4, EtherType.Ipv4, layers.NextProtocol), vlans, out swapped);

            case EtherType.Ipv6:
                network = octets.Slice(layers.NetworkOffset, Ipv6Header.Length);
                (source, destination) = Ports(octets, layers);
                return FlowKey.Between(
                    (ReadUInt64BigEndian(network[8..]), ReadUInt64BigEndian(network[16..])),
                    (ReadUInt64BigEndian(network[24..]), ReadUInt64BigEndian(network[32..])), source, destination,
                    FlowKey.Kind(FlowFamily.Ipv6, EtherType.Ipv6, layers.NextProtocol), vlans, out swapped);

            default:
                return Link(octets, layers, linkType, vlans, out swapped);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ushort Source, ushort Destination) Ports(ReadOnlySpan<byte> octets, in Layers layers)
    {
        if (!layers.HasTransport)
            return default;

        ReadOnlySpan<byte> transport = octets.Slice(layers.TransportOffset, 8);
        if (layers.Transport is IpProtocol.Tcp or IpProtocol.Udp)
            return (ReadUInt16BigEndian(transport), ReadUInt16BigEndian(transport[2..]));

        // Type and identifier stand at the same place in both ICMPs.
        bool echo = layers.Transport == IpProtocol.Icmpv4
            ? transport[0] is IcmpEchoReply or IcmpEchoRequest
            : transport[0] is Icmpv6EchoRequest or Icmpv6EchoReply;
        ushort identifier = echo ? ReadUInt16BigEndian(transport[4..]) : (ushort)0;
        return (identifier, identifier);
    }

    private static FlowKey Link(ReadOnlySpan<byte> octets, in Layers layers, LinkType linkType, uint vlans, out bool swapped)
    {
        uint kind = FlowKey.Kind(FlowFamily.Link, layers.EtherType, 0);
        if (linkType != LinkType.Ethernet || octets.Length < EthernetHeader.Length)
            return FlowKey.Between(default, default, 0, 0, kind, vlans, out swapped);

        return FlowKey.Between(
            (0, MacAddress.Read(octets[6..]).ToUInt64()), (0, MacAddress.Read(octets).ToUInt64()), 0, 0, kind, vlans, out swapped);
    }

    /// <summary>The VLANs that a frame is in, as <see cref="FlowKey.Between"/> takes them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Vlans(ReadOnlySpan<byte> octets, in Layers layers) => layers.VlanTags == 0 ? 0 : Vlans(octets, layers.VlanTags);

    private static uint Vlans(ReadOnlySpan<byte> octets, int tags)
    {
        uint outer = ReadUInt16BigEndian(octets[EthernetHeader.Length..]) & 0xFFFu;
        uint inner = tags < 2 ? 0 : ReadUInt16BigEndian(octets[(EthernetHeader.Length + VlanTag.Length)..]) & 0xFFFu;
        return (outer << 16) | inner;
    }
}
