using Fluke6.Frames;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Testing.Oracle;

/// <summary>
/// TCP or UDP inside any stack of headers, as one super-segment and as the frames that a wire carries of it: each laid out from its own
/// payload, octet by octet, and summed naively. The one packet here that the writers do not write: cutting is checked against it, and so
/// are the writers; and many of its headers no writer knows.
/// </summary>
/// <param name="Layers">The headers by name, outermost first; the last is tcp or udp.</param>
/// <param name="Payload">What the innermost transport carries.</param>
/// <param name="SegmentSize">How much of it each frame carries.</param>
/// <param name="TcpFlags">Of the super-segment.</param>
internal sealed record NaivePacket(string[] Layers, byte[] Payload, int SegmentSize, byte TcpFlags = 0x99)
{
    private const int FirstNumber = 0xFFFE;     // wraps around soon

    private static readonly byte[] s_jumbo = [0, 0, 0xC2, 4, 0, 0, 0, 0];

    public LinkType LinkType => Layers[0] is "eth" ? LinkType.Ethernet : LinkType.RawIp;

    private bool IsTcp => Layers[^1] == "tcp";

    /// <summary>The super-segment, with a partial checksum, as a kernel leaves it to a card.</summary>
    public (byte[] Octets, int ChecksumStart) SuperSegment()
    {
        byte[] octets = Build(0, new Piece(Payload, 0, TcpFlags, IsSuper: true));
        return (octets, octets.Length - Payload.Length - (IsTcp ? 32 : 8));
    }

    /// <summary>What a wire carries of it.</summary>
    public List<byte[]> Segments()
    {
        List<byte[]> segments = [];
        for (int at = 0; at < Payload.Length; at += SegmentSize)
        {
            byte[] data = Payload[at..Math.Min(at + SegmentSize, Payload.Length)];
            int flags = TcpFlags;
            if (at + data.Length < Payload.Length)
                flags &= ~0x09;     // FIN, PSH
            if (at > 0)
                flags &= ~0x80;     // CWR
            segments.Add(Build(0, new Piece(data, segments.Count, (byte)flags, IsSuper: false)));
        }

        return segments;
    }

    /// <summary>The super-segment in a buffer; of one that is too long, its beginning.</summary>
    public FrameBuffer ToBuffer(out ReadOnlyMemory<byte> rest)
    {
        (byte[] octets, int start) = SuperSegment();
        var buffer = new FrameBuffer(new FrameUndo());
        int held = Math.Min(octets.Length, FrameBuffer.MaxFrameLength);
        buffer.Load(octets.AsSpan(0, held), LinkType, Side.Left);
        rest = octets.AsMemory(held);
        buffer.Offload.SetPartialChecksum(start, IsTcp ? 16 : 6);
        SegmentationKind kind = !IsTcp ? SegmentationKind.Udp
            : Layers[^2].StartsWith("ip4", StringComparison.Ordinal) ? SegmentationKind.Tcpv4 : SegmentationKind.Tcpv6;
        buffer.Offload.SetSegmentation(kind, SegmentSize, 0);
        return buffer;
    }

    public override string ToString() => $"{string.Join('/', Layers)} {Payload.Length} by {SegmentSize}";

