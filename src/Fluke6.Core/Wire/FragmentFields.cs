using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="FragmentHeader"/>; as they are by default, an atomic fragment. RFC 8200 §4.5, RFC 6946.</summary>
/// <param name="Identification">Tells the fragments of one packet from another's.</param>
/// <param name="NextHeader">What follows in the first fragment; in a packet, the next header says it.</param>
public readonly record struct FragmentFields(uint Identification, IpProtocol NextHeader = IpProtocol.NoNextHeader) : IIpv6Fields
{
    /// <summary>Where the data belongs in the fragmentable part, in octets, a multiple of 8 up to 65,528.</summary>
    public int FragmentOffset { get; init; }

    /// <summary>M: this is not the last fragment.</summary>
    public bool MoreFragments { get; init; }

    /// <inheritdoc/>
    public int Length => FragmentHeader.Length;

    /// <summary>What a header says.</summary>
    public static FragmentFields Read(FragmentHeader header) => new(header.Identification, header.NextHeader)
    {
        FragmentOffset = header.FragmentOffset, MoreFragments = header.MoreFragments,
    };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        (destination[0], destination[1]) = ((byte)NextHeader, 0);
        int offset = FieldRange.FragmentOffset(FragmentOffset, nameof(FragmentOffset));
        WriteUInt16BigEndian(destination[2..], (ushort)(offset | (MoreFragments ? 1 : 0)));
        WriteUInt32BigEndian(destination[4..], Identification);
    }
}
