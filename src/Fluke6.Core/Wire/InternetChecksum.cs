using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fluke6.Wire;

/// <summary>The Internet checksum: the one's complement of the one's complement sum of 16-bit words. RFC 1071.</summary>
public static class InternetChecksum
{
    /// <summary>
    /// The folded one's complement sum of <paramref name="octets"/>, as a host-order number of big-endian words, not complemented.
    /// An odd last octet counts as the high half of a word. RFC 1071 §1.
    /// </summary>
    /// <param name="octets">Any length from 0 up.</param>
    /// <param name="initial">A sum to go on from, of octets before an even boundary.</param>
    public static ushort Sum(ReadOnlySpan<byte> octets, uint initial = 0)
    {
        // RFC 1071 §2(B): the sum is independent of byte order, so native words are summed and the result swapped once.
        ulong sum = 0;
        if (Vector.IsHardwareAccelerated && octets.Length >= 4 * Vector<byte>.Count)
            octets = octets[SumVectors(octets, ref sum)..];

        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(octets);
        foreach (uint word in words)
            sum += word;

        octets = octets[(words.Length * sizeof(uint))..];
        if (octets.Length >= sizeof(ushort))
        {
            sum += MemoryMarshal.Read<ushort>(octets);
            octets = octets[sizeof(ushort)..];
        }

        if (octets.Length > 0)
            sum += BitConverter.IsLittleEndian ? octets[0] : (uint)octets[0] << 8;

        ushort folded = Fold(sum);
        return Fold((BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded) + (ulong)initial);
    }

    /// <summary>The checksum field's value for <paramref name="octets"/> in which that field reads zero. RFC 1071 §1.</summary>
    public static ushort Compute(ReadOnlySpan<byte> octets, uint initial = 0) => (ushort)~Sum(octets, initial);

    /// <summary>Folds carries into 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Fold(ulong sum)
    {
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>The folded sum of the pseudo-header of IPv4 (RFC 9293 §3.1) or IPv6 (RFC 8200 §8.1).</summary>
    /// <param name="sourceAndDestination">Both addresses, side by side as they stand in the IP header: 8 or 32 octets.</param>
    /// <param name="protocol">The upper-layer protocol or next header.</param>
    /// <param name="upperLayerLength">The upper-layer header and data, in octets.</param>
    public static ushort PseudoHeaderSum(ReadOnlySpan<byte> sourceAndDestination, byte protocol, int upperLayerLength) =>
        Fold((ulong)Sum(sourceAndDestination) + protocol + (uint)upperLayerLength);

    /// <summary>Adjusts a checksum field for one changed word: HC' = ~(~HC + ~m + m'). RFC 1624 §3, equation 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Adjust(ushort checksum, ushort old, ushort @new)
    {
        uint sum = (uint)(ushort)~checksum + (ushort)~old + @new;
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>Adjusts an uncomplemented sum, as a partial checksum holds, for one changed word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort AdjustSum(ushort sum, ushort old, ushort @new) => (ushort)~Adjust((ushort)~sum, old, @new);

    private static int SumVectors(ReadOnlySpan<byte> octets, ref ulong sum)
    {
        ReadOnlySpan<Vector<uint>> vectors = MemoryMarshal.Cast<byte, Vector<uint>>(octets);
        Vector<ulong> low = Vector<ulong>.Zero, high = Vector<ulong>.Zero;
        foreach (Vector<uint> vector in vectors)
        {
            Vector.Widen(vector, out Vector<ulong> lower, out Vector<ulong> upper);
            low += lower;
            high += upper;
        }

        sum += Vector.Sum(low + high);
        return vectors.Length * Vector<byte>.Count;
    }
}
