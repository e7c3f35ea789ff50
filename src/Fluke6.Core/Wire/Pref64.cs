using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>PREF64 option: the prefix under which a NAT64 reaches IPv4. RFC 8781 §4.</summary>
public readonly ref struct Pref64 : ISpanFormattable
{
    /// <summary>The longest lifetime: 13 bits, in units of 8 seconds.</summary>
    public const int MaxLifetime = 8191 * LifetimeUnit;

    private const int LifetimeUnit = 8, CodeMask = 7, PrefixOffset = 4, PrefixOctets = 12;

    private readonly Span<byte> _octets;        // type and length included
    private readonly ChecksumField _checksum;

    internal Pref64(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>
    /// How long the prefix may be used, in seconds; 0 for no longer. Set, it is rounded up to a multiple of 8, at most
    /// <see cref="MaxLifetime"/>. RFC 8781 §4.1.
    /// </summary>
    public int Lifetime
    {
        get => ScaledLifetimeAndCode & ~CodeMask;
        set => _checksum.Write(Octets, 2, (ushort)(RoundLifetime(value) | (ScaledLifetimeAndCode & CodeMask)));
    }

    /// <summary>The prefix, of 96, 64, 56, 48, 40 or 32 bits.</summary>
    public Ipv6Prefix Prefix
    {
        get
        {
            Span<byte> address = stackalloc byte[Ipv6Address.Length];
            address.Clear();
            Octets.Slice(PrefixOffset, PrefixOctets).CopyTo(address);
            return new Ipv6Prefix(Ipv6Address.Read(address), LengthOf(ScaledLifetimeAndCode & CodeMask));
        }
    }

    /// <summary>Replaces the prefix.</summary>
    /// <returns>Refused, and nothing written, if its length is not 96, 64, 56, 48, 40 or 32. RFC 6052 §2.2.</returns>
    public EditResult SetPrefix(Ipv6Prefix prefix)
    {
        if (!TryGetCode(prefix.Length, out int code))
            return EditResult.Refused;
        if (Prefix == prefix)
            return EditResult.Unchanged;

        Span<byte> address = stackalloc byte[Ipv6Address.Length];
        prefix.Address.WriteTo(address);
        _checksum.Write(Octets, 2, (ushort)(Lifetime | code));
        _checksum.Write(Octets, PrefixOffset, address[..PrefixOctets]);
        return EditResult.Changed;
    }

    /// <summary>A lifetime as the option can say it, in seconds.</summary>
    internal static int RoundLifetime(int seconds) => (int)Math.Min(Math.Max(seconds, 0) + (LifetimeUnit - 1L), MaxLifetime) & ~CodeMask;

    /// <summary>The code that stands for a prefix length; false if none does.</summary>
    internal static bool TryGetCode(int prefixLength, out int code)
    {
        for (code = 0; LengthOf(code) > 0; code++)
        {
            if (LengthOf(code) == prefixLength)
                return true;
        }

        return false;
    }

    /// <summary>Whether the option has its length and a prefix length that exists. RFC 8781 §4: others are ignored.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> octets) =>
        octets.Length == PrefixOffset + PrefixOctets && LengthOf(octets[3] & CodeMask) > 0;

    private int ScaledLifetimeAndCode => ReadUInt16BigEndian(Octets[2..]);

    // PLC, the prefix length code.
    private static int LengthOf(int code) => code switch
    {
        0 => 96,
        1 => 64,
        2 => 56,
        3 => 48,
        4 => 40,
        5 => 32,
        _ => 0,
    };

    /// <summary>In one line, as tcpdump would print it.</summary>
    public override string ToString() => HeaderText.Of(this);

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var line = new LineWriter(destination);
        HeaderText.Write(ref line, this);
        charsWritten = line.Length;
        return line.Complete;
    }
}
