namespace Fluke6.Wire;

/// <summary>The options of an IPv4 header, in order. RFC 791 §3.1.</summary>
public readonly ref struct Ipv4Options
{
    private readonly Span<byte> _header;
    private readonly ChecksumField _checksum;

    internal Ipv4Options(Span<byte> header, ChecksumField checksum)
    {
        _header = header;
        _checksum = checksum;
    }

    /// <summary>The option octets as they stand, padding included: 0 to 40.</summary>
    public ReadOnlySpan<byte> Octets => _header[Ipv4Header.MinLength..];
}
