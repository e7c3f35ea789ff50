namespace Fluke6.Wire;

/// <summary>
/// One option of an IPv4 header. RFC 791 §3.1. Setters adjust the header checksum, and in a source route, whose last address is the
/// pseudo-header's destination until it is reached, the transport checksum.
/// </summary>
public readonly ref struct Ipv4Option : ISpanFormattable, INumberedOption<Ipv4OptionKind>
{
    private readonly Span<byte> _header;
    private readonly ChecksumField _transport;
    private readonly int _offset;

    internal Ipv4Option(Span<byte> header, int offset, int length, ChecksumField transport)
    {
        _header = header;
        _offset = offset;
        Length = length;
        _transport = transport;
    }

    private Span<byte> Header => _transport.Checked(_header);

    /// <summary>The kind; a number without a name is one that <see cref="Ipv4OptionKind"/> does not list.</summary>
    public Ipv4OptionKind Kind => (Ipv4OptionKind)Header[_offset];

    /// <summary>Whether every fragment carries it, not only the first: the kind's highest bit.</summary>
    public bool IsCopied => (Header[_offset] & 0x80) != 0;

    /// <summary>Kind, length and data together, in octets: 1 for NOP, else 2 to 40.</summary>
    public int Length { get; }

    /// <summary>What follows kind and length.</summary>
    public ReadOnlySpan<byte> Data => Length < 2 ? default : Content.Octets;

    /// <summary>The data's first octet, such as a route's pointer; 0 if there is none. Setting what is not there does nothing.</summary>
    public byte Byte
    {
        get => Content.Byte;
        set
        {
            ushort before = Addresses.Sum();
            Content.Set(value);
            Follow(before);
        }
    }

    /// <summary>
    /// The data's first two octets, big-endian, as in router alert; 0 if there are fewer. Setting what is not there does nothing.
    /// </summary>
    public ushort UInt16
    {
        get => Content.UInt16;
        set
        {
            ushort before = Addresses.Sum();
            Content.Set(value);
            Follow(before);
        }
    }

    /// <summary>The data's first four octets, big-endian; 0 if there are fewer. Setting what is not there does nothing.</summary>
    public uint UInt32
    {
        get => Content.UInt32;
        set
        {
            ushort before = Addresses.Sum();
            Content.Set(value);
            Follow(before);
        }
    }

    private OptionData Content => new(Header, _offset, Length, HeaderChecksum);

    private ChecksumField HeaderChecksum => new(Header.Slice(10, 2), ChecksumKind.Full, _transport.Guard);

    private AddressChecksum Addresses => new(Header, _transport);

    /// <summary>Overwrites data from <paramref name="offset"/> on.</summary>
    /// <returns>Refused, and nothing written, if it would reach past the option.</returns>
    public EditResult Write(int offset, ReadOnlySpan<byte> octets)
    {
        ushort before = Addresses.Sum();
        EditResult result = Content.Write(offset, octets);
        Follow(before);
        return result;
    }

    /// <summary>Sets every octet, kind and length included, to one value.</summary>
    internal void Fill(byte value)
    {
        ushort before = Addresses.Sum();
        HeaderChecksum.Fill(Header, _offset, Length, value);
        Follow(before);
    }

    private void Follow(ushort before)
    {
        Addresses.Follow(before);
        _transport.Guard.AfterLayoutEdit();
    }

    bool INumberedOption<Ipv4OptionKind>.Is(Ipv4OptionKind number) => Kind == number;

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
