using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Tests;

/// <summary>What a second pair of eyes reads from a frame: a plain walk of its own, with every length and checksum looked at.</summary>
public sealed record FrameCheck(
    int NetworkOffset, int TransportOffset, int PacketLength, IpProtocol Protocol, int PayloadOffset, int PayloadLength,
    ushort? ChecksumField, ushort ChecksumError)
{
    /// <summary>Reads a frame and asserts that its lengths agree with each other and its IPv4 header checksum is right.</summary>
    public static FrameCheck Read(FrameBuffer buffer, int trailer = 0)
    {
        ReadOnlySpan<byte> octets = buffer.Octets;
        int at = 0, version = octets[0] >> 4;
        if (buffer.LinkType == LinkType.Ethernet)
        {
            at = 12;
            while (ReadUInt16BigEndian(octets[at..]) == 0x8100 || ReadUInt16BigEndian(octets[at..]) == 0x88A8)
                at += 4;
            version = ReadUInt16BigEndian(octets[at..]) == 0x0800 ? 4 : 6;
            at += 2;
        }

        ReadOnlySpan<byte> packet = octets[at..];
        Assert.Equal(version, packet[0] >> 4);
        int length = version == 4 ? ReadUInt16BigEndian(packet[2..]) : 40 + ReadUInt16BigEndian(packet[4..]);
        Assert.Equal(octets.Length - at - trailer, length);

        int header, protocol;
        byte[] addresses;
        if (version == 4)
        {
            header = (packet[0] & 15) * 4;
            protocol = packet[9];
            addresses = packet.Slice(12, 8).ToArray();
            Assert.Equal(0xFFFF, NaiveSum.Sum(packet[..header]));
        }
        else
        {
            header = 40;
            protocol = packet[6];
            addresses = packet.Slice(8, 32).ToArray();
            while (protocol is 0 or 43 or 44 or 60)
            {
                if (protocol == 43 && packet[header + 3] > 0)
                    packet.Slice(header + 8, 16).CopyTo(addresses.AsSpan(16));
                (protocol, header) = (packet[header], header + (protocol == 44 ? 8 : (packet[header + 1] + 1) * 8));
            }
        }

        ReadOnlySpan<byte> segment = packet[header..length];
        int transportHeader = protocol == 6 ? (segment[12] >> 4) * 4 : 8;
        if (protocol == 17)
            Assert.Equal(segment.Length, ReadUInt16BigEndian(segment[4..]));

        ushort field = ReadUInt16BigEndian(segment[(protocol switch { 6 => 16, 17 => 6, _ => 2 })..]);
        ushort pseudoHeader = protocol == 1 ? (ushort)0
            : NaiveSum.Sum([.. addresses, 0, (byte)protocol, (byte)(segment.Length >> 8), (byte)segment.Length]);
        Offload offload = buffer.Offload;
        bool isPartial = offload.NeedsCsum;
        if (isPartial)
        {
            Assert.Equal(at + header, offload.ChecksumStart);
            Assert.Equal(protocol == 6 ? 16 : 6, offload.ChecksumOffset);
        }

        int error = isPartial
            ? field + 0xFFFF - pseudoHeader
            : NaiveSum.Add(pseudoHeader, NaiveSum.Sum(segment));
        bool isAbsent = protocol == 17 && field == 0 && !isPartial;
        return new FrameCheck(
            at, at + header, length, (IpProtocol)protocol, at + header + transportHeader, segment.Length - transportHeader,
            isAbsent ? null : field, isAbsent ? (ushort)0 : (ushort)(error % 0xFFFF));
    }
}
