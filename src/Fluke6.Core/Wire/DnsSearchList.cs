using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>DNS search list option, DNSSL. RFC 8106 §5.2.</summary>
public readonly ref struct DnsSearchList : ISpanFormattable
{
    private readonly Span<byte> _octets;        // type and length included
    private readonly ChecksumField _checksum;

    internal DnsSearchList(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>How long the names may be used, in seconds; 0 for no longer, all ones for ever.</summary>
    public uint Lifetime
    {
        get => ReadUInt32BigEndian(Octets[4..]);
        set => _checksum.Write(Octets, 4, value);
    }

    /// <summary>
    /// The names as they stand: labels without compression, each name ended by a zero octet, zero octets as padding behind.
    /// </summary>
    public ReadOnlySpan<byte> EncodedNames => Octets[8..];

    /// <summary>Whether a name is cut short or has a label that is none, so that what follows cannot be told.</summary>
    public bool IsMalformed => OptionWalk.IsMalformed(GetEnumerator());

    /// <summary>Overwrites encoded names from <paramref name="offset"/> on.</summary>
    /// <returns>Refused, and nothing written, if it would reach past the option.</returns>
    public EditResult Write(int offset, ReadOnlySpan<byte> octets) =>
        _checksum.Overwrite(Octets, 8, Octets.Length - 8, offset, octets);

    /// <summary>The names, in order.</summary>
    public Enumerator GetEnumerator() => new(EncodedNames, _checksum);

    /// <summary>Walks the names.</summary>
    public ref struct Enumerator : IOptionWalk<DnsSearchName>
    {
        private readonly ChecksumField _checksum;
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> names, ChecksumField checksum)
        {
            _rest = names;
            _checksum = checksum;
        }

        /// <summary>Whether the walk ended at a name that is cut short or has a label that is none.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The name at hand.</summary>
        public DnsSearchName Current { get; private set; }

        /// <summary>Goes to the next name; false at the padding, at the option's end or where a name is malformed.</summary>
        public bool MoveNext()
        {
            _checksum.Check();
            if (_rest.IsEmpty || _rest[0] == 0)
                return false;

            int end = 0;
            while (end < _rest.Length && _rest[end] != 0)
            {
                // RFC 8106 §5.2 allows no compression, and RFC 1035 §2.3.4 labels of at most 63 octets, names of 255.
                end = _rest[end] <= 63 ? end + 1 + _rest[end] : int.MaxValue;
                if (end >= _rest.Length || end >= DnsSearchName.MaxLength)
                {
                    IsMalformed = true;
                    _checksum.FoundMalformed();
                    _rest = default;
                    return false;
                }
            }

            Current = new DnsSearchName(_rest[..end], _checksum.Guard);
            _rest = _rest[(end + 1)..];
            return true;
        }
    }

    /// <summary>In one line, as tcpdump would print it; as DNS records are, as dig would.</summary>
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
