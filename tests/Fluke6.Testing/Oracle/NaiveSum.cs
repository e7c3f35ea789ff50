namespace Fluke6.Testing.Oracle;

/// <summary>The Internet checksum as RFC 1071 §1 puts it, and what it makes of Ethernet frames: slow, obvious, not shared with the code tested.</summary>
public static class NaiveSum
{
    public static ushort Sum(ReadOnlySpan<byte> octets, uint initial = 0)
    {
        uint sum = initial;
        for (int i = 0; i < octets.Length; i += 2)
        {
            sum += (uint)((octets[i] << 8) | (i + 1 < octets.Length ? octets[i + 1] : 0));
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>One's complement addition of two words.</summary>
    public static ushort Add(ushort a, ushort b) => a + b > 0xFFFF ? (ushort)(a + b - 0xFFFF) : (ushort)(a + b);

    /// <summary>Where the transport header begins, past extension headers; −1 if its sum needs more than the packet holds.</summary>
    public static int TransportOffset(ReadOnlySpan<byte> frame)
    {
        int ip = NetworkOffset(frame);
        PacketWalk walk = PacketWalk.Of(frame[ip..]);
        return walk.IsOfContext ? -1 : ip + walk.Start;
    }

    /// <summary>By how much the transport checksum is wrong, 0 to 0xFFFE: the sum over everything it covers, itself included.</summary>
    public static int TransportError(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> packet = frame[NetworkOffset(frame)..];
        PacketWalk walk = PacketWalk.Of(packet);
        return Sum(packet[walk.Start..walk.End], walk.PseudoHeaderSum) % 0xFFFF;
    }

    /// <summary>By how much the IPv4 header checksum is wrong; 0 for IPv6.</summary>
    public static int HeaderError(ReadOnlySpan<byte> frame)
    {
        int ip = NetworkOffset(frame);
        return frame[ip] >> 4 == 4 ? Sum(frame.Slice(ip, (frame[ip] & 0xF) * 4)) % 0xFFFF : 0;
    }

    /// <summary>The checksum field's offset and a right value for it.</summary>
    public static (int Field, ushort Value) Recompute(ReadOnlySpan<byte> frame)
    {
        int ip = NetworkOffset(frame);
        PacketWalk walk = PacketWalk.Of(frame[ip..]);
        byte[] segment = frame[(ip + walk.Start)..(ip + walk.End)].ToArray();
        int field = walk.Protocol switch { 6 => 16, 17 => 6, _ => 2 };
        segment[field] = segment[field + 1] = 0;
        ushort value = (ushort)~Sum(segment, walk.PseudoHeaderSum);
        return (ip + walk.Start + field, value == 0 && walk.Protocol == 17 ? (ushort)0xFFFF : value);
    }

    /// <summary>The sum that a sender puts in the field when it leaves the rest to the network card.</summary>
    public static ushort PseudoHeaderSum(ReadOnlySpan<byte> frame) => PacketWalk.Of(frame[NetworkOffset(frame)..]).PseudoHeaderSum;

    /// <summary>Where the IP header begins, past the tags.</summary>
    public static int NetworkOffset(ReadOnlySpan<byte> frame)
    {
        int offset = 12;
        while ((frame[offset], frame[offset + 1]) is (0x81, 0x00) or (0x88, 0xA8))
            offset += 4;
        return offset + 2;
    }
}
