using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of an <see cref="Ipv6Header"/>. RFC 8200 §3.</summary>
/// <param name="Source">The source address.</param>
/// <param name="Destination">The destination address.</param>
/// <param name="NextHeader">What follows; in a packet, the next header says it.</param>
public readonly record struct Ipv6Fields(Ipv6Address Source, Ipv6Address Destination, IpProtocol NextHeader = IpProtocol.NoNextHeader) : IIpv6Fields
{
    /// <summary>How many routers may forward the packet. IANA "IP Parameters".</summary>
    public byte HopLimit { get; init; } = 64;

    /// <summary>Differentiated services and congestion notification together, 8 bits.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>Flow label, 20 bits. RFC 6437.</summary>
    public uint FlowLabel { get; init; }

    /// <inheritdoc/>
    public int Length => Ipv6Header.Length;

    /// <summary>What a header says.</summary>
    public static Ipv6Fields Read(Ipv6Header header) => new(header.Source, header.Destination, header.NextHeader)
    {
        HopLimit = header.HopLimit, TrafficClass = header.TrafficClass, FlowLabel = header.FlowLabel,
    };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        WriteUInt32BigEndian(destination, (6u << 28) | ((uint)TrafficClass << 20) | FieldRange.Of(FlowLabel, 20, nameof(FlowLabel)));
        destination[6] = (byte)NextHeader;
        destination[7] = HopLimit;
        Source.WriteTo(destination[8..]);
        Destination.WriteTo(destination[24..]);
        Complete(destination);
    }

    /// <summary>Writes the payload length.</summary>
    /// <param name="packet">The packet, from its header to its end.</param>
    internal static void Complete(Span<byte> packet) => WriteLength(packet, packet.Length);

    /// <summary>Writes the payload length.</summary>
    /// <param name="header">The header.</param>
    /// <param name="length">The whole packet's length, in octets.</param>
    internal static void WriteLength(Span<byte> header, int length) => WriteUInt16BigEndian(header[4..], (ushort)(length - Ipv6Header.Length));

    /// <summary>Writes what follows the header.</summary>
    internal static void WriteNextHeader(Span<byte> header, IpProtocol next) => header[6] = (byte)next;
}
