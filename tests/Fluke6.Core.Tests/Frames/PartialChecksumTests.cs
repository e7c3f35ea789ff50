using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Frames;

/// <summary>What becomes of a checksum that the card was to complete, where a frame is copied.</summary>
public sealed class PartialChecksumTests
{
    /// <summary>Zero means none in UDP alone: RFC 768. Elsewhere all ones is a wrong sum: RFC 1624 §3.</summary>
    [Theory]
    [InlineData(IpProtocol.Tcp, false, 0)]
    [InlineData(IpProtocol.Tcp, true, 0)]
    [InlineData(IpProtocol.Udp, false, 0xFFFF)]
    [InlineData(IpProtocol.Udp, true, 0xFFFF)]
    [InlineData(IpProtocol.Icmpv4, true, 0)]
    public void SumOfZeroIsAllOnesInUdpAlone(IpProtocol transport, bool isIpv6, int expected)
    {
        FrameShape sample = new() { Transport = transport, IsIpv6 = isIpv6, HasPartialChecksum = true, Payload = [0, 0] };
        // The sum so far as data makes the sum with it zero.
        byte[] payload = new byte[2];
        WriteUInt16BigEndian(payload, Completed(sample));
        Assert.Equal(expected, Completed(sample with { Payload = payload }));
    }

    private static ushort Completed(FrameShape sample)
    {
        FrameBuffer buffer = sample.ToBuffer();
        byte[] octets = new Frame(buffer).ToArray();
        return ReadUInt16BigEndian(octets.AsSpan(buffer.Offload.ChecksumStart + buffer.Offload.ChecksumOffset));
    }
}
