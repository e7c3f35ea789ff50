namespace Fluke6.Wire;

/// <summary>One option of a DHCP message for IPv6. RFC 8415 §21.1. Setters adjust the UDP checksum.</summary>
/// <remarks>A typed <c>TryGet</c> is false for other codes and for data that is too short or contradicts itself.</remarks>
public readonly ref struct Dhcpv6Option : ISpanFormattable, INumberedOption<Dhcpv6OptionCode>
{
    internal const int HeaderLength = 4;

    private readonly PayloadPart _option;    // code and length included

    internal Dhcpv6Option(PayloadPart option) => _option = option;

    /// <summary>What the option is; a number without a name is one that <see cref="Dhcpv6OptionCode"/> does not list.</summary>
    public Dhcpv6OptionCode Code { get => (Dhcpv6OptionCode)_option.UInt16(0); set => _option.Set(0, (ushort)value); }

    /// <summary>How many octets of data there are.</summary>
    public int Length => _option.Octets.Length - HeaderLength;

    /// <summary>What follows code and length.</summary>
    public ReadOnlySpan<byte> Data => _option.Octets[HeaderLength..];

    /// <summary>The data's first two octets, such as a time; 0 if there are fewer. Setting fewer does nothing.</summary>
    public ushort UInt16 { get => _option.UInt16(HeaderLength); set => _option.Set(HeaderLength, value); }

    /// <summary>The data's first four octets, such as a time in seconds; 0 if there are fewer. Setting fewer does nothing.</summary>
    public uint UInt32 { get => _option.UInt32(HeaderLength); set => _option.Set(HeaderLength, value); }

    /// <summary>Overwrites data from <paramref name="offset"/> on.</summary>
    /// <returns>Refused, and nothing written, if it would reach past the option.</returns>
    public EditResult Write(int offset, ReadOnlySpan<byte> octets) => _option.Slice(HeaderLength).Write(offset, octets);

    /// <summary>An identity association: IA_NA, IA_TA or IA_PD.</summary>
    public bool TryGetAssociation(out Dhcpv6Association association)
    {
        bool found = Dhcpv6Association.IsValid(Code, Length);
        association = found ? new Dhcpv6Association(_option) : default;
        return found;
    }

    /// <summary>An address of an association, IAADDR.</summary>
    public bool TryGetAddress(out Dhcpv6Address address)
    {
        bool found = Code == Dhcpv6OptionCode.Address && Length >= Dhcpv6Address.MinLength;
        address = found ? new Dhcpv6Address(_option) : default;
        return found;
    }

    /// <summary>A prefix of a delegation, IAPREFIX.</summary>
    public bool TryGetPrefix(out Dhcpv6Prefix prefix)
    {
        bool found = Code == Dhcpv6OptionCode.Prefix && Dhcpv6Prefix.IsValid(Data);
        prefix = found ? new Dhcpv6Prefix(_option) : default;
        return found;
    }

    /// <summary>The DNS servers.</summary>
    public bool TryGetDnsServers(out Dhcpv6DnsServers servers)
    {
        bool found = Code == Dhcpv6OptionCode.DnsServers && Length >= Ipv6Address.Length && Length % Ipv6Address.Length == 0;
        servers = found ? new Dhcpv6DnsServers(_option) : default;
        return found;
    }

    /// <summary>How a request went.</summary>
    public bool TryGetStatus(out Dhcpv6Status status)
    {
        bool found = Code == Dhcpv6OptionCode.StatusCode && Length >= sizeof(ushort);
        status = found ? new Dhcpv6Status(_option) : default;
        return found;
    }

    /// <summary>The message that a relay hands on.</summary>
    public bool TryGetMessage(out Dhcpv6Message message)
    {
        message = default;
        return Code == Dhcpv6OptionCode.RelayMessage && Dhcpv6Message.TryRead(_option.Slice(HeaderLength), out message);
    }

    bool INumberedOption<Dhcpv6OptionCode>.Is(Dhcpv6OptionCode number) => Code == number;

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
