using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

/// <summary>
/// The headers from a frame's first octet to the transport that its offload header names, however many tunnels that is inside. Where a
/// header does not say what follows (MPLS, tunnels in UDP on any port), everything that may follow is tried until one way ends exactly
/// there.
/// </summary>
internal ref partial struct HeaderPath
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

    /// <summary>Where the last Ethernet header of the path begins.</summary>
    public int LastLink { get; private set; }

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

    private bool Link(int at)
    {
        if (!Has(at, EthernetHeader.Length) || !Carried(at + EthernetHeader.Length, (EtherType)Word(at + 12)))
            return false;

        LastLink = Math.Max(LastLink, at);
        return true;
    }

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
            EtherType.TransparentEthernetBridging => Link(at),
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

    /// <summary>
    /// Where the address is that a pseudo-header holds. RFC 8200 §8.1; the last segment stands first in RFC 8754 and last in RFC 5095.
    /// </summary>
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
