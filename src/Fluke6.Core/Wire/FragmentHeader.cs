using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>IPv6 fragment header, read and written in place. RFC 8200 §4.5.</summary>
public readonly ref struct FragmentHeader : ISpanFormattable
{
    /// <summary>Eight octets.</summary>
    public const int Length = 8;

    private readonly Span<byte> _octets;
    private readonly ChecksumField _none;

    internal FragmentHeader(Span<byte> octets, ChecksumField none)
    {
        _octets = octets;
        _none = none;
    }

    private Span<byte> Octets => _none.Checked(_octets);

    /// <summary>The kind of header that the reassembled packet's fragmentable part begins with.</summary>
    public IpProtocol NextHeader => (IpProtocol)Octets[0];

    /// <summary>Where the data belongs in the fragmentable part, in octets, a multiple of 8 up to 65,528.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to anything else.</exception>
    public int FragmentOffset
    {
        get => ReadUInt16BigEndian(Octets[2..]) & 0xFFF8;
        set
        {
            _none.Write(Octets, 2, (ushort)((ReadUInt16BigEndian(Octets[2..]) & 7) | FieldRange.FragmentOffset(value)));
            _none.Guard.AfterLayoutEdit();
        }
    }

    /// <summary>M: this is not the last fragment.</summary>
    public bool MoreFragments
    {
        get => (Octets[3] & 1) != 0;
        set
        {
            _none.WriteByte(Octets, 3, (byte)(value ? Octets[3] | 1 : Octets[3] & ~1));
            _none.Guard.AfterLayoutEdit();
        }
    }

    /// <summary>Whether this is a whole packet that merely carries a fragment header. RFC 6946 §2.</summary>
    public bool IsAtomic => (ReadUInt16BigEndian(Octets[2..]) & 0xFFF9) == 0;

    /// <summary>Tells the fragments of one packet from another's.</summary>
    public uint Identification
    {
        get => ReadUInt32BigEndian(Octets[4..]);
        set => _none.Write(Octets, 4, value);
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
