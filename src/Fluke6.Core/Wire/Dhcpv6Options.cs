namespace Fluke6.Wire;

/// <summary>
/// The options of a DHCP message for IPv6, or of one of its options, in order. RFC 8415 §21. An option that reaches past the end ends the walk and
/// sets <see cref="IsMalformed"/>; nothing loops, nothing throws.
/// </summary>
/// <remarks>
/// A typed <c>TryGet</c> finds the first well-formed option of its kind; a message may hold several associations, and those several
/// addresses.
/// </remarks>
public readonly ref struct Dhcpv6Options : ISpanFormattable
{
    private readonly PayloadPart _options;

    internal Dhcpv6Options(PayloadPart options) => _options = options;

    /// <summary>The option octets as they stand.</summary>
    public ReadOnlySpan<byte> Octets => _options.Octets;

    /// <summary>Whether an option reaches past the end, so that what follows it cannot be told.</summary>
    public bool IsMalformed => OptionWalk.IsMalformed(GetEnumerator());

    /// <summary>The first option of a code.</summary>
    public bool TryGet(Dhcpv6OptionCode code, out Dhcpv6Option option) => OptionWalk.TryGet(GetEnumerator(), code, out option);

    /// <summary>Whether an option of this code is there.</summary>
    public bool Contains(Dhcpv6OptionCode code) => TryGet(code, out _);

    /// <inheritdoc cref="Dhcpv6Option.TryGetAssociation"/>
    public bool TryGetAssociation(out Dhcpv6Association association) =>
        OptionWalk.TryRead(
            GetEnumerator(),
            static (Dhcpv6Option option, out Dhcpv6Association found) => option.TryGetAssociation(out found),
            out association);

    /// <inheritdoc cref="Dhcpv6Option.TryGetAddress"/>
    public bool TryGetAddress(out Dhcpv6Address address) =>
        OptionWalk.TryRead(
            GetEnumerator(), static (Dhcpv6Option option, out Dhcpv6Address found) => option.TryGetAddress(out found), out address);

    /// <inheritdoc cref="Dhcpv6Option.TryGetPrefix"/>
    public bool TryGetPrefix(out Dhcpv6Prefix prefix) =>
        OptionWalk.TryRead(
            GetEnumerator(), static (Dhcpv6Option option, out Dhcpv6Prefix found) => option.TryGetPrefix(out found), out prefix);

    /// <inheritdoc cref="Dhcpv6Option.TryGetDnsServers"/>
    public bool TryGetDnsServers(out Dhcpv6DnsServers servers) =>
        OptionWalk.TryRead(
            GetEnumerator(), static (Dhcpv6Option option, out Dhcpv6DnsServers found) => option.TryGetDnsServers(out found), out servers);

    /// <inheritdoc cref="Dhcpv6Option.TryGetStatus"/>
    public bool TryGetStatus(out Dhcpv6Status status) =>
        OptionWalk.TryRead(
            GetEnumerator(), static (Dhcpv6Option option, out Dhcpv6Status found) => option.TryGetStatus(out found), out status);

    /// <summary>The options from the first to the end.</summary>
    public Enumerator GetEnumerator() => new(_options.Slice(0));

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator : IOptionWalk<Dhcpv6Option>
    {
        private readonly PayloadPart _options;
        private int _offset;
        private int _length;

        internal Enumerator(PayloadPart options) => _options = options;

        /// <summary>Whether the walk ended at an option that reaches past the end.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The option at hand.</summary>
        public readonly Dhcpv6Option Current => new(_options.Slice(_offset, _length));

        /// <summary>Goes to the next option; false after the last or where one is malformed.</summary>
        public bool MoveNext()
        {
            int offset = _offset + _length, left = _options.Octets.Length - offset;
            if (IsMalformed || left == 0)
                return false;

            if (left < Dhcpv6Option.HeaderLength || left - Dhcpv6Option.HeaderLength < _options.UInt16(offset + 2))
            {
                IsMalformed = true;
                _options.FoundMalformed();
                return false;
            }

            (_offset, _length) = (offset, Dhcpv6Option.HeaderLength + _options.UInt16(offset + 2));
            return true;
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
