namespace Fluke6.Wire;

/// <summary>
/// The options of an IPv4 header, in order. RFC 791 §3.1. A malformed length (0, 1, or past the header) ends the walk and sets
/// <see cref="IsMalformed"/>; nothing loops, nothing throws.
/// </summary>
public readonly ref struct Ipv4Options : ISpanFormattable
{
    private readonly Span<byte> _header;    // from the header's first octet, so that offsets have the checksum's parity
    private readonly ChecksumField _transport;

    internal Ipv4Options(Span<byte> header, ChecksumField transport)
    {
        _header = header;
        _transport = transport;
    }

    private Span<byte> Header => _transport.Checked(_header);

    /// <summary>The option octets as they stand, padding included: 0 to 40.</summary>
    public ReadOnlySpan<byte> Octets => Header[Ipv4Header.MinLength..];

    /// <summary>Whether a length in the list is impossible, so that what follows it cannot be told.</summary>
    public bool IsMalformed => OptionWalk.IsMalformed(GetEnumerator());

    /// <summary>The first option of a kind.</summary>
    public bool TryGet(Ipv4OptionKind kind, out Ipv4Option option) => OptionWalk.TryGet(GetEnumerator(), kind, out option);

    /// <summary>Whether an option of this kind is there.</summary>
    public bool Contains(Ipv4OptionKind kind) => TryGet(kind, out _);

    /// <summary>Overwrites every option of this kind with NOPs: no length changes.</summary>
    /// <returns>Unchanged if there is none.</returns>
    public EditResult Strip(Ipv4OptionKind kind)
    {
        // NOPs are what is written; End of Option List is where the walk stops.
        if (kind is Ipv4OptionKind.NoOperation or Ipv4OptionKind.EndOfList)
            return EditResult.Unchanged;

        EditResult result = EditResult.Unchanged;
        foreach (Ipv4Option option in this)
        {
            if (option.Kind == kind)
            {
                option.Fill((byte)Ipv4OptionKind.NoOperation);
                result = EditResult.Changed;
            }
        }

        return result;
    }

    /// <summary>The options from the first to the end of the list.</summary>
    public Enumerator GetEnumerator() => new(Header, _transport);

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator : IOptionWalk<Ipv4Option>
    {
        private readonly Span<byte> _header;
        private readonly ChecksumField _transport;
        private int _offset;
        private int _length;

        internal Enumerator(Span<byte> header, ChecksumField transport)
        {
            _header = header;
            _transport = transport;
            _offset = Ipv4Header.MinLength;
        }

        private readonly Span<byte> Header => _transport.Checked(_header);

        /// <summary>Whether the walk ended at an impossible length.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The option at hand.</summary>
        public readonly Ipv4Option Current => new(Header, _offset, _length, _transport);

        /// <summary>Goes to the next option; false at the end of the list or where it is malformed.</summary>
        public bool MoveNext()
        {
            int offset = _offset + _length;
            if (IsMalformed || (uint)offset >= (uint)Header.Length || Header[offset] == (byte)Ipv4OptionKind.EndOfList)
                return false;

            int length = 1;
            if (Header[offset] != (byte)Ipv4OptionKind.NoOperation)
            {
                length = offset + 1 < Header.Length ? Header[offset + 1] : 0;
                if (length < 2 || offset + length > Header.Length)
                {
                    IsMalformed = true;
                    _transport.FoundMalformed();
                    return false;
                }
            }

            _offset = offset;
            _length = length;
            return true;
        }
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
