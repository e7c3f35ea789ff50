namespace Fluke6.Wire;

/// <summary>The character strings of a TXT record, for foreach: each up to 255 octets. RFC 1035 §3.3, §3.3.14.</summary>
public ref struct DnsStrings : ISpanFormattable
{
    private readonly ChecksumField _checksum;
    private ReadOnlySpan<byte> _rest;

    internal DnsStrings(ReadOnlySpan<byte> data, ChecksumField checksum)
    {
        _rest = data;
        _checksum = checksum;
    }

    /// <summary>The string at hand, without its length octet.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Whether the walk ended at a string that reaches past the data.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Itself.</summary>
    public readonly DnsStrings GetEnumerator() => this;

    /// <summary>Goes to the next string; false after the last or where one is malformed.</summary>
    public bool MoveNext()
    {
        _checksum.Check();
        if (_rest.IsEmpty || IsMalformed)
            return false;

        int end = 1 + _rest[0];
        if (end > _rest.Length)
        {
            IsMalformed = true;
            _checksum.FoundMalformed();
            return false;
        }

        Current = _rest[1..end];
        _rest = _rest[end..];
        return true;
    }

    /// <summary>The strings that are left, each in quotation marks. RFC 1035 §5.1.</summary>
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
