using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The parameters of an SVCB or HTTPS record, for foreach. RFC 9460 §2.2.</summary>
public ref struct DnsServiceParameters : ISpanFormattable
{
    internal const int HeaderLength = 4;

    private readonly DnsRecord _record;
    private int _offset;
    private int _next;

    internal DnsServiceParameters(DnsRecord record, int start)
    {
        _record = record;
        _next = start;
    }

    /// <summary>The parameter at hand.</summary>
    public readonly DnsServiceParameter Current => new(_record, _offset);

    /// <summary>Itself.</summary>
    public readonly DnsServiceParameters GetEnumerator() => this;

    /// <summary>Goes to the next parameter; false after the last.</summary>
    public bool MoveNext()
    {
        if (_next >= _record.DataOffset + _record.Data.Length)
            return false;

        _offset = _next;
        _next += HeaderLength + ReadUInt16BigEndian(_record.Message[(_next + 2)..]);
        return true;
    }

    /// <summary>Whether each fits and their keys ascend. RFC 9460 §2.2: clients take the record for malformed otherwise.</summary>
    internal static bool AreWellFormed(ReadOnlySpan<byte> parameters)
    {
        int key = -1;
        while (!parameters.IsEmpty)
        {
            if (parameters.Length < HeaderLength || ReadUInt16BigEndian(parameters) <= key)
                return false;

            key = ReadUInt16BigEndian(parameters);
            int length = HeaderLength + ReadUInt16BigEndian(parameters[2..]);
            if (length > parameters.Length)
                return false;

            parameters = parameters[length..];
        }

        return true;
    }

    /// <summary>The parameters that are left, as dig prints them.</summary>
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

/// <summary>One parameter of an SVCB or HTTPS record.</summary>
public readonly ref struct DnsServiceParameter : ISpanFormattable
{
    private readonly DnsRecord _record;
    private readonly int _offset;

    internal DnsServiceParameter(DnsRecord record, int offset)
    {
        _record = record;
        _offset = offset;
    }

    /// <summary>What the value is.</summary>
    public DnsServiceParameterKey Key => (DnsServiceParameterKey)ReadUInt16BigEndian(_record.Message[_offset..]);

    /// <summary>The value as it stands.</summary>
    public ReadOnlySpan<byte> Value =>
        _record.Message.Slice(_offset + DnsServiceParameters.HeaderLength, ReadUInt16BigEndian(_record.Message[(_offset + 2)..]));

    /// <summary>Overwrites the value from <paramref name="offset"/> on.</summary>
    /// <returns>Refused, and nothing written, if it would reach past the value.</returns>
    public EditResult Write(int offset, ReadOnlySpan<byte> octets) =>
        offset < 0 || offset > Value.Length - octets.Length
            ? EditResult.Refused
            : _record.Write(_offset + DnsServiceParameters.HeaderLength + offset, octets);

    /// <summary>The addresses; false for other keys and for a length that is none of addresses.</summary>
    public bool TryGetIpv6Hints(out DnsIpv6Hints hints)
    {
        bool found = Key == DnsServiceParameterKey.Ipv6Hint && Value.Length > 0 && Value.Length % Ipv6Address.Length == 0;
        hints = found ? new DnsIpv6Hints(this) : default;
        return found;
    }

    /// <inheritdoc cref="TryGetIpv6Hints"/>
    public bool TryGetIpv4Hints(out DnsIpv4Hints hints)
    {
        bool found = Key == DnsServiceParameterKey.Ipv4Hint && Value.Length > 0 && Value.Length % Ipv4Address.Length == 0;
        hints = found ? new DnsIpv4Hints(this) : default;
        return found;
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
