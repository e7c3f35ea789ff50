using System.Numerics;

namespace Fluke6.Flows;

/// <summary>
/// A keyed hash that cannot be foretold without the key, however many of its values are seen: SipHash-2-4. Aumasson, Bernstein, "SipHash: a
/// fast short-input PRF", 2012.
/// </summary>
/// <param name="Low">The key's first eight octets, little-endian.</param>
/// <param name="High">Its last eight.</param>
internal readonly record struct SipHash(ulong Low, ulong High)
{
    /// <summary>A hash with a random key.</summary>
    public static SipHash Create(Random random)
    {
        Span<ulong> key = stackalloc ulong[2];
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(key));
        return new SipHash(key[0], key[1]);
    }

    /// <summary>The hash of whole words, each eight octets, little-endian.</summary>
    public ulong Compute(params ReadOnlySpan<ulong> words)
    {
        ulong v0 = Low ^ 0x736F_6D65_7073_6575, v1 = High ^ 0x646F_7261_6E64_6F6D;
        ulong v2 = Low ^ 0x6C79_6765_6E65_7261, v3 = High ^ 0x7465_6462_7974_6573;
        foreach (ulong word in words)
            Absorb(ref v0, ref v1, ref v2, ref v3, word);
        Absorb(ref v0, ref v1, ref v2, ref v3, (ulong)words.Length * sizeof(ulong) << 56);
        v2 ^= 0xFF;
        for (int i = 0; i < 4; i++)
            Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static void Absorb(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3, ulong word)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
