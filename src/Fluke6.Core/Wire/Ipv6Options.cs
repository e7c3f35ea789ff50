namespace Fluke6.Wire;

/// <summary>
/// The options of a hop-by-hop or destination options header, padding included, in order. RFC 8200 §4.2. A length past the header ends
/// the walk and sets <see cref="IsMalformed"/>; nothing loops, nothing throws.
/// </summary>
/// <remarks>
/// No checksum covers extension headers, so setters adjust none; but a home address (RFC 6275 §6.3) stands for the source in the
/// pseudo-header, and the transport checksum follows what becomes of it.
/// </remarks>
public readonly ref struct Ipv6Options : ISpanFormattable
{
    private const int Start = 2;    // behind Next Header and Hdr Ext Len

    private readonly Span<byte> _header;
    private readonly AddressChecksum _addresses;

    internal Ipv6Options(Span<byte> header, AddressChecksum addresses)
    {
        _header = header;
        _addresses = addresses;
    }

    private Span<byte> Header => _addresses.Checked(_header);

    /// <summary>The option octets as they stand, padding included.</summary>
    public ReadOnlySpan<byte> Octets => Header.IsEmpty ? default : Header[Start..];

    /// <summary>Whether an option reaches past the header, so that it and what follows cannot be told.</summary>
    public bool IsMalformed => OptionWalk.IsMalformed(GetEnumerator());

    /// <summary>The first option of a type.</summary>
    public bool TryGet(Ipv6OptionType type, out Ipv6Option option) => OptionWalk.TryGet(GetEnumerator(), type, out option);

    /// <summary>Whether an option of this type is there.</summary>
    public bool Contains(Ipv6OptionType type) => TryGet(type, out _);

    /// <summary>Overwrites every option of this type with padding (PadN of the same length): no length changes.</summary>
    /// <returns>Unchanged if there is none.</returns>
    public EditResult Strip(Ipv6OptionType type)
    {
        if (type is Ipv6OptionType.Pad1 or Ipv6OptionType.PadN)
            return EditResult.Unchanged;

        EditResult result = EditResult.Unchanged;
        foreach (Ipv6Option option in this)
        {
            if (option.Type == type)
            {
                option.BecomePadding();
                result = EditResult.Changed;
            }
        }

        return result;
    }

    /// <summary>The options from the first to the header's end.</summary>
    public Enumerator GetEnumerator() => new(Header, _addresses);

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator : IOptionWalk<Ipv6Option>
    {
        private readonly Span<byte> _header;
        private readonly AddressChecksum _addresses;
        private int _offset;
        private int _length;

        internal Enumerator(Span<byte> header, AddressChecksum addresses)
        {
            _header = header;
            _addresses = addresses;
            _offset = Start;
        }

        private readonly Span<byte> Header => _addresses.Checked(_header);

        /// <summary>Whether the walk ended at an option that reaches past the header.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The option at hand.</summary>
        public readonly Ipv6Option Current => new(Header, _offset, _length, _addresses);

        /// <summary>Goes to the next option; false at the end of the header or where it is malformed.</summary>
        public bool MoveNext()
        {
            int offset = _offset + _length;
            if (IsMalformed || (uint)offset >= (uint)Header.Length)
                return false;

            int length = 1;
            if (Header[offset] != (byte)Ipv6OptionType.Pad1)
            {
                length = offset + 1 < Header.Length ? Header[offset + 1] + 2 : int.MaxValue;
                if (length > Header.Length - offset)
                {
                    IsMalformed = true;
                    _addresses.None.FoundMalformed();
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
