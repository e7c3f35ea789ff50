using System.Runtime.CompilerServices;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>One option of a TCP header. RFC 9293 §3.2.</summary>
public readonly ref struct TcpOption : ISpanFormattable
{
    private readonly Span<byte> _header;
    private readonly ChecksumField _checksum;
    private readonly int _offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TcpOption(Span<byte> header, int offset, int length, ChecksumField checksum)
    {
        _header = header;
        _offset = offset;
        Length = length;
        _checksum = checksum;
    }

    private Span<byte> Header => _checksum.Checked(_header);

    /// <summary>The kind; a number without a name is one that <see cref="TcpOptionKind"/> does not list.</summary>
    public TcpOptionKind Kind
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TcpOptionKind)Header[_offset];
    }

    /// <summary>Kind, length and data together, in octets: 1 for NOP, else 2 to 40.</summary>
    public int Length { get; }

    /// <summary>What follows kind and length.</summary>
    public ReadOnlySpan<byte> Data => Length < 2 ? default : Header.Slice(_offset + 2, Length - 2);

    /// <summary>The data's first octet, as in window scale; 0 if there is none. Setting what is not there does nothing.</summary>
    public byte Byte
    {
        get => Data.Length < 1 ? (byte)0 : Data[0];
        set
        {
            if (Data.Length >= 1)
                _checksum.WriteByte(Header, _offset + 2, value);
        }
    }

    /// <summary>The data's first two octets, big-endian, as in MSS; 0 if there are fewer. Setting what is not there does nothing.</summary>
    public ushort UInt16
    {
        get => Data.Length < 2 ? (ushort)0 : ReadUInt16BigEndian(Data);
        set
        {
            if (Data.Length >= 2)
                _checksum.Write(Header, _offset + 2, value);
        }
    }

    /// <summary>
    /// The data's first four octets, big-endian, as in timestamps; 0 if there are fewer. Setting what is not there does nothing.
    /// </summary>
    public uint UInt32
    {
        get => Data.Length < 4 ? 0 : ReadUInt32BigEndian(Data);
        set
        {
            if (Data.Length >= 4)
                _checksum.Write(Header, _offset + 2, value);
        }
    }

    /// <summary>Overwrites data from <paramref name="offset"/> on.</summary>
    /// <returns>Refused, and nothing written, if it would reach past the option.</returns>
    public EditResult Write(int offset, ReadOnlySpan<byte> octets) =>
        _checksum.Overwrite(Header, _offset + 2, Data.Length, offset, octets);

    /// <summary>Gives the option other data, as long at most; what is left over becomes NOPs.</summary>
    internal void Replace(ReadOnlySpan<byte> data)
    {
        Span<byte> header = Header;
        _checksum.WriteByte(header, _offset + 1, (byte)(2 + data.Length));
        _checksum.Write(header, _offset + 2, data);
        _checksum.Fill(header, _offset + 2 + data.Length, Length - 2 - data.Length, (byte)TcpOptionKind.NoOperation);
    }

    /// <summary>The option as tcpdump prints it.</summary>
    public override string ToString() => ToString(null, null);

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        Span<char> text = stackalloc char[TcpOptions.MaxText];
        TryFormat(text, out int length, default, null);
        return new string(text[..length]);
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var text = new LineWriter(destination);
        TcpOptionText.Write(ref text, this);
        charsWritten = text.Complete ? text.Length : 0;
        return text.Complete;
    }
}
