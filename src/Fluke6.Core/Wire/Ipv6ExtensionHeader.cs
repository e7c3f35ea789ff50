namespace Fluke6.Wire;

/// <summary>An IPv6 extension header, read and written in place. RFC 8200 §4.</summary>
public readonly ref struct Ipv6ExtensionHeader : ISpanFormattable, INumberedOption<IpProtocol>
{
    /// <summary>The shortest: eight octets.</summary>
    public const int MinLength = 8;

    private readonly Span<byte> _octets;
    private readonly AddressChecksum _addresses;
    private readonly IpProtocol _kind;

    internal Ipv6ExtensionHeader(IpProtocol kind, Span<byte> octets, AddressChecksum addresses)
    {
        _kind = kind;
        _octets = octets;
        _addresses = addresses;
    }

    private Span<byte> Header => _addresses.Checked(_octets);

    /// <summary>Which extension header this is: the next header value of the header before it.</summary>
    public IpProtocol Kind
    {
        get
        {
            _addresses.Guard.Check();
            return _kind;
        }
    }

    /// <summary>The kind of header that follows.</summary>
    public IpProtocol NextHeader => (IpProtocol)Header[0];

    /// <summary>The whole header, in octets: a multiple of 8, or of 4 for an authentication header.</summary>
    public int Length => Header.Length;

    /// <summary>The header as it stands.</summary>
    public ReadOnlySpan<byte> Octets => Header;

    /// <summary>
    /// The header at the start of <paramref name="octets"/>; false if cut short or <paramref name="kind"/> is no extension header.
    /// </summary>
    /// <param name="octets">A packet from an extension header on.</param>
    /// <param name="kind">Which one, as the header before it says.</param>
    /// <param name="header">A view over the header.</param>
    /// <param name="guard">Who is told of edits.</param>
    public static bool TryRead(Span<byte> octets, IpProtocol kind, out Ipv6ExtensionHeader header, EditGuard? guard = null)
    {
        header = default;
        if (!IsExtension(kind) || !TryGetLength(octets, kind, out int length))
            return false;

        header = new Ipv6ExtensionHeader(
            kind, octets[..length], new AddressChecksum(default, new ChecksumField(default, ChecksumKind.Absent, guard)));
        return true;
    }

    /// <summary>The options, if this is a hop-by-hop or destination options header.</summary>
    public bool TryGetOptions(out Ipv6Options options)
    {
        bool hasOptions = Kind is IpProtocol.HopByHopOptions or IpProtocol.DestinationOptions;
        options = hasOptions ? new Ipv6Options(Header, _addresses) : default;
        return hasOptions;
    }

    /// <summary>The routing header, if this is one.</summary>
    public bool TryGetRoutingHeader(out RoutingHeader routing)
    {
        bool isRouting = Kind == IpProtocol.Routing;
        routing = isRouting ? new RoutingHeader(Header, _addresses) : default;
        return isRouting;
    }

    /// <summary>The fragment header, if this is one.</summary>
    public bool TryGetFragmentHeader(out FragmentHeader fragment)
    {
        bool isFragment = Kind == IpProtocol.Fragment;
        fragment = isFragment ? new FragmentHeader(Header, _addresses.None) : default;
        return isFragment;
    }

    /// <summary>Whether this next header value is an extension header that is stepped over on the way to the transport.</summary>
    public static bool IsExtension(IpProtocol protocol) => protocol
        is IpProtocol.HopByHopOptions or IpProtocol.Routing or IpProtocol.Fragment or IpProtocol.DestinationOptions
        or IpProtocol.AuthenticationHeader or IpProtocol.Mobility or IpProtocol.HostIdentity or IpProtocol.Shim6;

    /// <summary>
    /// The length of the extension header at the start of <paramref name="octets"/>, in octets; false if it is cut short.
    /// </summary>
    internal static bool TryGetLength(ReadOnlySpan<byte> octets, IpProtocol kind, out int length)
    {
        length = 0;
        if (octets.Length < MinLength)
            return false;

        length = kind switch
        {
            IpProtocol.Fragment => 8,                                           // RFC 8200 §4.5
            IpProtocol.AuthenticationHeader => (octets[1] + 2) * 4,             // RFC 4302 §2.2
            _ => (octets[1] + 1) * 8,                                           // RFC 6564 §4
        };
        return length >= MinLength && length <= octets.Length;
    }

    bool INumberedOption<IpProtocol>.Is(IpProtocol number) => Kind == number;

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
