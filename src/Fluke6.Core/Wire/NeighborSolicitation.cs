namespace Fluke6.Wire;

/// <summary>Neighbor solicitation: who has this address, or is it still reachable? RFC 4861 §4.3.</summary>
/// <remarks>
/// A receiver takes the message only from its own link, with hop limit 255 (<c>ipv6.HopLimit</c>); a view is had of any, so that a rule
/// may look at forged ones too. Setters adjust the ICMPv6 checksum.
/// </remarks>
public readonly ref struct NeighborSolicitation : ISpanFormattable
{
    /// <summary>The message without options, in octets.</summary>
    public const int MinLength = 24;

    private readonly Span<byte> _message;
    private readonly ChecksumField _checksum;

    internal NeighborSolicitation(Span<byte> message, ChecksumField checksum)
    {
        _message = message;
        _checksum = checksum;
    }

    private Span<byte> Message => _checksum.Checked(_message);

    /// <summary>The address asked for; never multicast.</summary>
    public Ipv6Address Target
    {
        get => Ipv6Address.Read(Message[8..]);
        set => _checksum.Write(Message, 8, value);
    }

    /// <summary>The options. RFC 4861 §4.3: the source link-layer address, absent in duplicate address detection.</summary>
    public NeighborDiscoveryOptions Options => new(Message, MinLength, _checksum);

    /// <summary>
    /// The message at the start of <paramref name="octets"/>, which are its whole length; false if cut short, of another type or with a
    /// code other than 0.
    /// </summary>
    /// <param name="octets">An ICMPv6 message, to its end.</param>
    /// <param name="message">A view over the message.</param>
    /// <param name="partialChecksum">Whether the checksum field holds the pseudo-header's sum only.</param>
    /// <param name="guard">Who is told of edits.</param>
    public static bool TryRead(Span<byte> octets, out NeighborSolicitation message, bool partialChecksum = false, EditGuard? guard = null)
    {
        message = default;
        if (!Icmpv6Header.IsNeighborDiscovery(octets, Icmpv6Type.NeighborSolicitation, MinLength))
            return false;

        message = new NeighborSolicitation(octets, Icmpv6Header.ChecksumOf(octets, partialChecksum, guard));
        return true;
    }

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
