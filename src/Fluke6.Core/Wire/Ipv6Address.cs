using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>An IPv6 address. RFC 4291.</summary>
public readonly record struct Ipv6Address : ISpanParsable<Ipv6Address>, ISpanFormattable
{
    /// <summary>Sixteen octets.</summary>
    public const int Length = 16;

    private readonly ulong _high;
    private readonly ulong _low;

    /// <summary>The address of these two halves, the first octet highest in <paramref name="high"/>.</summary>
    public Ipv6Address(ulong high, ulong low) => (_high, _low) = (high, low);

    /// <summary>The unspecified address, ::. RFC 4291 §2.5.2.</summary>
    public static Ipv6Address Unspecified => default;

    /// <summary>All nodes on the link, ff02::1. RFC 4291 §2.7.1.</summary>
    public static Ipv6Address AllNodes => new(0xFF02_0000_0000_0000, 1);

    /// <summary>All routers on the link, ff02::2. RFC 4291 §2.7.1.</summary>
    public static Ipv6Address AllRouters => new(0xFF02_0000_0000_0000, 2);

    /// <summary>The first 64 bits.</summary>
    public ulong NetworkPrefix => _high;

    /// <summary>The last 64 bits. RFC 4291 §2.5.1.</summary>
    public ulong InterfaceIdentifier => _low;

    /// <summary>Whether this is ::. RFC 4291 §2.5.2.</summary>
    public bool IsUnspecified => (_high | _low) == 0;

    /// <summary>Whether the address is in ff00::/8. RFC 4291 §2.7.</summary>
    public bool IsMulticast => _high >> 56 == 0xFF;

    /// <summary>Whether the address is in fe80::/10. RFC 4291 §2.5.6.</summary>
    public bool IsLinkLocal => _high >> 54 == 0x3FA;

    /// <summary>The multicast group that a host with this address joins: ff02::1:ff and the last 24 bits. RFC 4291 §2.7.1.</summary>
    public Ipv6Address SolicitedNodeMulticast => new(0xFF02_0000_0000_0000, 0x0000_0001_FF00_0000 | (_low & 0xFF_FFFF));

    /// <summary>Reads sixteen octets.</summary>
    public static Ipv6Address Read(ReadOnlySpan<byte> octets) => new(ReadUInt64BigEndian(octets), ReadUInt64BigEndian(octets[8..]));

    /// <summary>Writes sixteen octets.</summary>
    public void WriteTo(Span<byte> destination)
    {
        WriteUInt64BigEndian(destination[8..], _low);
        WriteUInt64BigEndian(destination, _high);
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static Ipv6Address Parse(string s) => Parse(s.AsSpan(), null);

    /// <inheritdoc/>
    public static Ipv6Address Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static Ipv6Address Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var address)
            ? address
            : throw new FormatException($"'{s}' is not an IPv6 address; write it as 2001:db8::1.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Ipv6Address result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Ipv6Address result)
    {
        result = default;
        s = s.Trim();
        // IPAddress also takes zones, ports and brackets, which an address on the wire does not have.
        if (s.ContainsAny("%[]/") || !IPAddress.TryParse(s, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
            return false;

        Span<byte> octets = stackalloc byte[Length];
        parsed.TryWriteBytes(octets, out _);
        result = Read(octets);
        return true;
    }

    /// <summary>The address as the base library's type.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[Length];
        WriteTo(octets);
        return new IPAddress(octets);
    }

    /// <summary>The canonical text. RFC 5952 §4.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[Ipv6Text.MaxLength];
        Ipv6Text.TryFormat(this, text, out int length);
        return new string(text[..length]);
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Ipv6Text.TryFormat(this, destination, out charsWritten);

    internal ushort Group(int index) => (ushort)((index < 4 ? _high : _low) >> (48 - (16 * (index & 3))));
}
