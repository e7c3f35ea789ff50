using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>IPv6 header, read and written in place. RFC 8200 §3.</summary>
/// <remarks>Address setters keep the transport checksum, whose pseudo-header holds them, as right as it was.</remarks>
public readonly ref struct Ipv6Header : ISpanFormattable
{
    /// <summary>Forty octets.</summary>
    public const int Length = 40;

    private readonly Span<byte> _octets;            // extension headers follow the forty octets
    private readonly ChecksumField _transport;

    private Ipv6Header(Span<byte> octets, ChecksumField transport)
    {
        _octets = octets;
        _transport = transport;
    }

    private Span<byte> Octets => _transport.Checked(_octets);

    /// <summary>6.</summary>
    public byte Version => (byte)(Octets[0] >> 4);

    /// <summary>Differentiated services and congestion notification together, 8 bits. RFC 8200 §7.</summary>
    public byte TrafficClass
    {
        get => (byte)(ReadUInt16BigEndian(Octets) >> 4);
        set => None.Write(Octets, 0, (ushort)((ReadUInt16BigEndian(Octets) & 0xF00F) | (value << 4)));
    }

    /// <summary>Flow label, 20 bits. RFC 6437.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 1,048,575.</exception>
    public uint FlowLabel
    {
        get => ReadUInt32BigEndian(Octets) & 0xF_FFFF;
        set => None.Write(Octets, 0, (ReadUInt32BigEndian(Octets) & 0xFFF0_0000) | FieldRange.Of(value, 20));
    }

    /// <summary>Everything after this header, extension headers included, in octets.</summary>
    public ushort PayloadLength => ReadUInt16BigEndian(Octets[4..]);

    /// <summary>The kind of header that follows immediately.</summary>
    public IpProtocol NextHeader => (IpProtocol)Octets[6];

    /// <summary>How many routers may still forward this.</summary>
    public byte HopLimit
    {
        get => Octets[7];
        set => None.WriteByte(Octets, 7, value);
    }

    /// <summary>
    /// The source address. Where a home address option stands in the packet, the pseudo-header holds that instead, and no transport
    /// checksum follows this one. RFC 6275 §11.3.1.
    /// </summary>
    public Ipv6Address Source
    {
        get => Ipv6Address.Read(Octets[8..]);
        set => WriteAddress(8, value);
    }

    /// <summary>
    /// The destination address. Where a routing header still has segments left, the pseudo-header holds the final destination instead,
    /// and no transport checksum follows this one. RFC 8200 §8.1.
    /// </summary>
    public Ipv6Address Destination
    {
        get => Ipv6Address.Read(Octets[24..]);
        set => WriteAddress(24, value);
    }

    /// <summary>Both addresses as they stand side by side, for a pseudo-header.</summary>
    internal ReadOnlySpan<byte> Addresses => Octets.Slice(8, 32);

    private ChecksumField None => _transport.WithoutChecksum;

    /// <summary>The header at the start of <paramref name="octets"/>; false if cut short or longer than they are.</summary>
    /// <param name="octets">A packet.</param>
    /// <param name="header">A view over the fixed header.</param>
    /// <param name="transport">The checksum whose pseudo-header holds the addresses.</param>
    public static bool TryRead(Span<byte> octets, out Ipv6Header header, ChecksumField transport = default)
    {
        header = default;
        if (octets.Length < Length || octets[0] >> 4 != 6 || Length + ReadUInt16BigEndian(octets[4..]) > octets.Length)
            return false;

        header = new Ipv6Header(octets[..(Length + ReadUInt16BigEndian(octets[4..]))], transport);
        return true;
    }

    /// <summary>A view over a header whose length has been checked, and its extension headers.</summary>
    internal static Ipv6Header Over(Span<byte> headers, ChecksumField transport) => new(headers, transport);

    private void WriteAddress(int offset, Ipv6Address value)
    {
        Span<byte> octets = stackalloc byte[Ipv6Address.Length];
        value.WriteTo(octets);
        if (!Ipv6ExtensionHeader.IsExtension(NextHeader))
        {
            _transport.WritePseudoHeader(Octets, offset, octets);
            return;
        }

        var addresses = new AddressChecksum(Octets, _transport);
        ushort before = addresses.Sum();
        None.Write(Octets, offset, octets);
        addresses.Follow(before);
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
