using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>
/// A part of a handshake message: one run of octets, wherever records cut it up, read and written in place. RFC 8446 §5.1. Setters adjust the TCP
/// checksum.
/// </summary>
public readonly ref struct TlsOctets : ISpanFormattable
{
    internal const int RecordHeaderLength = 5;

    private readonly Span<byte> _stream;     // records, from the first one's header on; begins at an even offset of what the checksum covers
    private readonly ChecksumField _checksum;
    private readonly int _record;            // where the header of a record stands whose content begins before the part, or with it
    private readonly int _offset;            // from that record's content to the part's first octet; may lie in a later record
    private readonly int _length;

    internal TlsOctets(Span<byte> stream, int record, int offset, int length, ChecksumField checksum)
    {
        _stream = stream;
        _record = record;
        _offset = offset;
        _length = length;
        _checksum = checksum;
    }

    /// <summary>How many octets there are.</summary>
    public int Length
    {
        get
        {
            _checksum.Check();
            return _length;
        }
    }

    /// <summary>One of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many.</exception>
    public byte this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
            return Stream[Find(index)];
        }
    }

    private Span<byte> Stream => _checksum.Checked(_stream);

    /// <summary>Copies as many as there is room for.</summary>
    /// <returns>How many that were.</returns>
    public int CopyTo(Span<byte> destination)
    {
        int length = Math.Min(Length, destination.Length);
        for (int done = 0; done < length;)
        {
            ReadOnlySpan<byte> run = Run(done, length);
            run.CopyTo(destination[done..]);
            done += run.Length;
        }

        return length;
    }

    /// <summary>A copy.</summary>
    public byte[] ToArray()
    {
        byte[] copy = new byte[Length];
        CopyTo(copy);
        return copy;
    }

    /// <summary>Whether they are these.</summary>
    public bool SequenceEqual(ReadOnlySpan<byte> octets)
    {
        if (octets.Length != Length)
            return false;

        for (int done = 0; done < octets.Length;)
        {
            ReadOnlySpan<byte> run = Run(done, octets.Length);
            if (!run.SequenceEqual(octets.Slice(done, run.Length)))
                return false;

            done += run.Length;
        }

        return true;
    }

    /// <summary>Overwrites them from <paramref name="offset"/> on.</summary>
    /// <returns>Refused, and nothing written, if it would reach past the end.</returns>
    public EditResult Write(int offset, ReadOnlySpan<byte> octets)
    {
        if (offset < 0 || offset > Length - octets.Length)
            return EditResult.Refused;

        var result = EditResult.Unchanged;
        for (int done = 0; done < octets.Length;)
        {
            int length = Run(offset + done, offset + octets.Length).Length;
            if (PayloadField.Write(Stream, Find(offset + done), octets.Slice(done, length), _checksum) == EditResult.Changed)
                result = EditResult.Changed;
            done += length;
        }

        return result;
    }

    /// <summary>Two of them, big-endian; 0 where they reach past the end.</summary>
    internal ushort UInt16(int offset) => offset + sizeof(ushort) <= Length ? (ushort)((this[offset] << 8) | this[offset + 1]) : (ushort)0;

    /// <summary>One of them; 0 past the end.</summary>
    internal byte Byte(int offset) => offset < Length ? this[offset] : (byte)0;

    internal void Set(int offset, ushort value)
    {
        Span<byte> octets = stackalloc byte[sizeof(ushort)];
        WriteUInt16BigEndian(octets, value);
        Write(offset, octets);
    }

    /// <summary>A part of these, cut where they end.</summary>
    internal TlsOctets Slice(int offset, int length)
    {
        _checksum.Check();
        offset = Math.Min(offset, _length);
        // The new part begins its search for octets at its own record.
        (int record, int within) = Locate(offset);
        return new TlsOctets(_stream, record, within, Math.Clamp(length, 0, _length - offset), _checksum);
    }

    internal void FoundMalformed() => _checksum.FoundMalformed();

    /// <summary>The octets from one on that stand together.</summary>
    private ReadOnlySpan<byte> Run(int offset, int end)
    {
        (int record, int within) = Locate(offset);
        return Stream.Slice(record + RecordHeaderLength + within, Math.Min(end - offset, ContentOf(record) - within));
    }

    private int Find(int offset)
    {
        (int record, int within) = Locate(offset);
        return record + RecordHeaderLength + within;
    }

    /// <summary>The record that an octet stands in, and where in its content.</summary>
    private (int Record, int Offset) Locate(int offset)
    {
        int record = _record, within = _offset + offset;
        // The end of the last octet has no record of its own.
        while (within >= ContentOf(record) && record + RecordHeaderLength + ContentOf(record) + RecordHeaderLength <= Stream.Length)
        {
            within -= ContentOf(record);
            record += RecordHeaderLength + ContentOf(record);
        }

        return (record, within);
    }

    private int ContentOf(int record) => ReadUInt16BigEndian(Stream[(record + 3)..]);

    /// <summary>In one line: hexadecimal digits.</summary>
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
