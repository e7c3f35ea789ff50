namespace Fluke6.Wire;

/// <summary>How a request went. RFC 8415 §21.13.</summary>
public readonly ref struct Dhcpv6Status : ISpanFormattable
{
    private readonly PayloadPart _option;    // code and length included

    internal Dhcpv6Status(PayloadPart option) => _option = option;

    /// <summary>The code.</summary>
    public Dhcpv6StatusCode Code
    {
        get => (Dhcpv6StatusCode)_option.UInt16(Dhcpv6Option.HeaderLength);
        set => _option.Set(Dhcpv6Option.HeaderLength, (ushort)value);
    }

    /// <summary>What to tell people, in UTF-8; may be empty.</summary>
    public ReadOnlySpan<byte> Message => _option.Octets[(Dhcpv6Option.HeaderLength + sizeof(ushort))..];

    /// <summary>In one line: the code and what to tell people.</summary>
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
