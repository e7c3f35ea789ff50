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
    public bool IsMalformed
    {
        get
        {
            Enumerator options = GetEnumerator();
            while (options.MoveNext())
            {
            }

            return options.IsMalformed;
        }
    }

    /// <summary>The first option of a type.</summary>
    public bool TryGet(NeighborDiscoveryOptionType type, out NeighborDiscoveryOption option)
    {
        foreach (NeighborDiscoveryOption candidate in this)
        {
            if (candidate.Type == type)
            {
                option = candidate;
                return true;
            }
        }

        option = default;
        return false;
    }

    /// <summary>Whether an option of this type is there.</summary>
    public bool Contains(NeighborDiscoveryOptionType type) => TryGet(type, out _);

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetLinkLayerAddress"/>
    public bool TryGetLinkLayerAddress(out LinkLayerAddressOption address)
    {
        foreach (NeighborDiscoveryOption option in this)
        {
            if (option.TryGetLinkLayerAddress(out address))
                return true;
        }

        address = default;
        return false;
    }

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetPrefixInformation"/>
    public bool TryGetPrefixInformation(out PrefixInformation prefix)
    {
        foreach (NeighborDiscoveryOption option in this)
        {
            if (option.TryGetPrefixInformation(out prefix))
                return true;
        }

        prefix = default;
        return false;
    }

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetRedirectedHeader"/>
    public bool TryGetRedirectedHeader(out RedirectedHeader redirected)
    {
        foreach (NeighborDiscoveryOption option in this)
        {
            if (option.TryGetRedirectedHeader(out redirected))
                return true;
        }

        redirected = default;
        return false;
    }

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetMtu"/>
    public bool TryGetMtu(out MtuOption mtu)
    {
        foreach (NeighborDiscoveryOption option in this)
        {
            if (option.TryGetMtu(out mtu))
                return true;
        }

        mtu = default;
        return false;
    }

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetRouteInformation"/>
    public bool TryGetRouteInformation(out RouteInformation route)
    {
        foreach (NeighborDiscoveryOption option in this)
        {
            if (option.TryGetRouteInformation(out route))
                return true;
        }

        route = default;
        return false;
    }

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetRecursiveDnsServers"/>
    public bool TryGetRecursiveDnsServers(out RecursiveDnsServers servers)
    {
        foreach (NeighborDiscoveryOption option in this)
        {
            if (option.TryGetRecursiveDnsServers(out servers))
                return true;
        }

        servers = default;
        return false;
    }

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetDnsSearchList"/>
    public bool TryGetDnsSearchList(out DnsSearchList names)
    {
        foreach (NeighborDiscoveryOption option in this)
        {
            if (option.TryGetDnsSearchList(out names))
                return true;
        }

        names = default;
        return false;
    }

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetPref64"/>
    public bool TryGetPref64(out Pref64 prefix)
    {
        foreach (NeighborDiscoveryOption option in this)
        {
            if (option.TryGetPref64(out prefix))
                return true;
        }

        prefix = default;
        return false;
    }

    /// <inheritdoc cref="NeighborDiscoveryOption.TryGetEncryptedDns"/>
    public bool TryGetEncryptedDns(out EncryptedDns resolver)
    {
        foreach (NeighborDiscoveryOption option in this)
        {
            if (option.TryGetEncryptedDns(out resolver))
                return true;
        }

        resolver = default;
        return false;
    }

    /// <summary>The options from the first to the message's end.</summary>
    public Enumerator GetEnumerator() => new(Message, _start, _checksum);

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator
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
