using System.Buffers.Binary;

namespace Fluke6.Wire;

/// <summary>A block of the SACK option. RFC 2018 §3.</summary>
/// <param name="Left">The first sequence number of what arrived.</param>
/// <param name="Right">The sequence number right after it.</param>
internal readonly record struct SackBlock(uint Left, uint Right)
{
    /// <summary>In octets.</summary>
    public const int Length = 2 * sizeof(uint);

    /// <summary>Reads a block, which the octets begin with.</summary>
    public static SackBlock Read(ReadOnlySpan<byte> octets) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(octets), BinaryPrimitives.ReadUInt32BigEndian(octets[sizeof(uint)..]));

    /// <summary>Writes it to the beginning of the octets.</summary>
    public void Write(Span<byte> octets)
    {
        BinaryPrimitives.WriteUInt32BigEndian(octets, Left);
        BinaryPrimitives.WriteUInt32BigEndian(octets[sizeof(uint)..], Right);
    }
}
