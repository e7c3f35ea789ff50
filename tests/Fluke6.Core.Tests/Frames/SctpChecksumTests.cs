using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Frames;

/// <summary>SCTP left to a network card looks to the virtio header like an Internet checksum, and is none.</summary>
public sealed class SctpChecksumTests
{
    [Theory]
    // The check value of CRC-32/ISCSI, and RFC 3720 appendix B.4, whose octets stand as they are sent.
    [InlineData("313233343536373839", 0xE3069283)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AA)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 0x62A8AB43)]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 0x46DD794E)]
    [InlineData("", 0)]
    public void KnownValues(string hex, uint crc) => Assert.Equal(crc, Crc32c.Compute(Convert.FromHexString(hex)));

    [Fact]
    public void EveryLengthAgreesWithTheBitByBitDefinition()
    {
        for (int length = 0; length < 100; length++)
        {
            byte[] octets = FrameShapes.Data(length, length);
            Assert.Equal(Naive(octets), Crc32c.Compute(octets));
        }
    }

    [Theory]
    [InlineData("eth/ip4", 0)]
    [InlineData("eth/ip4", 5)]
    [InlineData("eth/vlan/ip6x", 0)]
    [InlineData("eth/mpls/ip4", 0)]
    [InlineData("eth/pppoe/ip6", 0)]
    [InlineData("eth/ip4/udp0/vxlan/eth/ip4o", 0)]
    [InlineData("ip4", 0)]
    public void ItIsCompletedWithItsCrc(string stack, int trailer)
    {
        FrameBuffer buffer = Load(stack, trailer, out int start);
        byte[] expected = buffer.Octets.ToArray();
        Span<byte> packet = expected.AsSpan(start, expected.Length - start - trailer);
        packet.Slice(8, 4).Clear();
        WriteUInt32LittleEndian(packet[8..], Naive(packet));

        Assert.Equal(expected, new Frame(buffer).ToArray());
        var wire = new FrameBuffer(new FrameUndo());
        var segmentation = new Segmentation();
        Assert.True(segmentation.Begin(buffer) && segmentation.TryNext(wire));
        Assert.Equal(expected, wire.Octets);

        buffer.CompleteSctpChecksum();
        Assert.Equal(expected, buffer.Octets);
        Assert.False(buffer.Offload.NeedsCsum);
    }

    [Fact]
    public void OtherProtocolsKeepTheInternetChecksumThere()
    {
        FrameBuffer buffer = Load("eth/ip4", 0, out int start);
        buffer.Octets[23] = 253;
        buffer.CompleteSctpChecksum();
        Assert.True(buffer.Offload.NeedsCsum);

        byte[] completed = new Frame(buffer).ToArray();
        Assert.Equal(0xFFFF, NaiveSum.Sum(completed.AsSpan(start)));
    }

    private static FrameBuffer Load(string stack, int trailer, out int start)
    {
        byte[] packet = [0x0B, 0x59, 0x0B, 0x59, 1, 2, 3, 4, 0, 0, 0, 0, 0, 3, 0, 31, .. FrameShapes.Data(27)];
        string[] layers = stack.Split('/');
        byte[] udp = new NaivePacket([.. layers, "udp"], packet[8..], 1).SuperSegment().Octets;
        // Of UDP's making is only the length, which SCTP has none of.
        byte[] octets = [.. udp[..^packet.Length], .. packet, .. Enumerable.Repeat((byte)0xEE, trailer)];
        start = udp.Length - packet.Length;
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, layers[0] == "eth" ? LinkType.Ethernet : LinkType.RawIp, default);
        int network = start - layers[^1] switch { "ip4" => 20, "ip4o" => 24, "ip6" => 40, _ => 72 };
        int field = layers[^1] switch { "ip6" => network + 6, "ip6x" => network + 48, _ => network + 9 };
        buffer.Octets[field] = 132;
        buffer.Offload.SetPartialChecksum(start, 8);
        return buffer;
    }

    private static uint Naive(ReadOnlySpan<byte> octets)
    {
        uint crc = uint.MaxValue;
        foreach (byte octet in octets)
        {
            crc ^= octet;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
        }

        return ~crc;
    }
}
