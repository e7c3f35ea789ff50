namespace Fluke6.Wire;

/// <summary>Names in a handshake message, such as the protocols that a client speaks, for foreach. RFC 7301 §3.1.</summary>
public readonly ref struct TlsTexts : ISpanFormattable
{
    private readonly TlsOctets _octets;    // each after an octet of length

    internal TlsTexts(TlsOctets octets) => _octets = octets;

    /// <summary>Whether a name reaches past the end, so that what follows it cannot be told.</summary>
    public bool IsMalformed => OptionWalk.IsMalformed(GetEnumerator());

    /// <summary>Whether a name is among them.</summary>
    public bool Contains(ReadOnlySpan<char> name)
    {
        foreach (TlsText candidate in this)
        {
            if (candidate.Equals(name))
                return true;
        }

        return false;
    }

    /// <summary>The names from the first to the last.</summary>
    public Enumerator GetEnumerator() => new(_octets);

    /// <summary>Walks the names.</summary>
    public ref struct Enumerator : IOptionWalk<TlsText>
    {
        private TlsOctets _rest;

        internal Enumerator(TlsOctets octets) => _rest = octets;

        /// <summary>Whether the walk ended at a name that reaches past the end.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The name at hand.</summary>
        public TlsText Current { get; private set; }

        /// <summary>Goes to the next name; false after the last or where one is malformed.</summary>
        public bool MoveNext()
        {
            if (IsMalformed || _rest.Length == 0)
                return false;

            int length = _rest.Byte(0);
            if (length > _rest.Length - 1)
            {
                IsMalformed = true;
                _rest.FoundMalformed();
                return false;
            }

            Current = new TlsText(_rest.Slice(1, length));
            _rest = _rest.Slice(1 + length, _rest.Length);
            return true;
        }
    }

    /// <summary>In one line: the names with commas between them.</summary>
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
