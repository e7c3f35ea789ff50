namespace Fluke6.Wire;

/// <summary>
/// The options of a DHCP message for IPv4, in order: those in the options field, then those that an overload option has put into the fields of
/// file and server name (RFC 2131 §4.1). An option that reaches past its field ends the walk and sets <see cref="IsMalformed"/>.
/// </summary>
/// <remarks>
/// An option of more than 255 octets stands as several of its code, whose data belongs together (RFC 3396): see <see cref="CopyTo"/>.
/// </remarks>
public readonly ref struct Dhcpv4Options : ISpanFormattable
{
    private readonly PayloadPart _message;

    internal Dhcpv4Options(PayloadPart message) => _message = message;

    /// <summary>Whether an option reaches past its field, so that what follows it cannot be told.</summary>
    public bool IsMalformed => OptionWalk.IsMalformed(GetEnumerator());

    /// <summary>The first option of a code.</summary>
    public bool TryGet(Dhcpv4OptionCode code, out Dhcpv4Option option) => OptionWalk.TryGet(GetEnumerator(), code, out option);

    /// <summary>The address that an option of a code begins with, such as the first router's; false if it has none.</summary>
    public bool TryGetAddress(Dhcpv4OptionCode code, out Ipv4Address address)
    {
        bool found = TryGet(code, out Dhcpv4Option option) && option.Length >= Ipv4Address.Length;
        address = found ? option.Address : default;
        return found;
    }

    /// <summary>Whether an option of this code is there.</summary>
    public bool Contains(Dhcpv4OptionCode code) => TryGet(code, out _);

    /// <summary>Copies the data of all options of a code, one after the other, as far as there is room. RFC 3396 §6.</summary>
    /// <returns>How many octets they have in all.</returns>
    public int CopyTo(Dhcpv4OptionCode code, Span<byte> destination)
    {
        int length = 0;
        foreach (Dhcpv4Option option in this)
        {
            if (option.Code != code)
                continue;

            ReadOnlySpan<byte> data = option.Data;
            if (length < destination.Length)
                data[..Math.Min(data.Length, destination.Length - length)].CopyTo(destination[length..]);
            length += data.Length;
        }

        return length;
    }

    /// <summary>The options from the first to the last.</summary>
    public Enumerator GetEnumerator() => new(_message.Slice(0));

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator : IOptionWalk<Dhcpv4Option>
    {
        private readonly PayloadPart _message;
        private int _offset;
        private int _length;
        private int _end;
        private int _overload;      // fields that are to follow: 1 file, 2 server name
        private bool _inOptionsField;

        internal Enumerator(PayloadPart message)
        {
            _message = message;
            _offset = Dhcpv4Message.MinLength;
            _end = message.Octets.Length;
            _inOptionsField = true;
        }

        /// <summary>Whether the walk ended at an option that reaches past its field.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The option at hand.</summary>
        public readonly Dhcpv4Option Current => new(_message.Slice(_offset, _length));

        /// <summary>Goes to the next option; false after the last or where one is malformed.</summary>
        public bool MoveNext()
        {
            ReadOnlySpan<byte> octets = _message.Octets;
            int offset = _offset + _length;
            _length = 0;
            while (!IsMalformed)
            {
                if (offset >= _end || octets[offset] == (byte)Dhcpv4OptionCode.End)
                {
                    if (!MoveToNextField(ref offset))
                        break;
                }
                else if (octets[offset] == (byte)Dhcpv4OptionCode.Pad)
                {
                    offset++;
                }
                else if (_end - offset < 2 || _end - offset - 2 < octets[offset + 1])
                {
                    IsMalformed = true;
                    _message.FoundMalformed();
                }
                else
                {
                    (_offset, _length) = (offset, 2 + octets[offset + 1]);
                    if (_inOptionsField && octets[offset] == (byte)Dhcpv4OptionCode.Overload && _length > 2)
                        _overload |= octets[offset + 2] & 3;
                    return true;
                }
            }

            _offset = _end;
            return false;
        }

        private bool MoveToNextField(ref int offset)
        {
            _inOptionsField = false;
            (offset, _end) = (_overload & 1) != 0
                ? (Dhcpv4Message.FileOffset, Dhcpv4Message.FileOffset + Dhcpv4Message.FileLength)
                : (Dhcpv4Message.ServerNameOffset, Dhcpv4Message.ServerNameOffset + Dhcpv4Message.ServerNameLength);
            bool isThere = _overload != 0;
            _overload = (_overload & 1) != 0 ? _overload & 2 : 0;
            return isThere;
        }
    }

    /// <summary>In one line: the options with semicolons between them.</summary>
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
