namespace Fluke6.Wire;

/// <summary>
/// The checksum whose pseudo-header holds the addresses of a packet. Which addresses those are is decided not by the IP header alone: by a
/// source route with hops to go (RFC 791 §3.1, RFC 8200 §8.1), a home address (RFC 6275 §11.3.1), a Shim6 context (RFC 5533 §4.6). So whoever
/// writes one of these, or an address, takes <see cref="Sum"/> before and calls <see cref="Follow"/> after.
/// </summary>
internal readonly ref struct AddressChecksum
{
    private readonly Span<byte> _headers;       // the IP header and what follows it
    private readonly ChecksumField _transport;

    public AddressChecksum(Span<byte> headers, ChecksumField transport)
    {
        _headers = headers;
        _transport = transport;
    }

    /// <summary>Who is told of edits.</summary>
    public ViewGuard Guard => _transport.Guard;

    /// <summary>The same guard with no checksum.</summary>
    public ChecksumField None => _transport.WithoutChecksum;

    /// <inheritdoc cref="ViewGuard.Checked"/>
    public Span<byte> Checked(Span<byte> octets) => _transport.Checked(octets);

    /// <summary>The sum of the addresses that the pseudo-header holds now; 0 where no checksum has to follow them.</summary>
    public ushort Sum() => _headers.IsEmpty || _transport.Kind == ChecksumKind.Absent ? (ushort)0 : SumOf(_headers);

    /// <summary>Adjusts the checksum to the addresses as they are now.</summary>
    /// <param name="before">Their <see cref="Sum"/> before the edit.</param>
    public void Follow(ushort before)
    {
        ushort now = Sum();
        if (now != before)
            _transport.AdjustPseudoHeader(before, now);
    }

    /// <summary>The sum of the addresses that the pseudo-header holds; one that cannot be known counts as zero.</summary>
    /// <param name="headers">An IPv4 header with its options, or an IPv6 header and what follows it.</param>
    public static ushort SumOf(Span<byte> headers) => headers[0] >> 4 == 4 ? SumIpv4(headers) : SumIpv6(headers);

    /// <summary>Whether a source route is not at its end, so that the header's destination is only the next stop. RFC 791 §3.1.</summary>
    /// <param name="header">An IPv4 header with its options.</param>
    /// <param name="final">Where the last address of the route stands.</param>
    public static bool TryFindFinalDestination(ReadOnlySpan<byte> header, out int final)
    {
        final = 0;
        for (int at = Ipv4Header.MinLength; at + 2 < header.Length;)
        {
            var kind = (Ipv4OptionKind)header[at];
            int length = kind == Ipv4OptionKind.NoOperation ? 1 : header[at + 1];
            if (kind == Ipv4OptionKind.EndOfList || length == 0 || length > header.Length - at)
                return false;

            if (kind is Ipv4OptionKind.LooseSourceRoute or Ipv4OptionKind.StrictSourceRoute)
            {
                // Kind, length and pointer, then addresses. "If the pointer is greater than the length, the source route is empty."
                const int fixedPart = 3;
                final = at + length - Ipv4Address.Length;
                return length >= fixedPart + Ipv4Address.Length && header[at + 2] <= length;
            }

            at += length;
        }

        return false;
    }

    /// <summary>Whether the options hold a home address, which stands for the header's source. RFC 6275 §6.3.</summary>
    /// <param name="header">A destination options header.</param>
    /// <param name="address">Where the address stands.</param>
    public static bool TryFindHomeAddress(ReadOnlySpan<byte> header, out int address)
    {
        for (int at = 2; at + 1 < header.Length;)
        {
            var type = (Ipv6OptionType)header[at];
            int length = type == Ipv6OptionType.Pad1 ? 1 : 2 + header[at + 1];
            address = at + 2;
            if (length > header.Length - at)
                break;
            if (type == Ipv6OptionType.HomeAddress && length == 2 + Ipv6Address.Length)
                return true;

            at += length;
        }

        address = 0;
        return false;
    }

    /// <summary>
    /// Whether a Shim6 header names a context, so that the transport's addresses are those that the context began with. RFC 5533 §5.1.
    /// </summary>
    public static bool NamesShim6Context(ReadOnlySpan<byte> header) => (header[2] & 0x80) != 0;

    private static ushort SumIpv4(Span<byte> header)
    {
        int destination = TryFindFinalDestination(header, out int final) ? final : 16;
        return InternetChecksum.Sum(
            header.Slice(destination, Ipv4Address.Length), InternetChecksum.Sum(header.Slice(12, Ipv4Address.Length)));
    }

    private static ushort SumIpv6(Span<byte> headers)
    {
        ushort source = InternetChecksum.Sum(headers.Slice(8, Ipv6Address.Length));
        ushort destination = InternetChecksum.Sum(headers.Slice(24, Ipv6Address.Length));
        bool isAtHome = true;
        var walk = new Ipv6ExtensionHeaders.Enumerator(headers, default);
        while (walk.MoveNext())
        {
            Span<byte> header = walk.Octets;
            switch (walk.Kind)
            {
                case IpProtocol.DestinationOptions when isAtHome && TryFindHomeAddress(header, out int address):
                    isAtHome = false;
                    source = InternetChecksum.Sum(header.Slice(address, Ipv6Address.Length));
                    break;
                case IpProtocol.Routing when header[3] != 0:
                    destination = SumFinalDestination(header, headers.Slice(24, Ipv6Address.Length));
                    break;
                case IpProtocol.Shim6 when NamesShim6Context(header):
                    return 0;
            }
        }

        return InternetChecksum.Fold((ulong)source + destination);
    }

    private static ushort SumFinalDestination(Span<byte> routingHeader, ReadOnlySpan<byte> destination)
    {
        Span<byte> final = stackalloc byte[Ipv6Address.Length];
        return RoutingHeader.TryReadFinalDestination(routingHeader, destination, final) ? InternetChecksum.Sum(final) : (ushort)0;
    }
}
