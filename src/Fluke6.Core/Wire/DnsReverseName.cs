using System.Text;

namespace Fluke6.Wire;

/// <summary>Names that stand for addresses in reverse look-ups. RFC 3596 §2.5, RFC 1035 §3.5.</summary>
internal static class DnsReverseName
{
    private const int Digits = 2 * Ipv6Address.Length;

    private static ReadOnlySpan<byte> Ipv6Zone => "\u0003ip6\u0004arpa\0"u8;

    private static ReadOnlySpan<byte> Ipv4Zone => "\u0007in-addr\u0004arpa\0"u8;

    /// <summary>The uncompressed name of an IPv6 address.</summary>
    public static byte[] Write(Ipv6Address address)
    {
        Span<byte> octets = stackalloc byte[Ipv6Address.Length];
        address.WriteTo(octets);
        byte[] name = new byte[(2 * Digits) + Ipv6Zone.Length];
        for (int i = 0; i < Digits; i++)
        {
            int octet = octets[Ipv6Address.Length - 1 - (i / 2)];
            name[2 * i] = 1;
            name[(2 * i) + 1] = (byte)"0123456789abcdef"[int.IsEvenInteger(i) ? octet & 0xF : octet >> 4];
        }

        Ipv6Zone.CopyTo(name.AsSpan(2 * Digits));
        return name;
    }

    /// <summary>The uncompressed name of an IPv4 address.</summary>
    public static byte[] Write(Ipv4Address address)
    {
        Span<byte> name = stackalloc byte[16 + Ipv4Zone.Length];
        int length = 0;
        for (int shift = 0; shift < 32; shift += 8)
        {
            var octet = (byte)(address.Value >> shift);
            octet.TryFormat(name[(length + 1)..], out int digits);
            name[length] = (byte)digits;
            length += 1 + digits;
        }

        Ipv4Zone.CopyTo(name[length..]);
        return name[..(length + Ipv4Zone.Length)].ToArray();
    }

    /// <summary>The address that an uncompressed name stands for.</summary>
    public static bool TryRead(ReadOnlySpan<byte> name, out Ipv6Address address)
    {
        address = default;
        if (name.Length != (2 * Digits) + Ipv6Zone.Length || !Ascii.EqualsIgnoreCase(name[(2 * Digits)..], Ipv6Zone))
            return false;

        Span<byte> octets = stackalloc byte[Ipv6Address.Length];
        octets.Clear();
        for (int i = 0; i < Digits; i++)
        {
            if (name[2 * i] != 1 || !char.IsAsciiHexDigit((char)name[(2 * i) + 1]))
                return false;

            int digit = name[(2 * i) + 1] is var c && char.IsAsciiDigit((char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
            octets[Ipv6Address.Length - 1 - (i / 2)] |= (byte)(int.IsEvenInteger(i) ? digit : digit << 4);
        }

        address = Ipv6Address.Read(octets);
        return true;
    }

    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, out Ipv6Address)"/>
    public static bool TryRead(ReadOnlySpan<byte> name, out Ipv4Address address)
    {
        uint value = 0;
        address = default;
        for (int shift = 0; shift < 32; shift += 8)
        {
            if (name.IsEmpty || name[0] is 0 or > 3
                || !byte.TryParse(name.Slice(1, name[0]), System.Globalization.NumberStyles.None, null, out byte octet))
            {
                return false;
            }

            value |= (uint)octet << shift;
            name = name[(1 + name[0])..];
        }

        address = new Ipv4Address(value);
        return Ascii.EqualsIgnoreCase(name, Ipv4Zone);
    }
}
