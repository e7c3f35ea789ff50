namespace Fluke6.Wire;

/// <summary>Redirected header option: the packet that caused a redirect, or its beginning. RFC 4861 §4.6.3.</summary>
public readonly ref struct RedirectedHeader : ISpanFormattable
{
    private readonly Span<byte> _octets;        // type and length included
    private readonly ChecksumField _checksum;

    internal RedirectedHeader(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>The packet from its IPv6 header on, as much of it as was sent back; padding may follow.</summary>
    public ReadOnlySpan<byte> InvokingPacket => Octets[8..];

    /// <summary>Overwrites the packet from <paramref name="offset"/> on.</summary>
    /// <returns>Refused, and nothing written, if it would reach past the option.</returns>
    public EditResult Write(int offset, ReadOnlySpan<byte> octets) =>
        _checksum.Overwrite(Octets, 8, Octets.Length - 8, offset, octets);

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
