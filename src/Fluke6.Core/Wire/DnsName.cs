using System.Diagnostics.CodeAnalysis;

namespace Fluke6.Wire;

/// <summary>
/// A domain name. RFC 1035 §3.1. Upper and lower case ASCII letters are the same to comparisons and kept as they are otherwise. RFC 4343.
/// </summary>
public readonly struct DnsName : IEquatable<DnsName>, ISpanParsable<DnsName>, ISpanFormattable
{
    /// <summary>The longest name in octets, length octets and the root's zero included. RFC 1035 §2.3.4.</summary>
    public const int MaxLength = 255;

    private readonly byte[]? _octets;   // uncompressed, as on the wire; null for the root

    private DnsName(byte[]? octets) => _octets = octets;

    /// <summary>The root, the empty name.</summary>
    public static DnsName Root => default;

    /// <summary>The name as on the wire, uncompressed: labels behind their lengths, and a zero octet.</summary>
    public ReadOnlySpan<byte> Octets => _octets ?? [0];

    /// <summary>Whether this is the root.</summary>
    public bool IsRoot => _octets is null;

    /// <summary>
    /// The name that a PTR record for an IPv6 address has: its 32 digits from the last to the first, under ip6.arpa. RFC 3596 §2.5.
    /// </summary>
    public static DnsName Reverse(Ipv6Address address) => new(DnsReverseName.Write(address));

    /// <summary>
    /// The name that a PTR record for an IPv4 address has: its octets from the last to the first, under in-addr.arpa. RFC 1035 §3.5.
    /// </summary>
    public static DnsName Reverse(Ipv4Address address) => new(DnsReverseName.Write(address));

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static DnsName Parse(string s) => Parse(s.AsSpan(), null);

    /// <inheritdoc/>
    public static DnsName Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    /// <summary>The name in text: labels with dots between them, one at the end or not; \. and \DDD stand for odd octets. RFC 1035 §5.1.</summary>
    /// <exception cref="FormatException">A label is empty or longer than 63 octets, or the name is longer than 255.</exception>
    public static DnsName Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out DnsName name)
            ? name
            : throw new FormatException($"'{s}' is not a domain name; write it as printer.example.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DnsName result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out DnsName result)
    {
        Span<byte> octets = stackalloc byte[MaxLength];
        bool parsed = DnsNameText.TryParse(s.Trim(), octets, out int length);
        result = parsed ? FromWire(octets[..length]) : default;
        return parsed;
    }

    /// <inheritdoc/>
    public static bool operator ==(DnsName left, DnsName right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(DnsName left, DnsName right) => !left.Equals(right);

    /// <summary>Whether this is the name of a zone or one below it.</summary>
    public bool IsAtOrBelow(DnsName zone) => EndsWith(Octets, zone.Octets, out _);

    /// <summary>The address that a name under ip6.arpa stands for. RFC 3596 §2.5.</summary>
    public bool TryGetIpv6Address(out Ipv6Address address) => DnsReverseName.TryRead(Octets, out address);

    /// <summary>The address that a name under in-addr.arpa stands for. RFC 1035 §3.5.</summary>
    public bool TryGetIpv4Address(out Ipv4Address address) => DnsReverseName.TryRead(Octets, out address);

    /// <inheritdoc/>
    public bool Equals(DnsName other) => EqualOctets(Octets, other.Octets);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DnsName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (byte octet in Octets)
            hash.Add(Lower(octet));
        return hash.ToHashCode();
    }

    /// <summary>The name without a dot at its end; "." for the root.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[DnsNameText.MaxLength];
        DnsNameText.TryFormat(Octets, text, out int length);
        return new string(text[..length]);
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        DnsNameText.TryFormat(Octets, destination, out charsWritten);

    /// <summary>The name of well-formed uncompressed octets.</summary>
    internal static DnsName FromWire(ReadOnlySpan<byte> octets) => new(octets.Length <= 1 ? null : octets.ToArray());

    /// <summary>Whether an uncompressed name ends in another one, at a label.</summary>
    /// <param name="labelsBefore">How many labels stand before it.</param>
    internal static bool EndsWith(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix, out int labelsBefore)
    {
        labelsBefore = 0;
        while (name.Length > suffix.Length)
        {
            name = name[(1 + name[0])..];
            labelsBefore++;
        }

        return EqualOctets(name, suffix);
    }

    /// <summary>Whether two names or labels are the same. Length octets are at most 63 and thus no letters.</summary>
    internal static bool EqualOctets(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
            return false;

        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i] && Lower(left[i]) != Lower(right[i]))
                return false;
        }

        return true;
    }

    private static byte Lower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
}
