using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Fluke6.Wire;

/// <summary>An IPv4 prefix, such as 192.0.2.0/24. RFC 4632 §3.1.</summary>
public readonly record struct Ipv4Prefix : ISpanParsable<Ipv4Prefix>, ISpanFormattable
{
    /// <summary>The first <paramref name="length"/> bits of <paramref name="address"/>; the others become zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is not 0 to 32.</exception>
    public Ipv4Prefix(Ipv4Address address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 32);
        Length = length;
        Address = new(address.Value & Mask(length));
    }

    /// <summary>The prefix with its remaining bits zero.</summary>
    public Ipv4Address Address { get; }

    /// <summary>How many leading bits count, 0 to 32.</summary>
    public int Length { get; }

    /// <summary>The prefix with its remaining bits one: every host of it. RFC 919 §7.</summary>
    public Ipv4Address DirectedBroadcast => new(Address.Value | ~Mask(Length));

    /// <summary>Whether <paramref name="address"/> begins with this prefix.</summary>
    public bool Contains(Ipv4Address address) => (address.Value & Mask(Length)) == Address.Value;

    /// <summary>
    /// Whether a host may have <paramref name="address"/>: it begins with this prefix and, in prefixes up to /30, is neither the first nor
    /// the last one of it. RFC 1122 §3.2.1.3, RFC 3021.
    /// </summary>
    public bool ContainsHost(Ipv4Address address) =>
        Contains(address) && (Length > 30 || (address != Address && address != DirectedBroadcast));

    /// <summary>
    /// This prefix with the remaining bits taken from <paramref name="address"/>: maps a host from one prefix to another.
    /// </summary>
    public Ipv4Address Combine(Ipv4Address address) => new(Address.Value | (address.Value & ~Mask(Length)));

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static Ipv4Prefix Parse(string s) => Parse(s.AsSpan(), null);

    /// <inheritdoc/>
    public static Ipv4Prefix Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static Ipv4Prefix Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var prefix)
            ? prefix
            : throw new FormatException($"'{s}' is not an IPv4 prefix; write it as 192.0.2.0/24, with no bit set after the length.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Ipv4Prefix result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads ADDRESS/LENGTH; bits set after the length are refused, since they are nearly always a slip.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Ipv4Prefix result)
    {
        result = default;
        int slash = s.IndexOf('/');
        if (slash < 0
            || !Ipv4Address.TryParse(s[..slash], provider, out var address)
            || !byte.TryParse(s[(slash + 1)..].TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out byte length)
            || length > 32)
            return false;

        result = new Ipv4Prefix(address, length);
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

    private static uint Mask(int bits) => bits == 0 ? 0 : uint.MaxValue << (32 - bits);
}
