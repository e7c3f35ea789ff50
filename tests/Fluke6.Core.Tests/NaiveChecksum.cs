namespace Fluke6.Core.Tests;

/// <summary>The Internet checksum as RFC 1071 §1 words it: word by word, carries folded in at once. Slow and plain.</summary>
public static class NaiveChecksum
{
    public static ushort Add(ushort a, ushort b) => a + b > 0xFFFF ? (ushort)(a + b - 0xFFFF) : (ushort)(a + b);

    public static ushort Sum(ReadOnlySpan<byte> octets)
    {
        ushort sum = 0;
        for (int i = 0; i < octets.Length; i += 2)
            sum = Add(sum, (ushort)((octets[i] << 8) | (i + 1 < octets.Length ? octets[i + 1] : 0)));
        return sum;
    }
}
