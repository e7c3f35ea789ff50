using Fluke6.Wire;

namespace Fluke6.Frames;

// Encapsulations, each with the header that follows it.
internal ref partial struct HeaderPath
{
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
    private bool Geneve(int at) =>
        Has(at, 8) && _octets[at] >> 6 == 0 && Carried(at + 8 + ((_octets[at] & 0x3F) * 4), (EtherType)Word(at + 2));

    /// <summary>Generic UDP encapsulation of a data packet. draft-ietf-intarea-gue §3.</summary>
    private bool Gue(int at) =>
        Has(at, 4) && _octets[at] >> 5 == 0 && Upper(at + 4 + ((_octets[at] & 0x1F) * 4), (IpProtocol)_octets[at + 1]);

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
        int length = GreHeader.MinLength
            + ((flags & checksum) != 0 ? 4 : 0) + ((flags & key) != 0 ? 4 : 0) + ((flags & sequence) != 0 ? 4 : 0);
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
    private bool ServiceChain(int at) =>
        Has(at, 8) && (_octets[at + 1] & 0x3F) >= 2 && Next(at + ((_octets[at + 1] & 0x3F) * 4), _octets[at + 3]);

    /// <summary>The next protocols, which VXLAN-GPE and NSH number alike. IANA "NSH Next Protocol".</summary>
    private bool Next(int at, byte protocol) => protocol switch
    {
        1 => Ipv4(at),
        2 => Ipv6(at),
        3 => Link(at),
        4 => ServiceChain(at),
        5 => Mpls(at),
        _ => false,
    };
}
