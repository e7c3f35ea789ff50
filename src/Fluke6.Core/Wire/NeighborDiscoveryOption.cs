namespace Fluke6.Wire;

/// <summary>One option of a neighbor discovery message. RFC 4861 §4.6. Setters adjust the ICMPv6 checksum.</summary>
/// <remarks>A typed <c>TryGet</c> is false for other types and for lengths that the type's RFC does not allow.</remarks>
public readonly ref struct NeighborDiscoveryOption : ISpanFormattable, INumberedOption<NeighborDiscoveryOptionType>
{
    private readonly Span<byte> _octets;        // type and length included; begins at a multiple of 8 from the message's start
    private readonly ChecksumField _checksum;

    internal NeighborDiscoveryOption(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>The type; a number without a name is one that <see cref="NeighborDiscoveryOptionType"/> does not list.</summary>
    public NeighborDiscoveryOptionType Type
    {
        get => (NeighborDiscoveryOptionType)Octets[0];
        set => _checksum.WriteByte(Octets, 0, (byte)value);
    }

    /// <summary>Type, length and data together, in octets: a multiple of 8 up to 2,040.</summary>
    public int Length => Octets.Length;

    /// <summary>What follows type and length.</summary>
    public ReadOnlySpan<byte> Data => Octets[2..];

    /// <summary>Overwrites data from <paramref name="offset"/> on.</summary>
    /// <returns>Refused, and nothing written, if it would reach past the option.</returns>
    public EditResult Write(int offset, ReadOnlySpan<byte> octets) => new OptionData(Octets, 0, Length, _checksum).Write(offset, octets);

    /// <summary>The source or target link-layer address; false for link layers with addresses of other than six octets.</summary>
    public bool TryGetLinkLayerAddress(out LinkLayerAddressOption address)
    {
        bool found = Type is NeighborDiscoveryOptionType.SourceLinkLayerAddress or NeighborDiscoveryOptionType.TargetLinkLayerAddress
            && Length == 8;
        address = found ? new LinkLayerAddressOption(Octets, _checksum) : default;
        return found;
    }

    /// <summary>Prefix information.</summary>
    public bool TryGetPrefixInformation(out PrefixInformation prefix)
    {
        bool found = Type == NeighborDiscoveryOptionType.PrefixInformation && Length == 32;
        prefix = found ? new PrefixInformation(Octets, _checksum) : default;
        return found;
    }

    /// <summary>The redirected header.</summary>
    public bool TryGetRedirectedHeader(out RedirectedHeader redirected)
    {
        bool found = Type == NeighborDiscoveryOptionType.RedirectedHeader;
        redirected = found ? new RedirectedHeader(Octets, _checksum) : default;
        return found;
    }

    /// <summary>The MTU option.</summary>
    public bool TryGetMtu(out MtuOption mtu)
    {
        bool found = Type == NeighborDiscoveryOptionType.Mtu && Length == 8;
        mtu = found ? new MtuOption(Octets, _checksum) : default;
        return found;
    }

    /// <summary>Route information.</summary>
    public bool TryGetRouteInformation(out RouteInformation route)
    {
        bool found = Type == NeighborDiscoveryOptionType.RouteInformation && Wire.RouteInformation.IsValid(Octets);
        route = found ? new RouteInformation(Octets, _checksum) : default;
        return found;
    }

    /// <summary>The recursive DNS servers.</summary>
    public bool TryGetRecursiveDnsServers(out RecursiveDnsServers servers)
    {
        bool found = Type == NeighborDiscoveryOptionType.RecursiveDnsServers && Wire.RecursiveDnsServers.IsValid(Octets);
        servers = found ? new RecursiveDnsServers(Octets, _checksum) : default;
        return found;
    }

    /// <summary>The DNS search list.</summary>
    public bool TryGetDnsSearchList(out DnsSearchList names)
    {
        bool found = Type == NeighborDiscoveryOptionType.DnsSearchList && Length >= 16;
        names = found ? new DnsSearchList(Octets, _checksum) : default;
        return found;
    }

    /// <summary>The NAT64 prefix.</summary>
    public bool TryGetPref64(out Pref64 prefix)
    {
        bool found = Type == NeighborDiscoveryOptionType.Pref64 && Wire.Pref64.IsValid(Octets);
        prefix = found ? new Pref64(Octets, _checksum) : default;
        return found;
    }

    /// <summary>A resolver to be asked by encrypted DNS.</summary>
    public bool TryGetEncryptedDns(out EncryptedDns resolver)
    {
        bool found = Type == NeighborDiscoveryOptionType.EncryptedDns && Wire.EncryptedDns.IsValid(Octets);
        resolver = found ? new EncryptedDns(Octets, _checksum) : default;
        return found;
    }

    bool INumberedOption<NeighborDiscoveryOptionType>.Is(NeighborDiscoveryOptionType number) => Type == number;

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
