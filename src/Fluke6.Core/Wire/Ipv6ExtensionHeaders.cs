using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>
/// The extension headers of an IPv6 packet, in order, up to the transport header, or up to the fragment header of a fragment that is not
/// the first. RFC 8200 §4. One that is cut short ends the walk and sets <see cref="Enumerator.IsMalformed"/>.
/// </summary>
public readonly ref struct Ipv6ExtensionHeaders : ISpanFormattable
{
    private readonly Span<byte> _packet;
    private readonly ChecksumField _transport;

    internal Ipv6ExtensionHeaders(Span<byte> packet, ChecksumField transport)
    {
        _packet = packet;
        _transport = transport;
    }

    private Span<byte> Packet => _transport.Checked(_packet);

    /// <summary>
    /// The extension headers of the packet at <paramref name="octets"/>; false if its IPv6 header is cut short or too long for them.
    /// </summary>
    /// <param name="octets">An IPv6 packet.</param>
    /// <param name="headers">Its extension headers, maybe none.</param>
    /// <param name="transport">The checksum whose pseudo-header holds the addresses.</param>
    public static bool TryRead(Span<byte> octets, out Ipv6ExtensionHeaders headers, ChecksumField transport = default)
    {
        headers = default;
        if (!Ipv6Header.TryRead(octets, out Ipv6Header ipv6))
            return false;

        headers = new Ipv6ExtensionHeaders(octets[..(Ipv6Header.Length + ipv6.PayloadLength)], transport);
        return true;
    }

    /// <summary>Whether a header is cut short, so that what follows cannot be told.</summary>
    public bool IsMalformed => OptionWalk.IsMalformed(GetEnumerator());

    /// <summary>The first extension header of a kind.</summary>
    public bool TryGet(IpProtocol kind, out Ipv6ExtensionHeader header) => OptionWalk.TryGet(GetEnumerator(), kind, out header);

    /// <summary>The headers from the first on.</summary>
    public Enumerator GetEnumerator() => new(Packet, _transport);

    /// <summary>Walks the headers.</summary>
    public ref struct Enumerator : IOptionWalk<Ipv6ExtensionHeader>
    {
        private readonly Span<byte> _packet;
        private readonly ChecksumField _transport;
        private IpProtocol _kind;
        private IpProtocol _next;
        private int _offset;
        private int _length;

        internal Enumerator(Span<byte> packet, ChecksumField transport)
        {
            _packet = packet;
            _transport = transport;
            _offset = Ipv6Header.Length;
            _next = packet.IsEmpty ? IpProtocol.NoNextHeader : (IpProtocol)packet[6];
        }

        private readonly Span<byte> Packet => _transport.Checked(_packet);

        /// <summary>Whether the walk ended at a header that is cut short.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The header at hand.</summary>
        public readonly Ipv6ExtensionHeader Current =>
            new(_kind, Octets, new AddressChecksum(Packet, _transport));

        /// <summary>Which header is at hand.</summary>
        internal readonly IpProtocol Kind => _kind;

        /// <summary>Its octets.</summary>
        internal readonly Span<byte> Octets => Packet.Slice(_offset, _length);

        /// <summary>Goes to the next header; false at the transport header or where one is cut short.</summary>
        public bool MoveNext()
        {
            _transport.Check();
            if (!Ipv6ExtensionHeader.IsExtension(_next))
                return false;

            int offset = _offset + _length;
            if (!Ipv6ExtensionHeader.TryGetLength(Packet[offset..], _next, out int length))
            {
                IsMalformed = true;
                _transport.FoundMalformed();
                _next = IpProtocol.NoNextHeader;
                return false;
            }

            _kind = _next;
            _offset = offset;
            _length = length;
            // RFC 8200 §4.5: what follows in a later fragment is the middle of something, not a header.
            bool laterFragment = _kind == IpProtocol.Fragment && ReadUInt16BigEndian(Packet[(offset + 2)..]) >> 3 != 0;
            _next = laterFragment ? IpProtocol.NoNextHeader : (IpProtocol)Packet[offset];
            return true;
        }
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
