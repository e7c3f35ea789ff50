using System.Buffers.Binary;

namespace Fluke6.Wire;

/// <summary>The part of a TCP segment that every ICMP error quotes: the ports and the sequence number. RFC 792.</summary>
internal static class QuotedSegment
{
    /// <summary>Where the sequence number stands in the segment, and how long it is, in octets.</summary>
    public const int SequenceNumberOffset = 4, SequenceNumberLength = sizeof(uint);

    /// <summary>The sequence number of a segment.</summary>
    public static uint SequenceNumber(ReadOnlySpan<byte> segment) => BinaryPrimitives.ReadUInt32BigEndian(segment[SequenceNumberOffset..]);

    /// <summary>Writes a sequence number alone.</summary>
    public static void Write(Span<byte> octets, uint sequenceNumber) => BinaryPrimitives.WriteUInt32BigEndian(octets, sequenceNumber);
}
