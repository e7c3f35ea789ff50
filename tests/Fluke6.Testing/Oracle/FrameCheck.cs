using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Testing.Oracle;

/// <summary>What a second pair of eyes reads from a frame: a plain walk of its own, with every length and checksum looked at.</summary>
public sealed record FrameCheck(
    int NetworkOffset, int TransportOffset, int PacketLength, IpProtocol Protocol, int PayloadOffset, int PayloadLength,
    ushort? ChecksumField, ushort ChecksumError)
{
    /// <summary>Reads a frame and asserts that its lengths agree with each other and its IPv4 header checksum is right.</summary>
    public static FrameCheck Read(FrameRegion buffer, int trailer = 0)
    {
        ReadOnlySpan<byte> octets = buffer.Octets;
        int at = buffer.LinkType == LinkType.Ethernet ? NaiveSum.NetworkOffset(octets) : 0;
        ReadOnlySpan<byte> packet = octets[at..];
        PacketWalk walk = PacketWalk.Of(packet);
        if (at > 0)
            Assert.Equal(ReadUInt16BigEndian(octets[(at - 2)..]), walk.Version == 4 ? 0x0800 : 0x86DD);
        Assert.Equal(octets.Length - at - trailer, walk.End);
        if (walk.Version == 4)
            Assert.Equal(0xFFFF, NaiveSum.Sum(packet[..walk.Start]));

        byte protocol = walk.Protocol;
        ReadOnlySpan<byte> segment = packet[walk.Start..walk.End];
        int transportHeader = protocol == 6 ? (segment[12] >> 4) * 4 : 8;
        if (protocol == 17)
            Assert.Equal(segment.Length, ReadUInt16BigEndian(segment[4..]));

        ushort field = ReadUInt16BigEndian(segment[(protocol switch { 6 => 16, 17 => 6, _ => 2 })..]);
        Offload offload = buffer.Offload;
        bool isPartial = offload.NeedsCsum;
        if (isPartial)
        {
            Assert.Equal(at + walk.Start, offload.ChecksumStart);
            Assert.Equal(protocol == 6 ? 16 : 6, offload.ChecksumOffset);
        }

        int error = isPartial ? field + 0xFFFF - walk.PseudoHeaderSum : NaiveSum.Sum(segment, walk.PseudoHeaderSum);
        bool isAbsent = protocol == 17 && field == 0 && !isPartial;
        return new FrameCheck(
            at, at + walk.Start, walk.End, (IpProtocol)protocol, at + walk.Start + transportHeader, segment.Length - transportHeader,
            isAbsent ? null : field, isAbsent ? (ushort)0 : (ushort)(error % 0xFFFF));
    }
}
