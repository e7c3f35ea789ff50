namespace Fluke6.Wire;

/// <summary>Redirect: a router names a better first hop to a destination. RFC 4861 §4.5.</summary>
/// <remarks>
/// A receiver takes the message only from its own link, with hop limit 255 (<c>ipv6.HopLimit</c>); a view is had of any, so that a rule
/// may look at forged ones too. Setters adjust the ICMPv6 checksum.
/// </remarks>
public readonly ref struct Redirect : ISpanFormattable
{
    /// <summary>The message without options, in octets.</summary>
    public const int MinLength = 40;

    private readonly Span<byte> _message;
    private readonly ChecksumField _checksum;

    internal Redirect(Span<byte> message, ChecksumField checksum)
    {
        _message = message;
        _checksum = checksum;
    }

    private Span<byte> Message => _checksum.Checked(_message);

    /// <summary>The better first hop; the same as the destination where that is a neighbor.</summary>
    public Ipv6Address Target
    {
        get => Ipv6Address.Read(Message[8..]);
        set => _checksum.Write(Message, 8, value);
    }

    /// <summary>The destination that is redirected.</summary>
    public Ipv6Address Destination
    {
        get => Ipv6Address.Read(Message[24..]);
        set => _checksum.Write(Message, 24, value);
    }

    /// <summary>The options. RFC 4861 §4.5: target link-layer address, redirected header.</summary>
    public NeighborDiscoveryOptions Options => new(Message, MinLength, _checksum);

    /// <summary>
    /// The message at the start of <paramref name="octets"/>, which are its whole length; false if cut short, of another type or with a
    /// code other than 0.
    /// </summary>
    /// <param name="octets">An ICMPv6 message, to its end.</param>
    /// <param name="message">A view over the message.</param>
    /// <param name="partialChecksum">Whether the checksum field holds the pseudo-header's sum only.</param>
    /// <param name="guard">Who is told of edits.</param>
    public static bool TryRead(Span<byte> octets, out Redirect message, bool partialChecksum = false, EditGuard? guard = null)
    {
        message = default;
        if (!Icmpv6Header.IsNeighborDiscovery(octets, Icmpv6Type.Redirect, MinLength))
            return false;

        message = new Redirect(octets, Icmpv6Header.ChecksumOf(octets, partialChecksum, guard));
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
