using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>
/// Source and destination port, with which TCP and UDP begin alike, read and written in place. RFC 9293 §3.1, RFC 768. To be had also where
/// no more of the transport header is there, as in the packet that an ICMP error quotes.
/// </summary>
public readonly ref struct TransportPorts : ISpanFormattable
{
    /// <summary>Four octets.</summary>
    public const int Length = 4;

    private readonly Span<byte> _octets;
    private readonly ChecksumField _checksum;

    internal TransportPorts(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets[..Length];
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>The source port. The transport checksum follows, if it is there.</summary>
    public ushort Source
    {
        get => ReadUInt16BigEndian(Octets);
        set => _checksum.Write(Octets, 0, value);
    }

    /// <summary>The destination port. The transport checksum follows, if it is there.</summary>
    public ushort Destination
    {
        get => ReadUInt16BigEndian(Octets[2..]);
        set => _checksum.Write(Octets, 2, value);
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
