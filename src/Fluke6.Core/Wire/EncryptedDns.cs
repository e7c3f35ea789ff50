using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>Encrypted DNS option: a resolver to be asked over TLS, HTTPS or QUIC. RFC 9463 §6.1.</summary>
public readonly ref struct EncryptedDns : ISpanFormattable
{
    private const int NameOffset = 10;

    private readonly Span<byte> _octets;        // type and length included
    private readonly ChecksumField _checksum;

    internal EncryptedDns(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>Its place among several: a lower one is preferred. SvcPriority, RFC 9460 §2.4.1.</summary>
    public ushort ServicePriority
    {
        get => ReadUInt16BigEndian(Octets[2..]);
        set => _checksum.Write(Octets, 2, value);
    }

    /// <summary>How long the resolver may be used, in seconds; 0 for no longer, all ones for ever.</summary>
    public uint Lifetime
    {
        get => ReadUInt32BigEndian(Octets[4..]);
        set => _checksum.Write(Octets, 4, value);
    }

    /// <summary>The name that the resolver's certificate is for, as it stands: labels without compression, a zero octet last.</summary>
    public ReadOnlySpan<byte> EncodedName => Octets.Slice(NameOffset, ReadUInt16BigEndian(Octets[8..]));

    /// <summary>
    /// What follows the name as it stands: with a length of 16 bits before each, IPv6 addresses and service parameters; nothing, but
    /// padding, where there is only a name.
    /// </summary>
    public ReadOnlySpan<byte> AddressesAndParameters => Octets[(NameOffset + EncodedName.Length)..];

    /// <summary>Whether the name fits the option.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> octets) =>
        octets.Length >= 16 && NameOffset + ReadUInt16BigEndian(octets[8..]) <= octets.Length;

    /// <summary>In one line: priority, lifetime and name.</summary>
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
