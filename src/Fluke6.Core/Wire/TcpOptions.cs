using System.Runtime.CompilerServices;

namespace Fluke6.Wire;

/// <summary>
/// The options of a TCP header, in order. RFC 9293 §3.2. A malformed length (0, 1, or past the header) ends the walk and sets
/// <see cref="IsMalformed"/>; nothing loops, nothing throws.
/// </summary>
public readonly ref struct TcpOptions : ISpanFormattable
{
    // The longest text for 40 octets is twenty empty options of a kind without a name: "unknown-255,".
    internal const int MaxText = 512;

    private readonly Span<byte> _header;    // from the header's first octet, so that offsets have the checksum's parity
    private readonly ChecksumField _checksum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TcpOptions(Span<byte> header, ChecksumField checksum)
    {
        _header = header;
        _checksum = checksum;
    }

    private Span<byte> Header => _checksum.Checked(_header);

    /// <summary>The option octets as they stand, padding included: 0 to 40.</summary>
    public ReadOnlySpan<byte> Octets => Header[TcpHeader.MinLength..];

    /// <summary>Whether a length in the list is impossible, so that what follows it cannot be told.</summary>
    public bool IsMalformed => OptionWalk.IsMalformed(GetEnumerator());

    /// <summary>The first option of a kind.</summary>
    public bool TryGet(TcpOptionKind kind, out TcpOption option)
    {
        Span<byte> header = Header;
        int length;
        for (int offset = TcpHeader.MinLength; (length = LengthAt(header, offset)) > 0; offset += length)
        {
            if (header[offset] == (byte)kind)
            {
                option = new TcpOption(header, offset, length, _checksum);
                return true;
            }
        }

        if (length < 0)
            _checksum.FoundMalformed();
        option = default;
        return false;
    }

    /// <summary>Whether an option of this kind is there.</summary>
    public bool Contains(TcpOptionKind kind) => TryGet(kind, out _);

    /// <summary>
    /// Overwrites every option of this kind with NOPs, as netfilter does: no length changes. (To shrink the header instead, use
    /// <c>frame.RemoveTcpOption</c>.)
    /// </summary>
    /// <returns>Unchanged if there is none.</returns>
    public EditResult Strip(TcpOptionKind kind)
    {
        EditResult result = EditResult.Unchanged;
        // NOPs are what is written; End of Option List is where the walk stops.
        if (kind is TcpOptionKind.NoOperation or TcpOptionKind.EndOfList)
            return EditResult.Unchanged;

        // Without the enumerator: a view of each option that is passed by costs as much as the rest of the walk.
        Span<byte> header = Header;
        int length;
        for (int offset = TcpHeader.MinLength; (length = LengthAt(header, offset)) > 0; offset += length)
        {
            if (header[offset] == (byte)kind)
            {
                _checksum.Fill(header, offset, length, (byte)TcpOptionKind.NoOperation);
                result = EditResult.Changed;
            }
        }

        if (length < 0)
            _checksum.FoundMalformed();
        return result;
    }

    /// <summary>The options from the first to the end of the list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Enumerator GetEnumerator() => new(Header, _checksum);

    /// <summary>The options as tcpdump prints them: <c>mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7</c>; unknown ones by number.</summary>
    public override string ToString() => ToString(null, null);

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        Span<char> text = stackalloc char[MaxText];
        TryFormat(text, out int length, default, null);
        return new string(text[..length]);
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var text = new LineWriter(destination);
        TcpOptionText.Write(ref text, this);
        charsWritten = text.Complete ? text.Length : 0;
        return text.Complete;
    }

    /// <summary>The octets of the option at <paramref name="offset"/>; 0 at the end of the list, -1 if its length is impossible.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LengthAt(ReadOnlySpan<byte> header, int offset)
    {
        if ((uint)offset >= (uint)header.Length || header[offset] == (byte)TcpOptionKind.EndOfList)
            return 0;
        if (header[offset] == (byte)TcpOptionKind.NoOperation)
            return 1;

        int next = offset + 1;
        int length = (uint)next < (uint)header.Length ? header[next] : 0;
        return length >= 2 && offset + length <= header.Length ? length : -1;
    }

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator : IOptionWalk<TcpOption>
    {
        private readonly Span<byte> _header;
        private readonly ChecksumField _checksum;
        private int _offset;
        private int _length;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Enumerator(Span<byte> header, ChecksumField checksum)
        {
            _header = header;
            _checksum = checksum;
            _offset = TcpHeader.MinLength;
        }

        private readonly Span<byte> Header => _checksum.Checked(_header);

        /// <summary>Whether the walk ended at an impossible length.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The option at hand.</summary>
        public readonly TcpOption Current
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => new(Header, _offset, _length, _checksum);
        }

        /// <summary>Goes to the next option; false at the end of the list or where it is malformed.</summary>
        public bool MoveNext()
        {
            int offset = _offset + _length;
            int length = LengthAt(Header, offset);
            if (length <= 0)
            {
                IsMalformed = length < 0;
                if (length < 0)
                    _checksum.FoundMalformed();
                return false;
            }

            _offset = offset;
            _length = length;
            return true;
        }
    }
}
