using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The options of EDNS, for foreach. RFC 6891 §6.1.2.</summary>
public ref struct DnsEdnsOptions : ISpanFormattable
{
    private const int HeaderLength = 4;

    private readonly DnsRecord _record;
    private int _offset;
    private int _next;

    internal DnsEdnsOptions(DnsRecord record)
    {
        _record = record;
        _next = record.DataOffset;
    }

    /// <summary>The option at hand.</summary>
    public readonly DnsEdnsOption Current => new(_record, _offset);

    /// <summary>Whether the walk ended at an option that reaches past the record.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Itself.</summary>
    public readonly DnsEdnsOptions GetEnumerator() => this;

    /// <summary>Goes to the next option; false after the last or where one is malformed.</summary>
    public bool MoveNext()
    {
        int end = _record.DataOffset + _record.Data.Length;
        if (IsMalformed || _next == end)
            return false;

        if (end - _next < HeaderLength || end - _next - HeaderLength < ReadUInt16BigEndian(_record.Message[(_next + 2)..]))
        {
            IsMalformed = true;
            _record.FoundMalformed();
            return false;
        }

        _offset = _next;
        _next += HeaderLength + ReadUInt16BigEndian(_record.Message[(_next + 2)..]);
        return true;
    }

    /// <summary>The options that are left, as dig prints them, with commas between them.</summary>
    public override readonly string ToString() => HeaderText.Of(this);

    /// <inheritdoc cref="ToString()"/>
    public readonly string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public readonly bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var line = new LineWriter(destination);
        HeaderText.Write(ref line, this);
        charsWritten = line.Length;
        return line.Complete;
    }
}

/// <summary>One option of EDNS.</summary>
public readonly ref struct DnsEdnsOption : ISpanFormattable
{
    private readonly DnsRecord _record;
    private readonly int _offset;

    internal DnsEdnsOption(DnsRecord record, int offset)
    {
        _record = record;
        _offset = offset;
    }

    /// <summary>What the option is.</summary>
    public DnsEdnsOptionCode Code => (DnsEdnsOptionCode)ReadUInt16BigEndian(_record.Message[_offset..]);

    /// <summary>What follows code and length.</summary>
    public ReadOnlySpan<byte> Data => _record.Message.Slice(_offset + 4, ReadUInt16BigEndian(_record.Message[(_offset + 2)..]));

    /// <summary>The client subnet; false for other options and where its lengths contradict each other.</summary>
    public bool TryGetClientSubnet(out DnsClientSubnet subnet)
    {
        subnet = default;
        if (Code != DnsEdnsOptionCode.ClientSubnet)
            return false;

        if (!DnsClientSubnet.IsWellFormed(Data))
        {
            _record.FoundMalformed();
            return false;
        }

        subnet = new DnsClientSubnet(_record, _offset + 4, Data.Length);
        return true;
    }

    /// <summary>In one line, as dig would print it.</summary>
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
