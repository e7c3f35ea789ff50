namespace Fluke6.Wire;

/// <summary>
/// The extensions of a ClientHello, in order. RFC 8446 §4.2. One that reaches past the end ends the walk and sets <see cref="IsMalformed"/>;
/// nothing loops, nothing throws.
/// </summary>
public readonly ref struct TlsExtensions : ISpanFormattable
{
    private readonly TlsOctets _octets;

    internal TlsExtensions(TlsOctets octets) => _octets = octets;

    /// <summary>Whether an extension reaches past the end, so that what follows it cannot be told.</summary>
    public bool IsMalformed => OptionWalk.IsMalformed(GetEnumerator());

    /// <summary>The first extension of a type.</summary>
    public bool TryGet(TlsExtensionType type, out TlsExtension extension) => OptionWalk.TryGet(GetEnumerator(), type, out extension);

    /// <summary>Whether an extension of this type is there.</summary>
    public bool Contains(TlsExtensionType type) => TryGet(type, out _);

    /// <summary>The extensions from the first to the last.</summary>
    public Enumerator GetEnumerator() => new(_octets);

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator : IOptionWalk<TlsExtension>
    {
        private TlsOctets _rest;

        internal Enumerator(TlsOctets octets) => _rest = octets;

        /// <summary>Whether the walk ended at an extension that reaches past the end.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The extension at hand.</summary>
        public TlsExtension Current { get; private set; }

        /// <summary>Goes to the next extension; false after the last or where one is malformed.</summary>
        public bool MoveNext()
        {
            if (IsMalformed || _rest.Length == 0)
                return false;

            int length = TlsExtension.HeaderLength + _rest.UInt16(2);
            if (_rest.Length < TlsExtension.HeaderLength || length > _rest.Length)
            {
                IsMalformed = true;
                _rest.FoundMalformed();
                return false;
            }

            Current = new TlsExtension(_rest.Slice(0, length));
            _rest = _rest.Slice(length, _rest.Length);
            return true;
        }
    }

    /// <summary>In one line: the extensions with commas between them.</summary>
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
