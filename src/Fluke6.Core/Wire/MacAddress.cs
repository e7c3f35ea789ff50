using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>A 48-bit MAC address (EUI-48). IEEE 802-2014 §8.2.</summary>
public readonly record struct MacAddress : ISpanParsable<MacAddress>, ISpanFormattable
{
    /// <summary>Six octets.</summary>
    public const int Length = 6;

    private readonly ulong _value;

    private MacAddress(ulong value) => _value = value;

    /// <summary>ff:ff:ff:ff:ff:ff.</summary>
    public static MacAddress Broadcast => new(0xFFFF_FFFF_FFFF);

    /// <summary>Whether the group bit is set: multicast or broadcast.</summary>
    public bool IsMulticast => (_value & 0x0100_0000_0000) != 0;

    /// <summary>Whether the address was assigned locally rather than by a maker (the U/L bit).</summary>
    public bool IsLocallyAdministered => (_value & 0x0200_0000_0000) != 0;

    /// <summary>Reads six octets.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> octets) =>
        new(((ulong)ReadUInt16BigEndian(octets) << 32) | ReadUInt32BigEndian(octets[2..]));

    /// <summary>The address that an IPv6 multicast packet goes to: 33:33 and the last four octets. RFC 2464 §7.</summary>
    public static MacAddress ForMulticast(Ipv6Address group) => new(0x3333_0000_0000UL | (uint)group.InterfaceIdentifier);

    /// <summary>The address that an IPv4 multicast packet goes to: 01:00:5e and the last 23 bits. RFC 1112 §6.4.</summary>
    public static MacAddress ForMulticast(Ipv4Address group) => new(0x0100_5E00_0000UL | (group.Value & 0x7F_FFFF));

    /// <summary>Writes six octets.</summary>
    public void WriteTo(Span<byte> destination)
    {
        WriteUInt16BigEndian(destination, (ushort)(_value >> 32));
        WriteUInt32BigEndian(destination[2..], (uint)_value);
    }

    /// <summary>The address as a number, the first octet highest.</summary>
    public ulong ToUInt64() => _value;

    /// <summary>The address whose 48 bits are <paramref name="value"/>, the first octet highest.</summary>
    public static MacAddress FromUInt64(ulong value) => new(value & 0xFFFF_FFFF_FFFF);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out MacAddress)"/>
    public static MacAddress Parse(string s) => Parse(s.AsSpan(), null);

    /// <inheritdoc/>
    public static MacAddress Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static MacAddress Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var address)
            ? address
            : throw new FormatException($"'{s}' is not a MAC address; write it as 02:00:00:00:00:06.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MacAddress result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads six pairs of hex digits with ':' or '-' between them.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out MacAddress result)
    {
        result = default;
        s = s.Trim();
        if (s.Length != 17)
            return false;

        ulong value = 0;
        for (int i = 0; i < 17; i += 3)
        {
            if (i > 0 && s[i - 1] is not (':' or '-'))
                return false;
            if (!byte.TryParse(s.Slice(i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet))
                return false;
            value = (value << 8) | octet;
        }

        result = new MacAddress(value);
        return true;
    }

    /// <summary>Six pairs of lower-case hex digits with ':' between them.</summary>
    public override string ToString() => string.Create(17, this, static (span, address) => address.TryFormat(span, out _, default, null));

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        charsWritten = 0;
        if (destination.Length < 17)
            return false;

        for (int i = 0; i < Length; i++)
        {
            byte octet = (byte)(_value >> (40 - (8 * i)));
            destination[3 * i] = "0123456789abcdef"[octet >> 4];
            destination[(3 * i) + 1] = "0123456789abcdef"[octet & 0xF];
            if (i < Length - 1)
                destination[(3 * i) + 2] = ':';
        }

        charsWritten = 17;
        return true;
    }
}
