using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of an <see cref="EthernetHeader"/>. IEEE 802.3 §3.1.1.</summary>
/// <param name="Source">The source MAC address.</param>
/// <param name="Destination">The destination MAC address.</param>
/// <param name="EtherType">What follows; in a packet, the next header says it.</param>
public readonly record struct EthernetFields(MacAddress Source, MacAddress Destination, EtherType EtherType = EtherType.None)
    : ILinkFields
{
    /// <inheritdoc/>
    public int Length => EthernetHeader.Length;

    /// <summary>What a header says.</summary>
    public static EthernetFields Read(EthernetHeader header) => new(header.Source, header.Destination, header.EtherType);

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Destination.WriteTo(destination);
        Source.WriteTo(destination[6..]);
        WriteUInt16BigEndian(destination[12..], (ushort)EtherType);
    }
}
