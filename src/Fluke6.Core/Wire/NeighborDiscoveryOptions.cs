namespace Fluke6.Wire;

/// <summary>
/// The options of a neighbor discovery message, in order. RFC 4861 §4.6. A length of 0 or past the message ends the walk and sets
/// <see cref="IsMalformed"/>; nothing loops, nothing throws. Receivers discard such a message altogether.
/// </summary>
/// <remarks>A typed <c>TryGet</c> finds the first well-formed option of its type; an advertisement may hold several prefixes and routes.</remarks>
public readonly ref struct NeighborDiscoveryOptions : ISpanFormattable
{
    private readonly Span<byte> _message;
    private readonly ChecksumField _checksum;
    private readonly int _start;

    internal NeighborDiscoveryOptions(Span<byte> message, int start, ChecksumField checksum)
    {
        _message = message;
        _start = start;
        _checksum = checksum;
    }

    private Span<byte> Message => _checksum.Checked(_message);

    /// <summary>The option octets as they stand.</summary>
    public ReadOnlySpan<byte> Octets => Message[_start..];

    /// <summary>Whether a length in the list is impossible, so that what follows it cannot be told.</summary>
    public bool IsMalformed => OptionWalk.IsMalformed(GetEnumerator());

    /// <summary>The first option of a type.</summary>
    public bool TryGet(NeighborDiscoveryOptionType type, out NeighborDiscoveryOption option) => OptionWalk.TryGet(GetEnumerator(), type, out option);

    /// <summary>Whether an option of this type is there.</summary>
    public bool Contains(NeighborDiscoveryOptionType type) => TryGet(type, out _);

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetLinkLayerAddress"/>
    public bool TryGetLinkLayerAddress(out LinkLayerAddressOption address) =>
        OptionWalk.TryRead(
            GetEnumerator(),
            static (NeighborDiscoveryOption option, out LinkLayerAddressOption found) => option.TryGetLinkLayerAddress(out found),
            out address);

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetPrefixInformation"/>
    public bool TryGetPrefixInformation(out PrefixInformation prefix) =>
        OptionWalk.TryRead(
            GetEnumerator(),
            static (NeighborDiscoveryOption option, out PrefixInformation found) => option.TryGetPrefixInformation(out found),
            out prefix);

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetRedirectedHeader"/>
    public bool TryGetRedirectedHeader(out RedirectedHeader redirected) =>
        OptionWalk.TryRead(
            GetEnumerator(),
            static (NeighborDiscoveryOption option, out RedirectedHeader found) => option.TryGetRedirectedHeader(out found),
            out redirected);

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetMtu"/>
    public bool TryGetMtu(out MtuOption mtu) =>
        OptionWalk.TryRead(
            GetEnumerator(), static (NeighborDiscoveryOption option, out MtuOption found) => option.TryGetMtu(out found), out mtu);

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetRouteInformation"/>
    public bool TryGetRouteInformation(out RouteInformation route) =>
        OptionWalk.TryRead(
            GetEnumerator(),
            static (NeighborDiscoveryOption option, out RouteInformation found) => option.TryGetRouteInformation(out found),
            out route);

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetRecursiveDnsServers"/>
    public bool TryGetRecursiveDnsServers(out RecursiveDnsServers servers) =>
        OptionWalk.TryRead(
            GetEnumerator(),
            static (NeighborDiscoveryOption option, out RecursiveDnsServers found) => option.TryGetRecursiveDnsServers(out found),
            out servers);

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetDnsSearchList"/>
    public bool TryGetDnsSearchList(out DnsSearchList names) =>
        OptionWalk.TryRead(
            GetEnumerator(),
            static (NeighborDiscoveryOption option, out DnsSearchList found) => option.TryGetDnsSearchList(out found),
            out names);

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetPref64"/>
    public bool TryGetPref64(out Pref64 prefix) =>
        OptionWalk.TryRead(
            GetEnumerator(), static (NeighborDiscoveryOption option, out Pref64 found) => option.TryGetPref64(out found), out prefix);

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetEncryptedDns"/>
    public bool TryGetEncryptedDns(out EncryptedDns resolver) =>
        OptionWalk.TryRead(
            GetEnumerator(),
            static (NeighborDiscoveryOption option, out EncryptedDns found) => option.TryGetEncryptedDns(out found),
            out resolver);

    /// <summary>The options from the first to the message's end.</summary>
    public Enumerator GetEnumerator() => new(Message, _start, _checksum);

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator : IOptionWalk<NeighborDiscoveryOption>
    {
        private readonly Span<byte> _message;
        private readonly ChecksumField _checksum;
        private int _offset;
        private int _length;

        internal Enumerator(Span<byte> message, int start, ChecksumField checksum)
        {
            _message = message;
            _checksum = checksum;
            _offset = start;
        }

        private readonly Span<byte> Message => _checksum.Checked(_message);

        /// <summary>Whether the walk ended at an impossible length.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The option at hand.</summary>
        public readonly NeighborDiscoveryOption Current => new(Message.Slice(_offset, _length), _checksum);

        /// <summary>Goes to the next option; false at the end of the message or where it is malformed.</summary>
        public bool MoveNext()
        {
            int offset = _offset + _length;
            if (IsMalformed || offset >= Message.Length)
                return false;

            int length = offset + 1 < Message.Length ? Message[offset + 1] * 8 : 0;
            if (length == 0 || length > Message.Length - offset)
            {
                IsMalformed = true;
                _checksum.FoundMalformed();
                return false;
            }

            _offset = offset;
            _length = length;
            return true;
        }
    }

    /// <summary>In one line, as tcpdump would print it: the options with semicolons between them.</summary>
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
