using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>Router advertisement: a router tells of itself and of the link. RFC 4861 §4.2.</summary>
/// <remarks>
/// A receiver takes the message only from its own link, with hop limit 255 (<c>ipv6.HopLimit</c>); a view is had of any, so that a rule
/// may look at forged ones too. Setters adjust the ICMPv6 checksum.
/// </remarks>
public readonly ref struct RouterAdvertisement : ISpanFormattable
{
    /// <summary>The message without options, in octets.</summary>
    public const int MinLength = 16;

    private readonly Span<byte> _message;
    private readonly ChecksumField _checksum;

    internal RouterAdvertisement(Span<byte> message, ChecksumField checksum)
    {
        _message = message;
        _checksum = checksum;
    }

    private Span<byte> Message => _checksum.Checked(_message);

    /// <summary>The hop limit that hosts are to send with; 0 for unspecified.</summary>
    public byte CurrentHopLimit
    {
        get => Message[4];
        set => _checksum.WriteByte(Message, 4, value);
    }

    /// <summary>M: addresses are to be had by DHCPv6.</summary>
    public bool Managed { get => Flag(0x80); set => SetFlag(0x80, value); }

    /// <summary>O: other configuration is to be had by DHCPv6.</summary>
    public bool OtherConfiguration { get => Flag(0x40); set => SetFlag(0x40, value); }

    /// <summary>H: the router is a mobile IPv6 home agent. RFC 6275 §7.1.</summary>
    public bool HomeAgent { get => Flag(0x20); set => SetFlag(0x20, value); }

    /// <summary>Whether hosts are to prefer this router as their default. RFC 4191 §2.2.</summary>
    public RouterPreference DefaultRouterPreference
    {
        get => (RouterPreference)((Message[5] >> 3) & 3);
        set => _checksum.WriteByte(Message, 5, (byte)((Message[5] & ~0x18u) | (FieldRange.Of((uint)value, 2) << 3)));
    }

    /// <summary>P: a neighbor discovery proxy passed this on. RFC 4389 §4.1.3.3.</summary>
    public bool ProxyFlag { get => Flag(0x04); set => SetFlag(0x04, value); }

    /// <summary>How long the router serves as a default router, in seconds; 0 for not at all.</summary>
    public ushort RouterLifetime
    {
        get => ReadUInt16BigEndian(Message[6..]);
        set => _checksum.Write(Message, 6, value);
    }

    /// <summary>How long a neighbor counts as reachable once confirmed, in milliseconds; 0 for unspecified.</summary>
    public uint ReachableTime
    {
        get => ReadUInt32BigEndian(Message[8..]);
        set => _checksum.Write(Message, 8, value);
    }

    /// <summary>How long to wait between neighbor solicitations, in milliseconds; 0 for unspecified.</summary>
    public uint RetransTimer
    {
        get => ReadUInt32BigEndian(Message[12..]);
        set => _checksum.Write(Message, 12, value);
    }

    /// <summary>The options. RFC 4861 §4.2: source link-layer address, MTU, prefix information; RFC 4191, RFC 8106: routes, DNS.</summary>
    public NeighborDiscoveryOptions Options => new(Message, MinLength, _checksum);

    /// <summary>
    /// The message at the start of <paramref name="octets"/>, which are its whole length; false if cut short, of another type or with a
    /// code other than 0.
    /// </summary>
    /// <param name="octets">An ICMPv6 message, to its end.</param>
    /// <param name="message">A view over the message.</param>
    /// <param name="partialChecksum">Whether the checksum field holds the pseudo-header's sum only.</param>
    /// <param name="guard">Who is told of edits.</param>
    public static bool TryRead(Span<byte> octets, out RouterAdvertisement message, bool partialChecksum = false, EditGuard? guard = null)
    {
        message = default;
        if (!Icmpv6Header.IsNeighborDiscovery(octets, Icmpv6Type.RouterAdvertisement, MinLength))
            return false;

        message = new RouterAdvertisement(octets, Icmpv6Header.ChecksumOf(octets, partialChecksum, guard));
        return true;
    }

    private bool Flag(byte bit) => (Message[5] & bit) != 0;

    private void SetFlag(byte bit, bool value) =>
        _checksum.WriteByte(Message, 5, (byte)(value ? Message[5] | bit : Message[5] & ~bit));

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
