using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>IPv4 header, read and written in place. RFC 791 §3.1.</summary>
/// <remarks>Setters keep the header checksum and, for addresses, the transport checksum as right as they were.</remarks>
public readonly ref struct Ipv4Header : ISpanFormattable
{
    /// <summary>Twenty octets: a header without options.</summary>
    public const int MinLength = 20;

    /// <summary>Sixty octets: fifteen words, 40 octets of options.</summary>
    public const int MaxLength = 60;

    private readonly Span<byte> _octets;        // IHL × 4 octets
    private readonly ChecksumField _transport;  // covers the addresses through its pseudo-header

    private Ipv4Header(Span<byte> octets, ChecksumField transport)
    {
        _octets = octets;
        _transport = transport;
    }

    private Span<byte> Octets => _transport.Checked(_octets);

    /// <summary>4.</summary>
    public byte Version => (byte)(Octets[0] >> 4);

    /// <summary>The header with its options, 20 to 60 octets. IHL × 4.</summary>
    public int HeaderLength => Octets.Length;

    /// <summary>Differentiated services code point, 0 to 63. RFC 2474 §3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 63.</exception>
    public byte DifferentiatedServices
    {
        get => (byte)(Octets[1] >> 2);
        set => Header.WriteByte(Octets, 1, (byte)((FieldRange.Of(value, 6) << 2) | (Octets[1] & 3u)));
    }

    /// <summary>Explicit congestion notification, 0 to 3. RFC 3168 §5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 3.</exception>
    public byte ExplicitCongestionNotification
    {
        get => (byte)(Octets[1] & 3);
        set => Header.WriteByte(Octets, 1, (byte)((Octets[1] & ~3u) | FieldRange.Of(value, 2)));
    }

    /// <summary>Header and data, in octets.</summary>
    public ushort TotalLength => ReadUInt16BigEndian(Octets[2..]);

    /// <summary>Tells the fragments of one datagram from another's.</summary>
    public ushort Identification
    {
        get => ReadUInt16BigEndian(Octets[4..]);
        set => Header.Write(Octets, 4, value);
    }

    /// <summary>DF: no router may fragment this.</summary>
    public bool DontFragment
    {
        get => (Octets[6] & 0x40) != 0;
        set => Header.WriteByte(Octets, 6, (byte)(value ? Octets[6] | 0x40 : Octets[6] & ~0x40));
    }

    /// <summary>MF: this is not the last fragment.</summary>
    public bool MoreFragments
    {
        get => (Octets[6] & 0x20) != 0;
        set
        {
            Header.WriteByte(Octets, 6, (byte)(value ? Octets[6] | 0x20 : Octets[6] & ~0x20));
            _transport.Guard.AfterLayoutEdit();
        }
    }

    /// <summary>Where the data belongs in the datagram, in octets, a multiple of 8 up to 65,528.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to anything else.</exception>
    public int FragmentOffset
    {
        get => (ReadUInt16BigEndian(Octets[6..]) & 0x1FFF) * 8;
        set
        {
            Header.Write(Octets, 6, (ushort)((ReadUInt16BigEndian(Octets[6..]) & 0xE000) | (FieldRange.FragmentOffset(value) / 8)));
            _transport.Guard.AfterLayoutEdit();
        }
    }

    /// <summary>How many routers may still forward this.</summary>
    public byte TimeToLive
    {
        get => Octets[8];
        set => Header.WriteByte(Octets, 8, value);
    }

    /// <summary>What the data is.</summary>
    public IpProtocol Protocol => (IpProtocol)Octets[9];

    /// <summary>The header checksum. Setting it makes it right or wrong at will.</summary>
    public ushort Checksum
    {
        get => ReadUInt16BigEndian(Octets[10..]);
        set => Header.Set(Octets, 10, value);
    }

    /// <summary>The source address.</summary>
    public Ipv4Address Source
    {
        get => Ipv4Address.Read(Octets[12..]);
        set => WriteAddress(12, value);
    }

    /// <summary>
    /// The destination address. Where a source route has hops to go, the pseudo-header holds its last address instead, and no transport
    /// checksum follows this one. RFC 791 §3.1.
    /// </summary>
    public Ipv4Address Destination
    {
        get => Ipv4Address.Read(Octets[16..]);
        set => WriteAddress(16, value);
    }

    /// <summary>The options, 0 to 40 octets. RFC 791 §3.1.</summary>
    public Ipv4Options Options => new(Octets, _transport);

    /// <summary>Both addresses as they stand side by side, for a pseudo-header.</summary>
    internal ReadOnlySpan<byte> Addresses => Octets.Slice(12, 8);

    private ChecksumField Header => new(Octets.Slice(10, 2), ChecksumKind.Full, _transport.Guard);

    /// <summary>The header at the start of <paramref name="octets"/>; false if cut short or its lengths contradict each other.</summary>
    /// <param name="octets">A packet.</param>
    /// <param name="header">A view over the header and its options.</param>
    /// <param name="transport">The checksum whose pseudo-header holds the addresses.</param>
    public static bool TryRead(Span<byte> octets, out Ipv4Header header, ChecksumField transport = default)
    {
        header = default;
        if (octets.Length < MinLength || octets[0] >> 4 != 4)
            return false;

        int headerLength = (octets[0] & 0xF) * 4;
        int totalLength = ReadUInt16BigEndian(octets[2..]);
        if (headerLength < MinLength || totalLength < headerLength || totalLength > octets.Length)
            return false;

        header = new Ipv4Header(octets[..headerLength], transport);
        return true;
    }

    /// <summary>A view over a header whose lengths have been checked.</summary>
    internal static Ipv4Header Over(Span<byte> header, ChecksumField transport) => new(header, transport);

    private void WriteAddress(int offset, Ipv4Address value)
    {
        Span<byte> octets = stackalloc byte[Ipv4Address.Length];
        value.WriteTo(octets);
        if (octets.SequenceEqual(Octets.Slice(offset, Ipv4Address.Length)))
            return;

        if (Octets.Length > MinLength)
        {
            var addresses = new AddressChecksum(Octets, _transport);
            ushort before = addresses.Sum();
            Header.Write(Octets, offset, octets);
            addresses.Follow(before);
            return;
        }

        ushort old = InternetChecksum.Sum(Octets.Slice(offset, Ipv4Address.Length));
        _transport.WritePseudoHeader(Octets, offset, octets);
        Header.Adjust(old, InternetChecksum.Sum(octets));
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
