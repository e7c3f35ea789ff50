using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

/// <summary>Strip against a walk written the slow way, over arbitrary option octets.</summary>
public class TcpOptionsStripTests
{
    private const int Rounds = 20_000;

    [Theory]
    [InlineData(0)]
    [InlineData(0x1234)]
    public void StripsWhatANaiveWalkWouldAndKeepsTheChecksumAsRightAsItWas(int error)
    {
        var random = new Random(6);
        int stripped = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] segment = RandomSegment(random);
            SetChecksum(segment, error);
            var kind = (TcpOptionKind)random.Next(2, 6);
            byte[] expected = NaiveStrip(segment, kind);

            Assert.True(TcpHeader.TryRead(segment, out TcpHeader tcp));
            bool found = tcp.Options.Strip(kind) == EditResult.Changed;

            SetChecksum(expected, error);
            Assert.Equal(Comparable(expected), Comparable(segment));
            stripped += found ? 1 : 0;
        }

        Assert.InRange(stripped, Rounds / 10, Rounds);
    }

    /// <summary>Few kinds and small lengths, so that lists are often well-formed for a while and options land at both parities.</summary>
    private static byte[] RandomSegment(Random random)
    {
        var segment = new byte[20 + (random.Next(11) * 4)];
        random.NextBytes(segment);
        for (int i = 20; i < segment.Length; i++)
            segment[i] = (byte)random.Next(6);
        segment[12] = (byte)(segment.Length / 4 << 4);
        return segment;
    }

    private static byte[] NaiveStrip(byte[] segment, TcpOptionKind kind)
    {
        byte[] result = [.. segment];
        for (int i = 20; i < result.Length && result[i] != 0;)
        {
            if (result[i] == 1)
            {
                i++;
                continue;
            }

            if (i + 1 >= result.Length || result[i + 1] < 2 || i + result[i + 1] > result.Length)
                break;

            int length = result[i + 1];
            if (result[i] == (byte)kind)
                result.AsSpan(i, length).Fill(1);
            i += length;
        }

        return result;
    }

    private static void SetChecksum(byte[] segment, int error)
    {
        (segment[16], segment[17]) = (0, 0);
        long sum = error;
        for (int i = 0; i < segment.Length; i += 2)
            sum += (segment[i] << 8) | segment[i + 1];
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        (segment[16], segment[17]) = ((byte)(~sum >> 8), (byte)~sum);
    }

    /// <summary>Both zeros of one's complement are the same checksum.</summary>
    private static string Comparable(byte[] segment) =>
        Convert.ToHexString(segment, 0, 16)
        + (segment[16] == 0xFF && segment[17] == 0xFF ? "0000" : Convert.ToHexString(segment, 16, 2))
        + Convert.ToHexString(segment, 18, segment.Length - 18);
}
