using CsCheck;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class InternetChecksumTests
{
    [Fact]
    public void EqualsTheNaiveSumAtEveryLengthAndBothParities()
    {
        byte[] octets = new byte[9003];
        new Random(1).NextBytes(octets);
        for (int length = 0; length <= 9001; length++)
        {
            Assert.Equal(NaiveSum.Sum(octets.AsSpan(0, length)), InternetChecksum.Sum(octets.AsSpan(0, length)));
            Assert.Equal(NaiveSum.Sum(octets.AsSpan(1, length)), InternetChecksum.Sum(octets.AsSpan(1, length)));
        }
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public void CarriesOfUniformOctetsAreFolded(byte value)
    {
        byte[] octets = new byte[65535];
        Array.Fill(octets, value);
        for (int length = 0; length <= octets.Length; length += 257)
            Assert.Equal(NaiveSum.Sum(octets.AsSpan(0, length)), InternetChecksum.Sum(octets.AsSpan(0, length)));
    }

    [Fact]
    public void ExampleOfRfc1071()
    {
        // RFC 1071 §3: the sum of these is ddf2.
        Assert.Equal(0xDDF2, InternetChecksum.Sum(Hex.Octets("0001 f203 f4f5 f6f7")));
        Assert.Equal(0x220D, InternetChecksum.Compute(Hex.Octets("0001 f203 f4f5 f6f7")));
    }

    [Fact]
    public void ExampleOfRfc1624() =>
        // RFC 1624 §4: HC = DD2F, m = 5555, m' = 3285 gives 0000, not FFFF.
        Assert.Equal(0x0000, InternetChecksum.Adjust(0xDD2F, 0x5555, 0x3285));

    [Fact]
    public void SumGoesOnFromAnother() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, 150]).Sample((octets, words) =>
        {
            int split = Math.Min(words * 2, octets.Length & ~1);
            ushort first = InternetChecksum.Sum(octets.AsSpan(0, split));
            Assert.Equal(NaiveSum.Sum(octets), InternetChecksum.Sum(octets.AsSpan(split), first));
        });

    [Fact]
    public void AdjustEqualsRecompute() =>
        Gen.Select(Gen.Byte.Array[4, 64], Gen.Int[0, 30], Gen.UShort).Sample((octets, word, value) =>
        {
            int offset = Math.Min(word * 2, (octets.Length & ~1) - 2);
            octets[^1] |= 1;    // RFC 1624 §3 holds for data that are not all zero
            ushort before = InternetChecksum.Compute(octets);
            ushort old = (ushort)((octets[offset] << 8) | octets[offset + 1]);
            octets[offset] = (byte)(value >> 8);
            octets[offset + 1] = (byte)value;
            if (octets.AsSpan().ContainsAnyExcept((byte)0))
                Assert.Equal(InternetChecksum.Compute(octets), InternetChecksum.Adjust(before, old, value));
        });

    [Fact]
    public void FoldTakesAnySum() =>
        Gen.ULong.Sample(sum => Assert.Equal(sum % 0xFFFF, InternetChecksum.Fold(sum) % 0xFFFFul));
}
