using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>MTU option: the link's MTU. RFC 4861 §4.6.4.</summary>
public readonly ref struct MtuOption : ISpanFormattable
{
    private readonly Span<byte> _octets;        // type and length included
    private readonly ChecksumField _checksum;

    internal MtuOption(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>The largest packet for this link, in octets.</summary>
    public uint Mtu
    {
        get => ReadUInt32BigEndian(Octets[4..]);
        set => _checksum.Write(Octets, 4, value);
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