    private byte[] Build(int layer, Piece piece)
    {
        string name = Layers[layer];
        byte[] inner = layer + 1 < Layers.Length ? Build(layer + 1, piece) : piece.Payload;
        string next = layer + 1 < Layers.Length ? Layers[layer + 1] : "";
        switch (name)
        {
            case "tcp" or "udp":
                return Transport(layer, piece, inner);
            case "udp0" or "udpc":
                return Udp(layer, piece, inner, hasChecksum: name == "udpc");
            case "eth":
                return [0x02, 0, 0, 0, 0, 1, 0x02, 0, 0, 0, 0, 2, .. EtherType(next), .. inner];
            case "vlan" or "svlan":
                return [0x20, 5, .. EtherType(next), .. inner];
            case "ip4" or "ip4o":
                return Ipv4(name, next, piece, inner);
            case "ip6" or "ip6x" or "ip6r":
                return Ipv6(name, next, piece, inner);
            case "gre":
                return [0, 0, .. EtherType(next), .. inner];
            case "grec":
                return GreSummed([0x80, 0, .. EtherType(next), 0, 0, 0, 0, .. inner], piece);
            case "gree":
                return GreWithEverything(next, piece, inner);
            case "vxlan":
                return [0x08, 0, 0, 0, 0, 0, 7, 0, .. inner];
            case "vxlan-gpe":
                return [0x0C, 0, 0, (byte)(next switch { "eth" => 3, _ => next[2] == '4' ? 1 : 2 }), 0, 0, 7, 0, .. inner];
            case "geneve":
                return [0x02, 0, .. EtherType(next), 0, 0, 7, 0, 1, 2, 3, 1, 0xAA, 0xBB, 0xCC, 0xDD, .. inner];
            case "gue":
                return [0x01, Protocol(next), 0, 0, 9, 9, 9, 9, .. inner];
            case "fou":
                return inner;
            case "gtp":
                return [0x34, 0xFF, .. Big(inner.Length + 8), 0, 0, 0, 9, 0, 0, 0, 0x85, 1, 0, 9, 0, .. inner];
            case "mpls":
                return [0, 0x01, 0x00, 64, 0, 0x01, 0x11, 64, .. inner];
            case "mpls-cw":
                return [0, 0x01, 0x01, 64, 0, 0, 0, 0, .. inner];
            case "pppoe":
                return [0x11, 0, 0, 7, .. Big(inner.Length + 2), 0, (byte)(next[2] == '4' ? 0x21 : 0x57), .. inner];
            case "nsh":
                return [0, 0x06, 1, (byte)(next switch { "eth" => 3, _ => next[2] == '4' ? 1 : 2 }), 0, 0, 1, 1, .. new byte[16], .. inner];
            case "etherip":
                return [0x30, 0, .. inner];
            default:
                throw new InvalidOperationException(name);
        }
    }

    private byte[] Transport(int layer, Piece piece, byte[] payload)
    {
        uint sequence = 0xFFFF_FF00 + (uint)(piece.Index * SegmentSize);
        byte[] segment = IsTcp
            ?
            [
                0x0F, 0xA0, 0x13, 0x88, .. BitConverter.GetBytes(ReverseEndianness(sequence)), 1, 2, 3, 4, 0x80, piece.Flags, 2, 0, 0, 0, 0, 0,
                1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, .. payload,
            ]
            : [0x0F, 0xA0, 0x13, 0x88, .. Big(8 + payload.Length), 0, 0, .. payload];
        return Summed(layer, segment, IsTcp ? 16 : 6, neverZero: !IsTcp, isPartial: piece.IsSuper);
    }

    private byte[] Udp(int layer, Piece piece, byte[] payload, bool hasChecksum)
    {
        byte[] segment = [0x12, 0x34, 0x12, 0xB5, .. Big(8 + payload.Length), 0, 0, .. payload];
        return hasChecksum ? Summed(layer, segment, 6, neverZero: true, isPartial: piece.IsSuper) : segment;
    }

    /// <summary>Writes a checksum, or, where that is to be completed later, the pseudo-header's sum.</summary>
    private byte[] Summed(int layer, byte[] segment, int field, bool neverZero, bool isPartial)
    {
        (byte[] source, byte[] destination) = Addresses(Layers[layer - 1]);
        ushort pseudo = NaiveSum.Sum([.. source, .. destination, .. Big32(segment.Length), 0, 0, 0, Protocol(Layers[layer])]);
        ushort checksum = isPartial ? pseudo : (ushort)~NaiveSum.Sum(segment, pseudo);
        WriteUInt16BigEndian(segment.AsSpan(field), checksum == 0 && neverZero ? (ushort)0xFFFF : checksum);
        return segment;
    }

