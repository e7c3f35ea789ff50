namespace Fluke6.Wire;

/// <summary>One option of a DHCP message for IPv4, or a piece of one (RFC 3396). RFC 2132 §2. Setters adjust the UDP checksum.</summary>
public readonly ref struct Dhcpv4Option : ISpanFormattable, INumberedOption<Dhcpv4OptionCode>
{
    private const int HeaderLength = 2;

    private readonly PayloadPart _option;    // code and length included

    internal Dhcpv4Option(PayloadPart option) => _option = option;

    /// <summary>What the option is; a number without a name is one that <see cref="Dhcpv4OptionCode"/> does not list.</summary>
    public Dhcpv4OptionCode Code { get => (Dhcpv4OptionCode)_option.Byte(0); set => _option.Set(0, (byte)value); }

    /// <summary>How many octets of data there are, 0 to 255.</summary>
    public int Length => _option.Octets.Length - HeaderLength;

    /// <summary>What follows code and length.</summary>
    public ReadOnlySpan<byte> Data => _option.Octets[HeaderLength..];

    /// <summary>The data's first octet; 0 without one. Setting none does nothing.</summary>
    public byte Byte { get => _option.Byte(HeaderLength); set => _option.Set(HeaderLength, value); }

    /// <summary>The data's first two octets, such as an MTU; 0 if there are fewer. Setting fewer does nothing.</summary>
    public ushort UInt16 { get => _option.UInt16(HeaderLength); set => _option.Set(HeaderLength, value); }

    /// <summary>The data's first four octets, such as a time in seconds; 0 if there are fewer. Setting fewer does nothing.</summary>
    public uint UInt32 { get => _option.UInt32(HeaderLength); set => _option.Set(HeaderLength, value); }

    /// <summary>The first address; 0.0.0.0 if there is none. Setting none does nothing.</summary>
    public Ipv4Address Address { get => new(UInt32); set => UInt32 = value.Value; }

    /// <summary>Overwrites data from <paramref name="offset"/> on.</summary>
    /// <returns>Refused, and nothing written, if it would reach past the option.</returns>
    public EditResult Write(int offset, ReadOnlySpan<byte> octets) => _option.Slice(HeaderLength).Write(offset, octets);

    bool INumberedOption<Dhcpv4OptionCode>.Is(Dhcpv4OptionCode number) => Code == number;

    /// <summary>In one line: its name, and its data as that is read.</summary>
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
