using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The records of a Multicast Listener Report, for foreach. RFC 3810 §5.2.4.</summary>
public ref struct MulticastAddressRecords : ISpanFormattable
{
    private ReadOnlySpan<byte> _rest;
    private int _left;

    internal MulticastAddressRecords(ReadOnlySpan<byte> records, int count)
    {
        _rest = records;
        _left = count;
    }

    /// <summary>The record at hand.</summary>
    public MulticastAddressRecord Current { get; private set; }

    /// <summary>Whether the walk ended at a record that is cut short.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Itself.</summary>
    public readonly MulticastAddressRecords GetEnumerator() => this;

    /// <summary>Goes to the next record; false after the last or where one is cut short.</summary>
    public bool MoveNext()
    {
        if (_left == 0 || IsMalformed)
            return false;

        IsMalformed = _rest.Length < MulticastAddressRecord.MinLength || MulticastAddressRecord.LengthOf(_rest) > _rest.Length;
        if (IsMalformed)
            return false;

        int length = MulticastAddressRecord.LengthOf(_rest);
        Current = new MulticastAddressRecord(_rest[..length]);
        _rest = _rest[length..];
        _left--;
        return true;
    }

    /// <summary>In one line, as tcpdump would print it.</summary>
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

/// <summary>What a report says of one group. RFC 3810 §5.2.4.</summary>
public readonly ref struct MulticastAddressRecord : ISpanFormattable
{
    /// <summary>A record without sources, in octets.</summary>
    internal const int MinLength = 4 + Ipv6Address.Length;

    private readonly ReadOnlySpan<byte> _octets;

    internal MulticastAddressRecord(ReadOnlySpan<byte> octets) => _octets = octets;

    /// <summary>What it says.</summary>
    public MulticastRecordType Type => (MulticastRecordType)_octets[0];

    /// <summary>The group.</summary>
    public Ipv6Address Group => Ipv6Address.Read(_octets[4..]);

    /// <summary>How many sources it names.</summary>
    public ushort SourceCount => ReadUInt16BigEndian(_octets[2..]);

    /// <summary>One of the sources.</summary>
    /// <param name="index">From 0 to below <see cref="SourceCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not in that range.</exception>
    public Ipv6Address this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, SourceCount);
            return Ipv6Address.Read(_octets[(MinLength + (index * Ipv6Address.Length))..]);
        }
    }

    /// <summary>How long a record says that it is, in octets. RFC 3810 §5.2.6: auxiliary data is counted in 32-bit words.</summary>
    internal static int LengthOf(ReadOnlySpan<byte> record) =>
        MinLength + (ReadUInt16BigEndian(record[2..]) * Ipv6Address.Length) + (record[1] * 4);

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
