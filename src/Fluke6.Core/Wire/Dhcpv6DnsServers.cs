namespace Fluke6.Wire;

/// <summary>The DNS servers of a DHCP message for IPv6. RFC 3646 §3.</summary>
public readonly ref struct Dhcpv6DnsServers : ISpanFormattable
{
    private readonly PayloadPart _option;    // code and length included

    internal Dhcpv6DnsServers(PayloadPart option) => _option = option;

    /// <summary>How many addresses the option lists, at least 1.</summary>
    public int Count => (_option.Octets.Length - Dhcpv6Option.HeaderLength) / Ipv6Address.Length;

    /// <summary>One server's address; the preferred one is the first.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not in that range.</exception>
    public Ipv6Address this[int index]
    {
        get => _option.Ipv6(OffsetOf(index));
        set => _option.Set(OffsetOf(index), value);
    }

    private int OffsetOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return Dhcpv6Option.HeaderLength + (index * Ipv6Address.Length);
    }

    /// <summary>In one line: the addresses.</summary>
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
