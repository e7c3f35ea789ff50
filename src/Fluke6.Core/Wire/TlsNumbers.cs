namespace Fluke6.Wire;

/// <summary>Numbers of 16 bits in a handshake message, such as cipher suites or versions, for foreach and in place.</summary>
public readonly ref struct TlsNumbers : ISpanFormattable
{
    private readonly TlsOctets _octets;

    internal TlsNumbers(TlsOctets octets) => _octets = octets;

    /// <summary>How many there are.</summary>
    public int Count => _octets.Length / sizeof(ushort);

    /// <summary>One of them.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not in that range.</exception>
    public ushort this[int index]
    {
        get => _octets.UInt16(OffsetOf(index));
        set => _octets.Set(OffsetOf(index), value);
    }

    /// <summary>Whether a number is among them.</summary>
    public bool Contains(ushort number)
    {
        foreach (ushort candidate in this)
        {
            if (candidate == number)
                return true;
        }

        return false;
    }

    /// <summary>The numbers from the first to the last.</summary>
    public Enumerator GetEnumerator() => new(_octets);

    private int OffsetOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return index * sizeof(ushort);
    }

    /// <summary>Walks the numbers.</summary>
    public ref struct Enumerator
    {
        private TlsOctets _rest;

        internal Enumerator(TlsOctets octets) => _rest = octets;

        /// <summary>The number at hand.</summary>
        public ushort Current { get; private set; }

        /// <summary>Goes to the next number; false after the last.</summary>
        public bool MoveNext()
        {
            if (_rest.Length < sizeof(ushort))
                return false;

            Current = _rest.UInt16(0);
            _rest = _rest.Slice(sizeof(ushort), _rest.Length);
            return true;
        }
    }

    /// <summary>In one line: the numbers in hexadecimal digits, with commas between them.</summary>
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
