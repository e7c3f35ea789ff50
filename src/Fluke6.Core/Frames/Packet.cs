using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>
/// A packet written from the fields of its headers: <c>Packet.Ethernet(mac).Ipv6(source, destination).Udp(53, 1024).Payload(octets)</c>. Lengths,
/// checksums and what each header says of the next are filled in; so is a MAC destination that is not given, where the IP destination is a
/// group: else it is the broadcast address.
/// </summary>
/// <remarks>
/// <para>A value: each step gives another packet and leaves the one before as it was, so that a rule may keep one and go on from it more
/// than once. <see cref="Write"/> allocates nothing, nor do the steps, up to 256 octets in all; a longer packet takes an array.</para>
/// <para>Steps are offered where RFCs allow them: a <see cref="Packet{T}"/> knows which header is its last.</para>
/// </remarks>
public partial struct Packet : ISpanFormattable
{
    private PacketOctets _inline;
    private byte[]? _array;     // all octets, if they are too many; shared by what goes on from this packet, and so never written again
    private PacketLayers _layers;
    private int _layerCount;

    private Packet(LinkType linkType) => LinkType = linkType;

    /// <summary>What the packet begins with: an Ethernet header, or as on TUN ports an IP header.</summary>
    public LinkType LinkType { get; }

    /// <summary>The whole packet, in octets.</summary>
    public int Length { get; private set; }

    /// <summary>A frame of Ethernet.</summary>
    /// <param name="source">The source MAC address.</param>
    /// <param name="destination">
    /// The destination MAC address; if null, the group's where IP goes to a group (RFC 2464 §7, RFC 1112 §6.4), else the broadcast address.
    /// </param>
    public static Packet<EthernetFields> Ethernet(MacAddress source, MacAddress? destination = null)
    {
        var kind = destination is null ? PacketLayerKind.EthernetToNobodyYet : PacketLayerKind.Ethernet;
        return new Packet(LinkType.Ethernet).With(new EthernetFields(source, destination ?? MacAddress.Broadcast), kind);
    }

    /// <summary>A frame of Ethernet.</summary>
    public static Packet<EthernetFields> Ethernet(EthernetFields fields) => new Packet(LinkType.Ethernet).With(fields, PacketLayerKind.Ethernet);

    /// <summary>A packet of IPv4 without a link header, for TUN ports.</summary>
    /// <inheritdoc cref="PacketNetworkExtensions.Ipv4{T}(Packet{T}, Ipv4Address, Ipv4Address, byte)"/>
    public static Packet<Ipv4Fields> Ipv4(Ipv4Address source, Ipv4Address destination, byte timeToLive = 64) =>
        Ipv4(new Ipv4Fields(source, destination) { TimeToLive = timeToLive });

    /// <summary>A packet of IPv4 without a link header, for TUN ports.</summary>
    public static Packet<Ipv4Fields> Ipv4(Ipv4Fields fields) => new Packet(LinkType.RawIp).With(fields, PacketLayerKind.Ipv4);

    /// <summary>A packet of IPv6 without a link header, for TUN ports.</summary>
    /// <inheritdoc cref="PacketNetworkExtensions.Ipv6{T}(Packet{T}, Ipv6Address, Ipv6Address, byte?)"/>
    public static Packet<Ipv6Fields> Ipv6(Ipv6Address source, Ipv6Address destination, byte? hopLimit = null) =>
        new Packet(LinkType.RawIp).WithIpv6(source, destination, hopLimit);

    /// <summary>A packet of IPv6 without a link header, for TUN ports.</summary>
    public static Packet<Ipv6Fields> Ipv6(Ipv6Fields fields) => new Packet(LinkType.RawIp).With(fields, PacketLayerKind.Ipv6);

    /// <summary>Writes the packet, lengths and checksums included.</summary>
    /// <param name="destination">At least <see cref="Length"/> octets.</param>
    /// <returns>How many were written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter.</exception>
    public readonly int Write(Span<byte> destination)
    {
        Span<byte> octets = destination[..Length];
        if (_array is null)
            ((ReadOnlySpan<byte>)_inline)[..Length].CopyTo(octets);
        else
            _array.CopyTo(octets);
        Complete(octets);
        return Length;
    }

    /// <summary>The packet, lengths and checksums included.</summary>
    public readonly byte[] ToArray()
    {
        byte[] octets = new byte[Length];
        Write(octets);
        return octets;
    }

    /// <summary>The packet in one line, as tcpdump would print it.</summary>
    public override readonly string ToString() => FramePrinter.Print(ToArray(), LinkType);

    /// <inheritdoc cref="ToString()"/>
    public readonly string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public readonly bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        FramePrinter.TryFormat(ToArray(), LinkType, destination, out charsWritten);

}
