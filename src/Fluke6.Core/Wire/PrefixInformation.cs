using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>Prefix information option: a prefix that is on the link, or to make addresses from. RFC 4861 §4.6.2.</summary>
public readonly ref struct PrefixInformation : ISpanFormattable
{
    private readonly Span<byte> _octets;        // type and length included
    private readonly ChecksumField _checksum;

    internal PrefixInformation(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>How many leading bits of the prefix count, 0 to 128; a sender may put anything up to 255.</summary>
    public byte PrefixLength
    {
        get => Octets[2];
        set => _checksum.WriteByte(Octets, 2, value);
    }

    /// <summary>L: addresses with this prefix are on the link.</summary>
    public bool OnLink { get => Flag(0x80); set => SetFlag(0x80, value); }

    /// <summary>A: hosts may make addresses from this prefix. RFC 4862.</summary>
    public bool Autonomous { get => Flag(0x40); set => SetFlag(0x40, value); }

    /// <summary>R: the prefix field holds the router's whole address. RFC 6275 §7.2.</summary>
    public bool RouterAddress { get => Flag(0x20); set => SetFlag(0x20, value); }

    /// <summary>How long the prefix is on the link and its addresses are valid, in seconds; all ones for ever.</summary>
    public uint ValidLifetime
    {
        get => ReadUInt32BigEndian(Octets[4..]);
        set => _checksum.Write(Octets, 4, value);
    }

    /// <summary>How long addresses made from the prefix are preferred, in seconds; all ones for ever.</summary>
    public uint PreferredLifetime
    {
        get => ReadUInt32BigEndian(Octets[8..]);
        set => _checksum.Write(Octets, 8, value);
    }

    /// <summary>The prefix field, bits after the length included.</summary>
    public Ipv6Address PrefixAddress
    {
        get => Ipv6Address.Read(Octets[16..]);
        set => _checksum.Write(Octets, 16, value);
    }

    /// <summary>The prefix: address and length together. A length above 128 reads as 128.</summary>
    public Ipv6Prefix Prefix
    {
        get => new(PrefixAddress, Math.Min((int)PrefixLength, 128));
        set
        {
            PrefixLength = (byte)value.Length;
            PrefixAddress = value.Address;
        }
    }

    private bool Flag(byte bit) => (Octets[3] & bit) != 0;

    private void SetFlag(byte bit, bool value) =>
        _checksum.WriteByte(Octets, 3, (byte)(value ? Octets[3] | bit : Octets[3] & ~bit));

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
