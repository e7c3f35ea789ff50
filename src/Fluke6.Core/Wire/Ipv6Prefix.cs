using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Fluke6.Wire;

/// <summary>An IPv6 prefix, such as 2001:db8::/32. RFC 4291 §2.3.</summary>
public readonly record struct Ipv6Prefix : ISpanParsable<Ipv6Prefix>, ISpanFormattable
{
    /// <summary>The first <paramref name="length"/> bits of <paramref name="address"/>; the others become zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is not 0 to 128.</exception>
    public Ipv6Prefix(Ipv6Address address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 128);
        Length = length;
        Address = new(address.NetworkPrefix & HighMask(length), address.InterfaceIdentifier & HighMask(length - 64));
    }

    /// <summary>The prefix with its remaining bits zero.</summary>
    public Ipv6Address Address { get; }

    /// <summary>How many leading bits count, 0 to 128.</summary>
    public int Length { get; }

    /// <summary>Whether <paramref name="address"/> begins with this prefix.</summary>
    public bool Contains(Ipv6Address address) =>
        (address.NetworkPrefix & HighMask(Length)) == Address.NetworkPrefix
        && (address.InterfaceIdentifier & HighMask(Length - 64)) == Address.InterfaceIdentifier;

    /// <summary>
    /// This prefix with the remaining bits taken from <paramref name="address"/>: maps a host from one prefix to another.
    /// </summary>
    public Ipv6Address Combine(Ipv6Address address) => new(
        Address.NetworkPrefix | (address.NetworkPrefix & ~HighMask(Length)),
        Address.InterfaceIdentifier | (address.InterfaceIdentifier & ~HighMask(Length - 64)));

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static Ipv6Prefix Parse(string s) => Parse(s.AsSpan(), null);

    /// <inheritdoc/>
    public static Ipv6Prefix Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static Ipv6Prefix Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var prefix)
            ? prefix
            : throw new FormatException($"'{s}' is not an IPv6 prefix; write it as 2001:db8:1::/64, with no bit set after the length.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Ipv6Prefix result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads ADDRESS/LENGTH; bits set after the length are refused, since they are nearly always a slip.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Ipv6Prefix result)
    {
        result = default;
        int slash = s.IndexOf('/');
        if (slash < 0
            || !Ipv6Address.TryParse(s[..slash], provider, out var address)
            || !byte.TryParse(s[(slash + 1)..].TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out byte length)
            || length > 128)
            return false;

        result = new Ipv6Prefix(address, length);
        return result.Address == address;
    }

    /// <summary>ADDRESS/LENGTH.</summary>
    public override string ToString() => $"{Address}/{Length}";

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var text = new LineWriter(destination);
        text.Write($"{Address}/{Length}");
        charsWritten = text.Complete ? text.Length : 0;
        return text.Complete;
    }

    private static ulong HighMask(int bits) => bits switch
    {
        <= 0 => 0,
        >= 64 => ulong.MaxValue,
        _ => ulong.MaxValue << (64 - bits),
    };
}
