using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

/// <summary>A header before the payload that differs from piece to piece once a super-segment is cut up.</summary>
internal enum PathHeaderKind : byte
{
    /// <summary>Length, identification and header checksum.</summary>
    Ipv4,

    /// <summary>Payload length.</summary>
    Ipv6,

    /// <summary>Length and checksum. The IP header before it is the one before it on the path.</summary>
    Udp,

    /// <summary>Checksum and sequence number, where it has them.</summary>
    Gre,

    /// <summary>Length. RFC 2516 §4.</summary>
    Pppoe,

    /// <summary>Length. 3GPP TS 29.281 §5.1.</summary>
    Gtp,
}

/// <summary>A header on the way to a transport.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Destination">Of an IPv6 header, where the address is that pseudo-headers hold: not its own if the packet is source routed.</param>
/// <param name="Jumbo">
/// Of an IPv6 header, where the hop-by-hop options begin whose first option is the jumbo payload length (RFC 2675 §2); 0 if there is none.
/// </param>
internal readonly record struct PathHeader(PathHeaderKind Kind, int Offset, int Destination = 0, int Jumbo = 0)
{
    /// <summary>The same header after so many octets before it were taken out.</summary>
    public PathHeader MovedUp(int octets) => this with { Offset = Offset - octets, Destination = Destination - octets };

    /// <summary>Where the packet ends that this IP header begins.</summary>
    /// <param name="octets">The frame.</param>
    /// <param name="frameEnd">Where the frame ends.</param>
    /// <returns>
    /// The frame's end if the header says 0: Linux's BIG TCP does, IPv6 with or without a jumbo payload option, since its length would not
    /// fit.
    /// </returns>
    public int PacketEnd(ReadOnlySpan<byte> octets, int frameEnd)
    {
        (int field, int notCounted) = Kind == PathHeaderKind.Ipv4 ? (2, 0) : (4, Ipv6Header.Length);
        int length = ReadUInt16BigEndian(octets[(Offset + field)..]);
        return length == 0 ? frameEnd : Offset + notCounted + length;
    }
}

