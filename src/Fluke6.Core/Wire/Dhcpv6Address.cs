namespace Fluke6.Wire;

/// <summary>An address of an identity association, IAADDR. RFC 8415 §21.6.</summary>
public readonly ref struct Dhcpv6Address : ISpanFormattable
{
    internal const int MinLength = 24;
    private const int Start = Dhcpv6Option.HeaderLength;

    private readonly PayloadPart _option;    // code and length included

    internal Dhcpv6Address(PayloadPart option) => _option = option;

    /// <summary>The address.</summary>
    public Ipv6Address Address { get => _option.Ipv6(Start); set => _option.Set(Start, value); }

    /// <summary>For how many seconds it may be used for anything new; all ones for ever.</summary>
    public uint PreferredLifetime { get => _option.UInt32(Start + 16); set => _option.Set(Start + 16, value); }

    /// <summary>For how many seconds it may be used; 0 for no longer, all ones for ever.</summary>
    public uint ValidLifetime { get => _option.UInt32(Start + 20); set => _option.Set(Start + 20, value); }

    /// <summary>The options in it, such as how it went.</summary>
    public Dhcpv6Options Options => new(_option.Slice(Start + MinLength));

    /// <summary>In one line: the address and its lifetimes.</summary>
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
