using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

// Super-segments that need not be cut here, where the kernel can be told that they are in a tunnel.
internal sealed partial class Segmentation
{
    private int _lastLink;

    /// <summary>Whether the frame that was begun with is a super-segment in one tunnel whose outer headers Linux repeats as they have to be.</summary>
    /// <param name="tunnel">Those headers.</param>
    public bool TryGetTunnel(out TunnelHeaders tunnel)
    {
        tunnel = default;
        if (_source is not { LinkType: LinkType.Ethernet } source || _isWhole || !_needsChecksum || _end != source.Length || _pathLength is not (2 or 3))
            return false;

        ReadOnlySpan<byte> octets = source.Octets;
        (PathHeader outer, PathHeader carrier, PathHeader inner) = (_path[0], _path[1], _path[_pathLength - 1]);
        int link = inner.Offset - _lastLink;
        bool isInLink = _lastLink > carrier.Offset;
        // The kernel takes the outer header to be without options and extensions, and does not know how to shorten a jumbo length.
        if (!IsIp(outer) || !IsIp(inner) || outer.Jumbo + inner.Jumbo > 0
            || carrier.Offset != outer.Offset + (outer.Kind == PathHeaderKind.Ipv4 ? Ipv4Header.MinLength : Ipv6Header.Length)
            || !HasOnlyTags(octets, 0, outer) || (isInLink && !HasOnlyTags(octets, _lastLink, inner))
            || !CanRepeat(octets, carrier, out int checksum))
        {
            return false;
        }

        (int full, int rest) = Math.DivRem(_end - _start, _segmentSize);
        tunnel = new TunnelHeaders(outer.Kind, carrier.Kind, outer.Offset, inner.Offset, isInLink ? link : 0, checksum, full, rest > 0);
        return true;
    }

    private static bool IsIp(PathHeader header) => header.Kind is PathHeaderKind.Ipv4 or PathHeaderKind.Ipv6;

    /// <summary>Whether a header is the same before each piece, but for a length.</summary>
    private bool CanRepeat(ReadOnlySpan<byte> octets, PathHeader carrier, out int checksum)
    {
        const byte greChecksum = 0x80, greSequence = 0x10;
        checksum = 0;
        switch (carrier.Kind)
        {
            case PathHeaderKind.Udp when _pathLength == 3:
                checksum = ReadUInt16BigEndian(octets[(carrier.Offset + 6)..]) == 0 ? 0 : carrier.Offset + 6;
                return true;
            case PathHeaderKind.Gre when _pathLength == 3:
                checksum = (octets[carrier.Offset] & greChecksum) == 0 ? 0 : carrier.Offset + GreHeader.MinLength;
                return (octets[carrier.Offset] & greSequence) == 0;
            default:
                return _pathLength == 2 && IsIp(carrier);
        }
    }

    /// <summary>Whether nothing but VLAN tags, of the types that Linux knows, stands between an Ethernet header and a packet.</summary>
    private static bool HasOnlyTags(ReadOnlySpan<byte> octets, int link, PathHeader packet)
    {
        int at = link + EthernetHeader.Length - sizeof(ushort);
        while ((EtherType)ReadUInt16BigEndian(octets[at..]) is EtherType.Dot1Q or EtherType.Dot1Ad)
            at += VlanTag.Length;
        return at + sizeof(ushort) == packet.Offset;
    }
}