/// <summary>
/// The headers from a frame's first octet to the transport that its offload header names, however many tunnels that is inside. Where a
/// header does not say what follows (MPLS, tunnels in UDP on any port), everything that may follow is tried until one way ends exactly there.
/// </summary>
internal ref struct HeaderPath
{
    /// <summary>The most headers that are followed, only those counted that <see cref="PathHeaderKind"/> names.</summary>
    public const int MaxHeaders = 16;

    // So many headers, wrong ways included: octets from a stranger do not buy more time than this.
    private const int MaxSteps = 256;

    private const int UdpHeaderLength = UdpHeader.Length;
    private const IpProtocol EtherIp = (IpProtocol)97;          // RFC 3378
    private const IpProtocol MplsInIp = (IpProtocol)137;        // RFC 4023
    private const IpProtocol Ethernet = (IpProtocol)143;        // RFC 8986
    private const EtherType MplsUnicast = (EtherType)0x8847;    // RFC 5332
    private const EtherType MplsMulticast = (EtherType)0x8848;
    private const EtherType PppoeSession = (EtherType)0x8864;   // RFC 2516
    private const EtherType ServiceFunction = (EtherType)0x894F;    // RFC 8300

    private readonly ReadOnlySpan<byte> _octets;
    private readonly Span<PathHeader> _headers;
    private readonly int _target;
    private readonly IpProtocol? _wanted;
    private int _steps;

    private HeaderPath(ReadOnlySpan<byte> octets, int target, IpProtocol? wanted, Span<PathHeader> headers)
    {
        _octets = octets;
        _target = target;
        _wanted = wanted;
        _headers = headers;
    }

    /// <summary>How many headers of the path differ from piece to piece.</summary>
    public int Count { get; private set; }

    /// <summary>The protocol that the last IP header says stands at the end of the path.</summary>
    public IpProtocol Transport { get; private set; }

    /// <summary>Follows the headers up to <paramref name="target"/>.</summary>
    /// <param name="octets">The frame.</param>
    /// <param name="linkType">What it begins with.</param>
    /// <param name="target">Where a transport header has to begin.</param>
    /// <param name="wanted">Which transport; null for any.</param>
    /// <param name="headers">Takes the headers, outermost first; <see cref="MaxHeaders"/> long.</param>
    /// <param name="path">What was found.</param>
    public static bool TryFind(
        ReadOnlySpan<byte> octets, LinkType linkType, int target, IpProtocol? wanted, Span<PathHeader> headers, out HeaderPath path)
    {
        path = new HeaderPath(octets, target, wanted, headers);
        return target <= octets.Length && (linkType == LinkType.Ethernet ? path.Link(0) : path.EitherIp(0));
    }

    private bool Link(int at) => Has(at, EthernetHeader.Length) && Carried(at + EthernetHeader.Length, (EtherType)Word(at + 12));

    private bool Carried(int at, EtherType type)
    {
        for (; type is EtherType.Dot1Q or EtherType.Dot1Ad or EtherType.LegacyQinQ; at += VlanTag.Length)
        {
            if (!Has(at, VlanTag.Length))
                return false;
            type = (EtherType)Word(at + 2);
        }

        return type switch
        {
            EtherType.Ipv4 => Ipv4(at),
            EtherType.Ipv6 => Ipv6(at),
            MplsUnicast or MplsMulticast => Mpls(at),
            PppoeSession => Pppoe(at),
            ServiceFunction => ServiceChain(at),
            GreHeader.TransparentEthernetBridging => Link(at),
            _ => false,
        };
    }

    private bool EitherIp(int at) => Has(at, 1) && (_octets[at] >> 4 == 4 ? Ipv4(at) : _octets[at] >> 4 == 6 && Ipv6(at));

    private bool Ipv4(int at)
    {
        if (!Has(at, Ipv4Header.MinLength) || _octets[at] >> 4 != 4)
            return false;

        int length = (_octets[at] & 0xF) * 4;
        bool isFragment = (Word(at + 6) & 0x3FFF) != 0;
        return length >= Ipv4Header.MinLength && !isFragment
            && (Push(new PathHeader(PathHeaderKind.Ipv4, at)) && Upper(at + length, (IpProtocol)_octets[at + 9]) || Pop());
    }

    private bool Ipv6(int at)
    {
        if (!Has(at, Ipv6Header.Length) || _octets[at] >> 4 != 6)
            return false;

        var next = (IpProtocol)_octets[at + 6];
        int position = at + Ipv6Header.Length, destination = at + 24, jumbo = 0;
        while (Ipv6ExtensionHeader.IsExtension(next))
        {
            // An authentication header vouches for every octet: no piece would be right. A fragment's lengths are not those of the whole.
            if (next == IpProtocol.AuthenticationHeader || !Has(position, Ipv6ExtensionHeader.MinLength)
                || (next == IpProtocol.Fragment && (Word(position + 2) & 0xFFF9) != 0)
                || (next == IpProtocol.Routing && !TryGetFinalDestination(position, ref destination))
                || !Ipv6ExtensionHeader.TryGetLength(_octets[position.._target], next, out int length))
            {
                return false;
            }

            if (next == IpProtocol.HopByHopOptions && (Ipv6OptionType)_octets[position + 2] == Ipv6OptionType.JumboPayload)
                jumbo = position;
            next = (IpProtocol)_octets[position];
            position += length;
        }

        return Push(new PathHeader(PathHeaderKind.Ipv6, at, destination, jumbo)) && Upper(position, next) || Pop();
    }

    /// <summary>Where the address is that a pseudo-header holds. RFC 8200 §8.1; the last segment stands first in RFC 8754 and last in RFC 5095.</summary>
    private readonly bool TryGetFinalDestination(int at, ref int destination)
    {
        int length = (_octets[at + 1] + 1) * 8;
        if (_octets[at + 3] == 0)
            return true;

        destination = (RoutingType)_octets[at + 2] switch
        {
            RoutingType.SourceRoute => at + length - Ipv6Address.Length,
            RoutingType.HomeAddress or RoutingType.SegmentRouting => at + 8,
            _ => 0,
        };
        return destination >= at + 8 && destination + Ipv6Address.Length <= _target;
    }

    private bool Upper(int at, IpProtocol protocol)
    {
        if (at == _target)
        {
            Transport = protocol;
            return _wanted is null || _wanted == protocol;
        }

        return protocol switch
        {
            IpProtocol.Ipv4 => Ipv4(at),
            IpProtocol.Ipv6 => Ipv6(at),
            IpProtocol.Udp => Udp(at),
            IpProtocol.Gre => Gre(at),
            EtherIp => Link(at + 2),
            Ethernet => Link(at),
            MplsInIp => Mpls(at),
            _ => false,
        };
    }

    private bool Udp(int at)
    {
        int payload = at + UdpHeaderLength;
        return Has(at, UdpHeaderLength + 4)
            && (Push(new PathHeader(PathHeaderKind.Udp, at))
                && (Vxlan(payload) || Geneve(payload) || EitherIp(payload) || Gue(payload) || Gtp(payload) || Gre(payload) || Mpls(payload))
                || Pop());
    }

    /// <summary>VXLAN, RFC 7348 §5, on whatever port; with the flag P, a next protocol. draft-ietf-nvo3-vxlan-gpe §3.</summary>
    private bool Vxlan(int at)
    {
        const byte hasIdentifier = 0x08, hasNextProtocol = 0x04;
        int next = at + VxlanHeader.Length;
        if (!Has(at, VxlanHeader.Length) || (_octets[at] & hasIdentifier) == 0)
            return false;

        return (_octets[at] & hasNextProtocol) == 0 ? Link(next) : Next(next, _octets[at + 3]);
    }

    /// <summary>RFC 8926 §3.4.</summary>
    private bool Geneve(int at) => Has(at, 8) && _octets[at] >> 6 == 0 && Carried(at + 8 + ((_octets[at] & 0x3F) * 4), (EtherType)Word(at + 2));

    /// <summary>Generic UDP encapsulation of a data packet. draft-ietf-intarea-gue §3.</summary>
    private bool Gue(int at) => Has(at, 4) && _octets[at] >> 5 == 0 && Upper(at + 4 + ((_octets[at] & 0x1F) * 4), (IpProtocol)_octets[at + 1]);

    /// <summary>GTP-U: a packet of a mobile network's user. 3GPP TS 29.281 §5.1, §5.2.</summary>
    private bool Gtp(int at)
    {
        const byte version1 = 0x30, userPacket = 0xFF, hasMore = 0x07, hasExtension = 0x04;
        if (!Has(at, 8) || (_octets[at] & 0xF8) != version1 || _octets[at + 1] != userPacket)
            return false;

        int next = at + 8;
        if ((_octets[at] & hasMore) != 0)
        {
            next += 4;
            bool extended = (_octets[at] & hasExtension) != 0;
            while (extended && Has(next - 1, 1) && _octets[next - 1] != 0)
            {
                if (!Has(next, 4) || _octets[next] == 0)
                    return false;
                next += _octets[next] * 4;
            }
        }

        return Push(new PathHeader(PathHeaderKind.Gtp, at)) && EitherIp(next) || Pop();
    }

    private bool Gre(int at)
    {
        const ushort checksum = 0x8000, key = 0x2000, sequence = 0x1000, known = checksum | key | sequence;
        if (!Has(at, GreHeader.MinLength) || (Word(at) & ~known) != 0)
            return false;

        ushort flags = Word(at);
        int length = GreHeader.MinLength + ((flags & checksum) != 0 ? 4 : 0) + ((flags & key) != 0 ? 4 : 0) + ((flags & sequence) != 0 ? 4 : 0);
        return Push(new PathHeader(PathHeaderKind.Gre, at)) && Carried(at + length, (EtherType)Word(at + 2)) || Pop();
    }

    /// <summary>A label stack, RFC 3032 §2.1, and IP, or Ethernet with or without a control word. RFC 4385 §3, RFC 4448 §4.6.</summary>
    private bool Mpls(int at)
    {
        const byte bottomOfStack = 0x01;
        bool isBottom = false;
        while (!isBottom)
        {
            if (!Has(at, 4))
                return false;
            isBottom = (_octets[at + 2] & bottomOfStack) != 0;
            at += 4;
        }

        return EitherIp(at) || Link(at) || (Has(at, 4) && _octets[at] >> 4 == 0 && Link(at + 4));
    }

    private bool Pppoe(int at) =>
        Has(at, 6) && Word(at) == 0x1100 && (Push(new PathHeader(PathHeaderKind.Pppoe, at)) && Ppp(at + 6) || Pop());

    /// <summary>A protocol number, of one octet if odd. RFC 1661 §2, §6.5.</summary>
    private bool Ppp(int at)
    {
        const ushort ipv4 = 0x0021, ipv6 = 0x0057, mpls = 0x0281;
        if (!Has(at, 2))
            return false;

        bool isShort = (_octets[at] & 1) != 0;
        int next = at + (isShort ? 1 : 2);
        return (isShort ? _octets[at] : Word(at)) switch
        {
            ipv4 => Ipv4(next),
            ipv6 => Ipv6(next),
            mpls => Mpls(next),
            _ => false,
        };
    }

    /// <summary>Network service header. RFC 8300 §2.2.</summary>
    private bool ServiceChain(int at) => Has(at, 8) && (_octets[at + 1] & 0x3F) >= 2 && Next(at + ((_octets[at + 1] & 0x3F) * 4), _octets[at + 3]);

    /// <summary>What VXLAN-GPE and NSH number alike. IANA "NSH Next Protocol".</summary>
    private bool Next(int at, byte protocol) => protocol switch
    {
        1 => Ipv4(at),
        2 => Ipv6(at),
        3 => Link(at),
        4 => ServiceChain(at),
        5 => Mpls(at),
        _ => false,
    };

    private bool Push(PathHeader header)
    {
        // One that does not fit is counted all the same: the caller takes it off again.
        if (Count++ >= MaxHeaders)
            return false;

        _headers[Count - 1] = header;
        return true;
    }

    private bool Pop()
    {
        Count--;
        return false;
    }

    /// <summary>Whether so many octets stand there before the target. Counts as a step.</summary>
    private bool Has(int at, int length) => ++_steps <= MaxSteps && at + length <= _target;

    private readonly ushort Word(int at) => ReadUInt16BigEndian(_octets[at..]);
}
