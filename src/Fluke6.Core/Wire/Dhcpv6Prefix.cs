namespace Fluke6.Wire;

/// <summary>A prefix of a delegation, IAPREFIX. RFC 8415 §21.22.</summary>
public readonly ref struct Dhcpv6Prefix : ISpanFormattable
{
    private const int Start = Dhcpv6Option.HeaderLength, MinLength = 25, MaxPrefixLength = 128;

    private readonly PayloadPart _option;    // code and length included

    internal Dhcpv6Prefix(PayloadPart option) => _option = option;

    /// <summary>For how many seconds it may be used for anything new; all ones for ever.</summary>
    public uint PreferredLifetime { get => _option.UInt32(Start); set => _option.Set(Start, value); }

    /// <summary>For how many seconds it may be used; 0 for no longer, all ones for ever.</summary>
    public uint ValidLifetime { get => _option.UInt32(Start + 4); set => _option.Set(Start + 4, value); }

    /// <summary>The prefix; bits past its length read as zero.</summary>
    public Ipv6Prefix Prefix
    {
        // A length past 128 may have been written since.
        get => new(_option.Ipv6(Start + 9), Math.Min(_option.Byte(Start + 8), (byte)MaxPrefixLength));
        set
        {
            _option.Set(Start + 8, (byte)value.Length);
            _option.Set(Start + 9, value.Address);
        }
    }

    /// <summary>The options in it, such as how it went.</summary>
    public Dhcpv6Options Options => new(_option.Slice(Start + MinLength));

    internal static bool IsValid(ReadOnlySpan<byte> data) => data.Length >= MinLength && data[8] <= MaxPrefixLength;

    /// <summary>In one line: the prefix and its lifetimes.</summary>
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
