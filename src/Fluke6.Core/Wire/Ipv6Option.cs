namespace Fluke6.Wire;

/// <summary>One option of a hop-by-hop or destination options header. RFC 8200 §4.2.</summary>
public readonly ref struct Ipv6Option : ISpanFormattable, INumberedOption<Ipv6OptionType>
{
    private readonly Span<byte> _header;
    private readonly AddressChecksum _addresses;
    private readonly int _offset;

    internal Ipv6Option(Span<byte> header, int offset, int length, AddressChecksum addresses)
    {
        _header = header;
        _offset = offset;
        Length = length;
        _addresses = addresses;
    }

    private Span<byte> Header => _addresses.Checked(_header);

    /// <summary>
    /// The type, its top three bits included. Set it to see what nodes make of an option they do not know; Pad1 stays Pad1.
    /// </summary>
    public Ipv6OptionType Type
    {
        get => (Ipv6OptionType)Header[_offset];
        set
        {
            // Pad1 has no length octet: a change to or from it would shift where every option behind begins.
            if (IsPad1 || value == Ipv6OptionType.Pad1)
                return;

            ushort before = _addresses.Sum();
            _addresses.None.WriteByte(Header, _offset, (byte)value);
            _addresses.Follow(before);
            _addresses.Guard.AfterLayoutEdit();
        }
    }

    /// <summary>What a node does that does not know the option: the type's top two bits.</summary>
    public Ipv6UnknownOptionAction ActionIfUnknown => (Ipv6UnknownOptionAction)(Header[_offset] >> 6);

    /// <summary>Whether routers may change the data, so that an authentication header takes it as zeroes: the type's third bit.</summary>
    public bool MayChangeEnRoute => (Header[_offset] & 0x20) != 0;

    /// <summary>Type, length and data together, in octets: 1 for Pad1, else 2 to 257.</summary>
    public int Length { get; }

    /// <summary>Whether this is one octet of padding.</summary>
    public bool IsPad1 => Type == Ipv6OptionType.Pad1;

    /// <summary>Whether this is padding: Pad1 or PadN.</summary>
    public bool IsPadding => Type <= Ipv6OptionType.PadN;

    /// <summary>What follows type and length.</summary>
    public ReadOnlySpan<byte> Data => Length < 2 ? default : Content.Octets;

    /// <summary>
    /// The data's first octet, as in tunnel encapsulation limit; 0 if there is none. Setting what is not there does nothing.
    /// </summary>
    public byte Byte
    {
        get => Content.Byte;
        set
        {
            ushort before = _addresses.Sum();
            Content.Set(value);
            _addresses.Follow(before);
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
            ushort before = _addresses.Sum();
            Content.Set(value);
            _addresses.Follow(before);
        }
    }

    /// <summary>
    /// The data's first four octets, big-endian, as in jumbo payload; 0 if there are fewer. Setting what is not there does nothing.
    /// </summary>
    public uint UInt32
    {
        get => Content.UInt32;
        set
        {
            ushort before = _addresses.Sum();
            Content.Set(value);
            _addresses.Follow(before);
        }
    }

    private OptionData Content => new(Header, _offset, Length, _addresses.None);

    /// <summary>Overwrites data from <paramref name="offset"/> on.</summary>
    /// <returns>Refused, and nothing written, if it would reach past the option.</returns>
    public EditResult Write(int offset, ReadOnlySpan<byte> octets)
    {
        ushort before = _addresses.Sum();
        EditResult result = Content.Write(offset, octets);
        _addresses.Follow(before);
        return result;
    }

    /// <summary>Turns the option into PadN of the same length.</summary>
    internal void BecomePadding()
    {
        ushort before = _addresses.Sum();
        _addresses.None.WriteByte(Header, _offset, (byte)Ipv6OptionType.PadN);
        // RFC 8200 §4.2: PadN's data is zero-valued octets.
        _addresses.None.Fill(Header, _offset + 2, Length - 2, 0);
        _addresses.Follow(before);
        _addresses.Guard.AfterLayoutEdit();
    }

    bool INumberedOption<Ipv6OptionType>.Is(Ipv6OptionType number) => Type == number;

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
