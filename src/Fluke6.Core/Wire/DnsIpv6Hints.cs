namespace Fluke6.Wire;

/// <summary>Addresses of IPv6 in an SVCB or HTTPS record, read and written in place. RFC 9460 §7.3.</summary>
public readonly ref struct DnsIpv6Hints : ISpanFormattable
{
    private readonly DnsServiceParameter _parameter;

    internal DnsIpv6Hints(DnsServiceParameter parameter) => _parameter = parameter;

    /// <summary>How many there are, at least one.</summary>
    public int Count => _parameter.Value.Length / Ipv6Address.Length;

    /// <summary>One of the addresses.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not in that range.</exception>
    public Ipv6Address this[int index]
    {
        get => Ipv6Address.Read(_parameter.Value[OffsetOf(index)..]);
        set
        {
            Span<byte> octets = stackalloc byte[Ipv6Address.Length];
            value.WriteTo(octets);
            _parameter.Write(OffsetOf(index), octets);
        }
    }

    private int OffsetOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return index * Ipv6Address.Length;
    }

    /// <summary>The addresses with commas between them.</summary>
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
