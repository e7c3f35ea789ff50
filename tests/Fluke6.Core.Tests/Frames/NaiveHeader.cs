using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Frames;

/// <summary>IP headers octet by octet, and what becomes of a packet that is cut up: no code of Fluke6's has a part in them.</summary>
internal static class NaiveHeader
{
    public static byte[] Ipv4(string options)
    {
        byte[] octets = Hex.Octets(options);
        return [(byte)(0x45 + (octets.Length / 4)), 0, 0, 0, 0x12, 0x34, 0x40, 0, 57, 0, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2, .. octets];
    }

    public static byte[] Ipv6(params (byte Kind, string Octets)[] extensions)
    {
        byte[] header = Hex.Octets("60000000 0000 00 40 20010db8000000010000000000000001 20010db8000000020000000000000002");
        int field = 6;
        foreach ((byte kind, string octets) in extensions)
        {
            header[field] = kind;
            field = header.Length;
            header = [.. header, .. Hex.Octets(octets)];
        }

        return header;
    }

    public static byte[] Fragment(byte[] whole, bool isIpv4, int offset, int length)
    {
        int end = 14 + (isIpv4 ? 20 : 40);
        int more = end + offset + length < whole.Length ? 1 : 0;
        byte[] part = whole[(end + offset)..(end + offset + length)];
        if (isIpv4)
        {
            byte[] fragment = [.. whole[..end], .. part];
            WriteUInt16BigEndian(fragment.AsSpan(14 + 2), (ushort)(20 + length));
            WriteUInt16BigEndian(fragment.AsSpan(14 + 6), (ushort)((more << 13) | (offset / 8)));
            WriteUInt16BigEndian(fragment.AsSpan(14 + 10), 0);
            WriteUInt16BigEndian(fragment.AsSpan(14 + 10), (ushort)(0xFFFF - NaiveSum.Sum(fragment.AsSpan(14, 20))));
            return fragment;
        }

        byte[] header = [whole[14 + 6], 0, (byte)((offset | more) >> 8), (byte)(offset | more), 0xCA, 0xFE, 0xBA, 0xBE];
        byte[] packet = [.. whole[..end], .. header, .. part];
        packet[14 + 6] = 44;
        WriteUInt16BigEndian(packet.AsSpan(14 + 4), (ushort)(8 + length));
        return packet;
    }
}
