using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Testing.Oracle;

/// <summary>
/// A message of any protocol whose checksum covers the pseudo-header, also of those that Fluke6 has no view for and so no writer: laid out
/// octet by octet and summed naively.
/// </summary>
internal sealed record NaiveMessage(string Name, byte Protocol, int ChecksumOffset, byte[] Message)
{
    /// <summary>How much of the message is summed; 0 for all.</summary>
    public int Coverage { get; init; }

    /// <summary>What the pseudo-header calls the length, if not the message's.</summary>
    public int? PseudoLength { get; init; }

    public bool IsNeverZero { get; init; }
    public bool OverIpv4 { get; init; } = true;
    public bool OverIpv6 { get; init; } = true;

    /// <summary>Whether IPv6 takes the message for an extension header, so that none can follow after it.</summary>
    public bool IsExtensionHeader { get; init; }

    /// <summary>Every user of the pseudo-header, of a payload this long.</summary>
    public static IEnumerable<NaiveMessage> All(int payload)
    {
        byte[] data = FrameShapes.Data(payload, payload);
        yield return new("TCP", 6, 16, [0x9C, 0x40, 0, 80, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x10, 1, 0, 0, 0, 0, 0, .. data]);
        yield return new("UDP", 17, 6, [0x9C, 0x40, 0, 53, 0, (byte)(8 + payload), 0, 0, .. data]) { IsNeverZero = true };
        foreach (int coverage in new[] { 0, 8, 9, 20, 8 + payload })
        {
            yield return new($"UDP-Lite, coverage {coverage}", 136, 6, [0x13, 0x88, 0x13, 0x89, 0, (byte)coverage, 0, 0, .. data])
            {
                Coverage = coverage,
                IsNeverZero = true,
            };
        }

        yield return new("DCCP", 33, 6, [0x13, 0x88, 0x13, 0x89, 4, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, .. data]);
        yield return new("DCCP, coverage 1", 33, 6, [0x13, 0x88, 0x13, 0x89, 4, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, .. data]) { Coverage = 16 };
        yield return new("HIP", 139, 4, [59, 4, 1, 0x21, 0, 0, 0, 0, .. FrameShapes.Data(32)]) { IsExtensionHeader = true };
        yield return new("VRRPv3", 112, 6, [0x31, 1, 100, 1, 0, 100, 0, 0, .. FrameShapes.Data(payload / 4 * 4)]);
        yield return new("OSPFv3", 89, 12, [3, 1, 0, (byte)(16 + payload), 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, .. data]);
        yield return new("ICMPv6", 58, 2, [128, 0, 0, 0, 0, 1, 0, 2, .. data]) { OverIpv4 = false };
        yield return new("PIM", 103, 2, [0x20, 0, 0, 0, .. data]) { OverIpv4 = false };
        yield return new("PIM register", 103, 2, [0x21, 0, 0, 0, 0, 0, 0, 0, .. data]) { OverIpv4 = false, Coverage = 8, PseudoLength = 8 };
        yield return new("Mobility", 135, 4, [59, 3, 5, 0, 0, 0, 0, 0, .. FrameShapes.Data(24)]) { OverIpv4 = false, IsExtensionHeader = true };
    }

    /// <summary>The whole Ethernet frame.</summary>
    /// <param name="header">An IPv4 or IPv6 header with all that is to stand before the message; lengths and protocol are filled in here.</param>
    /// <param name="error">What the checksum is off by.</param>
    /// <param name="isPartial">Whether the checksum is left to complete.</param>
    public byte[] Over(byte[] header, ushort error = 0, bool isPartial = false)
    {
        byte[] packet = [.. header, .. Message];
        if (header[0] >> 4 == 4)
        {
            packet[9] = Protocol;
            WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
            WriteUInt16BigEndian(packet.AsSpan(10), (ushort)(0xFFFF - NaiveSum.Sum(packet.AsSpan(0, header.Length))));
        }
        else
        {
            WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(packet.Length - 40));
            PacketWalk.SetProtocol(packet, header.Length, Protocol);
        }

        ushort field = PseudoHeaderSum(packet, header.Length);
        if (!isPartial)
            field = (ushort)(0xFFFF - NaiveSum.Add(field, NaiveSum.Sum(Covered(packet.AsSpan(header.Length)))));
        field = NaiveSum.Add(field, error);
        WriteUInt16BigEndian(packet.AsSpan(header.Length + ChecksumOffset), field == 0 && IsNeverZero ? (ushort)0xFFFF : field);
        return [0x02, 0, 0, 0, 0, 0x02, 0x02, 0, 0, 0, 0, 0x01, .. EtherTypeOf(header), .. packet];
    }

    /// <summary>By how much the checksum is off, a complete or a partial one.</summary>
    public int Error(ReadOnlySpan<byte> frame, int headerLength, bool isPartial = false)
    {
        ReadOnlySpan<byte> packet = frame[14..];
        ushort pseudoHeader = PseudoHeaderSum(packet, headerLength);
        return isPartial
            ? (ReadUInt16BigEndian(packet[(headerLength + ChecksumOffset)..]) + 0xFFFF - pseudoHeader) % 0xFFFF
            : NaiveSum.Add(pseudoHeader, NaiveSum.Sum(Covered(packet[headerLength..]))) % 0xFFFF;
    }

    private static byte[] EtherTypeOf(byte[] header) => header[0] >> 4 == 4 ? [0x08, 0x00] : [0x86, 0xDD];

    private ReadOnlySpan<byte> Covered(ReadOnlySpan<byte> message) => Coverage == 0 ? message : message[..Math.Min(Coverage, message.Length)];

    private ushort PseudoHeaderSum(ReadOnlySpan<byte> packet, int headerLength) =>
        (PacketWalk.Of(packet) with { Protocol = Protocol }).PseudoHeaderSumOf(PseudoLength ?? packet.Length - headerLength);
}
