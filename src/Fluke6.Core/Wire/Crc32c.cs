using System.Numerics;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>SCTP's checksum: CRC-32 with the Castagnoli polynomial. RFC 9260 §6.8, appendix A.</summary>
public static class Crc32c
{
    /// <summary>An SCTP packet's common header, in octets. RFC 9260 §3.1.</summary>
    internal const int SctpHeaderLength = 12;

    /// <summary>Where in that header the checksum stands, for 4 octets.</summary>
    internal const int SctpChecksumOffset = 8;

    /// <summary>The CRC of <paramref name="octets"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> octets) => ~Update(uint.MaxValue, octets);

    /// <summary>Writes the checksum of an SCTP packet into its header.</summary>
    /// <param name="packet">The packet, from its common header to its end; too short a one stays as it is.</param>
    public static void WriteSctpChecksum(Span<byte> packet)
    {
        if (packet.Length < SctpHeaderLength)
            return;

        Span<byte> field = packet.Slice(SctpChecksumOffset, sizeof(uint));
        field.Clear();
        // RFC 9260 appendix A: the remainder's octets stand in the order in which the bits were taken, which is little-endian.
        WriteUInt32LittleEndian(field, Compute(packet));
    }

    private static uint Update(uint crc, ReadOnlySpan<byte> octets)
    {
        for (; octets.Length >= sizeof(ulong); octets = octets[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, ReadUInt64LittleEndian(octets));
        foreach (byte octet in octets)
            crc = BitOperations.Crc32C(crc, octet);
        return crc;
    }
}