    private static byte[] Ipv4(string name, string next, Piece piece, byte[] payload)
    {
        byte[] options = name == "ip4o" ? [0x94, 4, 0, 0] : [];
        (byte[] source, byte[] destination) = Addresses(name);
        byte[] header =
        [
            (byte)(0x45 + (options.Length / 4)), 0, .. Length(20 + options.Length + payload.Length), .. Big(FirstNumber + piece.Index), 0x40, 0,
            64, Protocol(next), 0, 0, .. source, .. destination, .. options,
        ];
        WriteUInt16BigEndian(header.AsSpan(10), (ushort)~NaiveSum.Sum(header));
        return [.. header, .. payload];
    }

    private static byte[] Ipv6(string name, string next, Piece piece, byte[] payload)
    {
        (byte[] source, byte[] destination) = Addresses(name);
        byte[] nextHop = name == "ip6r" ? [.. destination[..15], 0x77] : destination;
        byte[] extensions = name switch
        {
            "ip6x" => [43, 0, 5, 2, 0, 0, 1, 0, Protocol(next), 2, 4, 0, .. new byte[20]],
            "ip6r" => [Protocol(next), 2, 4, 1, 0, 0, 0, 0, .. destination],
            _ => [],
        };
        byte header = (byte)(name switch { "ip6x" => 0, "ip6r" => 43, _ => Protocol(next) });
        // A length that does not fit is said in a hop-by-hop option as long as the packet is a super-segment. RFC 2675.
        if (piece.IsSuper && extensions.Length + payload.Length > 65535)
        {
            byte[] jumbo = [header, .. s_jumbo[1..]];
            WriteInt32BigEndian(jumbo.AsSpan(4), 8 + extensions.Length + payload.Length);
            (extensions, header) = ([.. jumbo, .. extensions], 0);
        }

        return
        [
            0x60, 0, 0, 0, .. Length(extensions.Length + payload.Length), header, 64, .. source, .. nextHop, .. extensions,
            .. payload,
        ];
    }

    private static byte[] GreWithEverything(string next, Piece piece, byte[] payload)
    {
        byte[] segment = [0xB0, 0, .. EtherType(next), 0, 0, 0, 0, 0, 0, 0, 42, 0, 1, .. Big(FirstNumber + piece.Index), .. payload];
        if (FirstNumber + piece.Index > 0xFFFF)
            segment[13]++;
        return GreSummed(segment, piece);
    }

    private static byte[] GreSummed(byte[] segment, Piece piece)
    {
        WriteUInt16BigEndian(segment.AsSpan(4), piece.IsSuper ? (ushort)0xBEEF : (ushort)~NaiveSum.Sum(segment));
        return segment;
    }

    private static (byte[] Source, byte[] Destination) Addresses(string network) => network.StartsWith("ip4", StringComparison.Ordinal)
        ? ([192, 0, 2, 1], [198, 51, 100, 2])
        : (Convert.FromHexString("20010db8000000010000000000000001"), Convert.FromHexString("20010db8000000020000000000000002"));

    private static byte[] EtherType(string next) => next switch
    {
        "ip4" or "ip4o" => [0x08, 0x00],
        "ip6" or "ip6x" or "ip6r" => [0x86, 0xDD],
        "vlan" => [0x81, 0x00],
        "svlan" => [0x88, 0xA8],
        "mpls" or "mpls-cw" => [0x88, 0x47],
        "pppoe" => [0x88, 0x64],
        "nsh" => [0x89, 0x4F],
        "eth" => [0x65, 0x58],
        _ => [0x88, 0xB5],
    };

    private static byte Protocol(string next) => (byte)(next switch
    {
        "tcp" => 6,
        "udp" or "udp0" or "udpc" => 17,
        "ip4" or "ip4o" => 4,
        "ip6" or "ip6x" or "ip6r" => 41,
        "gre" or "grec" or "gree" => 47,
        "etherip" => 97,
        "mpls" or "mpls-cw" => 137,
        "eth" => 143,
        _ => 253,
    });

    private static byte[] Big(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Big32(int value) => [.. Big(value >> 16), .. Big(value)];

    // What does not fit is said as zero. Linux's BIG TCP.
    private static byte[] Length(int value) => Big(value > 65535 ? 0 : value);

    private sealed record Piece(byte[] Payload, int Index, byte Flags, bool IsSuper);
}
