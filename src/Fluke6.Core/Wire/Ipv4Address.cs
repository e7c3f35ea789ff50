using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>An IPv4 address. RFC 791 §2.3.</summary>
public readonly record struct Ipv4Address : ISpanParsable<Ipv4Address>, ISpanFormattable
{
    /// <summary>Four octets.</summary>
    public const int Length = 4;

    /// <summary>The address whose first octet is the highest of <paramref name="value"/>.</summary>
    public Ipv4Address(uint value) => Value = value;

    /// <summary>0.0.0.0.</summary>
    public static Ipv4Address Any => default;

    /// <summary>255.255.255.255.</summary>
    public static Ipv4Address Broadcast => new(uint.MaxValue);

    /// <summary>The address as a number, the first octet highest.</summary>
    public uint Value { get; }

    /// <summary>Whether the address is in 224.0.0.0/4. RFC 1112 §4.</summary>
    public bool IsMulticast => Value >> 28 == 0xE;

    /// <summary>Reads four octets.</summary>
    public static Ipv4Address Read(ReadOnlySpan<byte> octets) => new(ReadUInt32BigEndian(octets));

    /// <summary>Writes four octets.</summary>
    public void WriteTo(Span<byte> destination) => WriteUInt32BigEndian(destination, Value);

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static Ipv4Address Parse(string s) => Parse(s.AsSpan(), null);

    /// <inheritdoc/>
    public static Ipv4Address Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static Ipv4Address Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var address)
            ? address
            : throw new FormatException($"'{s}' is not an IPv4 address; write it as 192.0.2.1.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Ipv4Address result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Ipv4Address result)
    {
        result = default;
        // IPAddress also takes '10.1' and '0x0a000001', which nobody means on a command line.
        if (s.Trim().Count('.') != 3 || !IPAddress.TryParse(s.Trim(), out var parsed) || parsed.AddressFamily != AddressFamily.InterNetwork)
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

    /// <summary>Dotted decimal.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[15];
        TryFormat(text, out int length, default, null);
        return new string(text[..length]);
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var text = new LineWriter(destination);
        text.Write($"{Value >> 24}.{(Value >> 16) & 0xFF}.{(Value >> 8) & 0xFF}.{Value & 0xFF}");
        charsWritten = text.Complete ? text.Length : 0;
        return text.Complete;
    }
}
