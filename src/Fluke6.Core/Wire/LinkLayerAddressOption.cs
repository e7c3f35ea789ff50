namespace Fluke6.Wire;

/// <summary>Source or target link-layer address option, of an Ethernet link. RFC 4861 §4.6.1, RFC 2464 §6.</summary>
public readonly ref struct LinkLayerAddressOption : ISpanFormattable
{
    private readonly Span<byte> _octets;        // type and length included
    private readonly ChecksumField _checksum;

    internal LinkLayerAddressOption(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>Source or target.</summary>
    public NeighborDiscoveryOptionType Type => (NeighborDiscoveryOptionType)Octets[0];

    /// <summary>The MAC address.</summary>
    public MacAddress Address
    {
        get => MacAddress.Read(Octets[2..]);
        set
        {
            Span<byte> octets = stackalloc byte[MacAddress.Length];
            value.WriteTo(octets);
            _checksum.Write(Octets, 2, octets);
        }
    }

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
