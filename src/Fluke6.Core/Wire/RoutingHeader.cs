namespace Fluke6.Wire;

/// <summary>Kinds of IPv6 routing header. IANA "Routing Types".</summary>
public enum RoutingType : byte
{
    /// <summary>Source route, deprecated. RFC 2460 §4.4, RFC 5095.</summary>
    SourceRoute = 0,

    /// <summary>Nimrod, deprecated.</summary>
    Nimrod = 1,

    /// <summary>Mobile IPv6: the mobile node's home address. RFC 6275 §6.4.</summary>
    HomeAddress = 2,

    /// <summary>RPL source route. RFC 6554 §3.</summary>
    RplSourceRoute = 3,

    /// <summary>Segment routing header, SRH. RFC 8754 §2.</summary>
    SegmentRouting = 4,

    /// <summary>Compact routing header, 16-bit identifiers. RFC 9631.</summary>
    Compact16 = 5,

    /// <summary>Compact routing header, 32-bit identifiers. RFC 9631.</summary>
    Compact32 = 6,
}

/// <summary>IPv6 routing header, read and written in place. RFC 8200 §4.4.</summary>
/// <remarks>
/// While segments are left, the transport's pseudo-header holds the route's last address instead of the IPv6 header's destination
/// (RFC 8200 §8.1); setters keep the transport checksum as right as it was.
/// </remarks>
public readonly ref struct RoutingHeader : ISpanFormattable
{
    /// <summary>The shortest: eight octets.</summary>
    public const int MinLength = 8;

    private readonly Span<byte> _octets;
    private readonly AddressChecksum _addresses;

    internal RoutingHeader(Span<byte> octets, AddressChecksum addresses)
    {
        _octets = octets;
        _addresses = addresses;
    }

    /// <summary>The header as it stands.</summary>
    public ReadOnlySpan<byte> Octets => Header;

    private Span<byte> Header => _addresses.Checked(_octets);

    /// <summary>The kind of header that follows.</summary>
    public IpProtocol NextHeader => (IpProtocol)Header[0];

    /// <summary>The whole header, in octets.</summary>
    public int Length => Header.Length;

    /// <summary>The kind of routing header.</summary>
    public RoutingType RoutingType => (RoutingType)Header[2];

    /// <summary>
    /// How many nodes are still to be visited. A change to or from 0 changes which address the pseudo-header holds; the transport checksum
    /// follows.
    /// </summary>
    public byte SegmentsLeft
    {
        get => Header[3];
        set
        {
            byte old = SegmentsLeft;
            if (old == value)
                return;

            ushort before = _addresses.Sum();
            _addresses.None.WriteByte(Header, 3, value);
            _addresses.Follow(before);
            if ((old == 0) != (value == 0))
                _addresses.Guard.AfterLayoutEdit();
        }
    }

    /// <summary>
    /// How many addresses the header lists; 0 where the type is another than 0, 2 and 4 or the lengths contradict each other.
    /// </summary>
    public int AddressCount
    {
        get
        {
            int room = (Header.Length - MinLength) / Ipv6Address.Length;
            return RoutingType switch
            {
                // RFC 2460 §4.4: an odd Hdr Ext Len is an error; so is another than 2 in RFC 6275 §6.4.1.
                RoutingType.SourceRoute => (Header[1] & 1) == 0 ? room : 0,
                RoutingType.HomeAddress => Header[1] == 2 ? 1 : 0,
                RoutingType.SegmentRouting => Header[4] < room ? Header[4] + 1 : 0,   // RFC 8754 §2: Last Entry
                _ => 0,
            };
        }
    }

    /// <summary>Whether <see cref="SegmentsLeft"/> fits the addresses; true for types without a list that Fluke6 reads.</summary>
    public bool IsWellFormed => RoutingType switch
    {
        RoutingType.SourceRoute or RoutingType.SegmentRouting => SegmentsLeft <= AddressCount && (AddressCount > 0 || Header[1] == 0),
        RoutingType.HomeAddress => AddressCount == 1 && SegmentsLeft <= 1,
        _ => true,
    };

    // The last to be visited: RFC 2460 §4.4 lists addresses in order, RFC 8754 §2 in reverse.
    private int FinalIndex => RoutingType == RoutingType.SourceRoute ? AddressCount - 1 : AddressCount > 0 ? 0 : -1;

    /// <summary>An address of the list as it stands: in order of visit for type 0, in reverse for segment routing.</summary>
    /// <returns>False if there are not that many.</returns>
    public bool TryGetAddress(int index, out Ipv6Address address)
    {
        bool found = (uint)index < (uint)AddressCount;
        address = found ? Ipv6Address.Read(Header[OffsetOf(index)..]) : default;
        return found;
    }

    /// <summary>Replaces an address of the list.</summary>
    /// <returns>Refused, and nothing written, if there are not that many.</returns>
    public EditResult SetAddress(int index, Ipv6Address address)
    {
        if (!TryGetAddress(index, out Ipv6Address old))
            return EditResult.Refused;
        if (old == address)
            return EditResult.Unchanged;

        Span<byte> octets = stackalloc byte[Ipv6Address.Length];
        address.WriteTo(octets);
        ushort before = _addresses.Sum();
        _addresses.None.Write(Header, OffsetOf(index), octets);
        _addresses.Follow(before);
        return EditResult.Changed;
    }

    /// <summary>Finds where the route ends; false if the type is one that Fluke6 does not read or the lengths contradict each other.</summary>
    /// <param name="header">A routing header.</param>
    /// <param name="destination">The IPv6 header's destination.</param>
    /// <param name="final">Becomes the address, 16 octets.</param>
    internal static bool TryReadFinalDestination(Span<byte> header, ReadOnlySpan<byte> destination, Span<byte> final)
    {
        var routing = new RoutingHeader(header, default);
        if (routing.RoutingType == RoutingType.RplSourceRoute)
            return TryReadRplFinalDestination(header, destination, final);
        if (routing.FinalIndex < 0)
            return false;

        header.Slice(OffsetOf(routing.FinalIndex), Ipv6Address.Length).CopyTo(final);
        return true;
    }

    // RFC 6554 §3: the last address lacks its first CmprE octets, which are those of the destination; Pad octets follow it.
    private static bool TryReadRplFinalDestination(ReadOnlySpan<byte> header, ReadOnlySpan<byte> destination, Span<byte> final)
    {
        int elided = header[4] & 0xF, padding = header[5] >> 4, start = header.Length - padding - (Ipv6Address.Length - elided);
        if (start < MinLength)
            return false;

        destination[..elided].CopyTo(final);
        header[start..^padding].CopyTo(final[elided..]);
        return true;
    }

    private static int OffsetOf(int index) => MinLength + (index * Ipv6Address.Length);

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
