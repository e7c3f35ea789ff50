using Fluke6.Flows;

namespace Fluke6.Core.Tests.Flows;

public sealed class SipHashTests
{
    // The reference implementation's vectors: key 00 to 0f, input 00, 01, 02 and so on.
    [Theory]
    [InlineData(0, 0x726F_DB47_DD0E_0E31)]
    [InlineData(8, 0x93F5_F579_9A93_2462)]
    [InlineData(16, 0x3F2A_CC7F_57C2_9BDB)]
    public void ReferenceVectors(int length, ulong expected)
    {
        byte[] input = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        ulong[] words = new ulong[length / 8];
        Buffer.BlockCopy(input, 0, words, 0, length);
        Assert.Equal(expected, new SipHash(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908).Compute(words));
    }
}
