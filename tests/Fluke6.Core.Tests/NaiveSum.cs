namespace Fluke6.Tests;

/// <summary>The Internet checksum as RFC 1071 §1 puts it, and a plain walk to what it covers: slow, obvious, not shared with the code tested.</summary>
internal static class NaiveSum
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

    /// <summary>Where the transport header begins, past the extension headers that it knows.</summary>
    public static int TransportOffset(ReadOnlySpan<byte> frame) => Locate(frame).Start;

    /// <summary>By how much the transport checksum is wrong, 0 to 0xFFFE: the sum over everything it covers, itself included.</summary>
    public static int TransportError(ReadOnlySpan<byte> frame)
    {
        (byte[] pseudo, int start, int end) = Locate(frame);
        return Sum(frame[start..end], Sum(pseudo)) % 0xFFFF;
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
        (byte[] pseudo, int start, int end) = Locate(frame);
        byte[] segment = frame[start..end].ToArray();
        int field = Protocol(frame) switch { 6 => 16, 17 => 6, _ => 2 };
        segment[field] = segment[field + 1] = 0;
        ushort value = (ushort)~Sum(segment, Sum(pseudo));
        return (start + field, value == 0 && Protocol(frame) == 17 ? (ushort)0xFFFF : value);
    }

    /// <summary>The sum that a sender puts in the field when it leaves the rest to the network card.</summary>
    public static ushort PseudoHeaderSum(ReadOnlySpan<byte> frame) => Sum(Locate(frame).Pseudo);

    private static int NetworkOffset(ReadOnlySpan<byte> frame)
    {
        int offset = 12;
        while (frame[offset] is 0x81 or 0x88)
            offset += 4;
        return offset + 2;
    }

    private static byte Protocol(ReadOnlySpan<byte> frame)
    {
        byte[] pseudo = Locate(frame).Pseudo;
        return pseudo.Length == 0 ? (byte)1 : pseudo.Length == 12 ? pseudo[9] : pseudo[39];
    }

    private static (byte[] Pseudo, int Start, int End) Locate(ReadOnlySpan<byte> frame)
    {
        int ip = NetworkOffset(frame);
        if (frame[ip] >> 4 == 4)
        {
            int first = ip + ((frame[ip] & 0xF) * 4), last = ip + ((frame[ip + 2] << 8) | frame[ip + 3]);
            byte protocol = frame[ip + 9];
            return protocol == 1 ? ([], first, last) : ([.. frame.Slice(ip + 12, 8), 0, protocol, .. BigEndian16(last - first)], first, last);
        }

        int start = ip + 40, end = start + ((frame[ip + 4] << 8) | frame[ip + 5]);
        byte[] destination = frame.Slice(ip + 24, 16).ToArray();
        byte next = frame[ip + 6];
        while (next is 0 or 43 or 44 or 60)
        {
            if (next == 43 && frame[start + 3] > 0)
            {
                // RFC 8200 §8.1: the final destination. Type 0 lists it last, segment routing and mobile IPv6 first.
                int address = frame[start + 2] == 0 ? start + 8 + (16 * ((frame[start + 1] / 2) - 1)) : start + 8;
                destination = frame.Slice(address, 16).ToArray();
            }

            int length = next == 44 ? 8 : (frame[start + 1] + 1) * 8;
            next = frame[start];
            start += length;
        }

        return ([.. frame.Slice(ip + 8, 16), .. destination, 0, 0, .. BigEndian16(end - start), 0, 0, 0, next], start, end);
    }

    private static byte[] BigEndian16(int value) => [(byte)(value >> 8), (byte)value];
}
