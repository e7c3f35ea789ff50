using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

// The fields that differ from piece to piece, from the innermost header out: outer checksums cover the inner headers as they leave.
internal sealed partial class Segmentation
{
    private int _oldTransportLength;

    private int ChecksumOffset => UpperLayerChecksum.OffsetOf(_transport);

    /// <summary>How many segments on the wire came before this piece.</summary>
    private int SegmentIndex => (_position - _start) / _segmentSize;

    /// <summary>Writes sequence number, flags, length and checksum.</summary>
    /// <returns>What the segment sums to on the wire, from its header to its end.</returns>
    private ushort FixTransport(Span<byte> octets, bool last)
    {
        Span<byte> segment = octets[_transportOffset..];
        if (_transport == IpProtocol.Udp)
        {
            UdpFields.Complete(segment);
        }
        else
        {
            TcpFlags cleared = last ? TcpFlags.None : TcpFlags.Fin | TcpFlags.Psh;
            // RFC 3168 §6.1.2: the reduction is announced once.
            if (_position > _start)
                cleared |= TcpFlags.Cwr;
            TcpFields.Advance(segment, (uint)(_position - _start), cleared);
        }

        Span<byte> field = segment[ChecksumOffset..];
        ushort sum;
        if (_needsChecksum)
        {
            ushort oldLength = InternetChecksum.Fold((uint)_oldTransportLength);
            sum = InternetChecksum.AdjustSum(ReadUInt16BigEndian(field), oldLength, (ushort)segment.Length);
        }
        else if (_transport == IpProtocol.Udp && ReadUInt16BigEndian(field) == 0)
        {
            return InternetChecksum.Sum(segment);
        }
        else
        {
            sum = PseudoHeaderSum(octets, _path[_pathLength - 1], _transport, segment.Length);
        }

        if (_needsChecksum && _pieces is SegmentationPieces.SuperSegments or SegmentationPieces.Runs)
            UpperLayerChecksum.WritePartial(field, sum);
        else
            UpperLayerChecksum.Complete(segment, field, sum, neverZero: _transport == IpProtocol.Udp);
        // With a right checksum, the segment sums to the complement of the pseudo-header.
        return (ushort)~sum;
    }

    /// <summary>Writes lengths, identifications, sequence numbers and checksums of all headers before the transport.</summary>
    /// <param name="octets">The piece.</param>
    /// <param name="covered">What it sums to from the transport on.</param>
    /// <param name="outermost">The first header of the path to write.</param>
    private void FixPath(Span<byte> octets, ushort covered, int outermost)
    {
        int coveredFrom = _transportOffset;
        for (int i = _pathLength - 1; i >= outermost; i--)
        {
            PathHeader header = _path[i];
            Span<byte> rest = octets[header.Offset..];
            switch (header.Kind)
            {
                case PathHeaderKind.Ipv4:
                    Ipv4Fields.CompletePiece(rest, SegmentIndex);
                    break;
                case PathHeaderKind.Ipv6:
                    Ipv6Fields.Complete(rest);
                    break;
                case PathHeaderKind.Pppoe:
                    PppoeHeader.Complete(rest);
                    break;
                case PathHeaderKind.Gtp:
                    GtpHeader.Complete(rest);
                    break;
                case PathHeaderKind.Gre:
                    if (FixGre(rest, coveredFrom - header.Offset, covered))
                        (covered, coveredFrom) = (0xFFFF, header.Offset);
                    break;
                case PathHeaderKind.Udp:
                    UdpFields.Complete(rest);
                    if (ReadUInt16BigEndian(rest[6..]) == 0)
                        break;

                    ushort sum = PseudoHeaderSum(octets, _path[i - 1], IpProtocol.Udp, rest.Length);
                    WriteChecksum(rest[..(coveredFrom - header.Offset)], rest[6..], covered, sum, neverZero: true);
                    (covered, coveredFrom) = ((ushort)~sum, header.Offset);
                    break;
            }
        }
    }

    /// <summary>Numbers the packet and sums it. RFC 2784 §2.5, RFC 2890 §2.2.</summary>
    /// <returns>Whether it has a checksum.</returns>
    private bool FixGre(Span<byte> packet, int length, ushort covered)
    {
        if (!GreHeader.TryRead(packet, out GreHeader gre))
            return false;

        gre.SequenceNumber += (uint)SegmentIndex;
        if (gre.HasChecksum)
            WriteChecksum(packet[..length], packet[4..], covered, initial: 0, neverZero: false);
        return gre.HasChecksum;
    }

    /// <summary>The pseudo-header of what an IP header of this piece carries.</summary>
    private static ushort PseudoHeaderSum(ReadOnlySpan<byte> octets, PathHeader network, IpProtocol protocol, int length)
    {
        if (network.Kind == PathHeaderKind.Ipv4)
            return InternetChecksum.PseudoHeaderSum(octets.Slice(network.Offset + 12, 8), (byte)protocol, length);

        ushort source = InternetChecksum.Sum(octets.Slice(network.Offset + 8, Ipv6Address.Length));
        ushort destination = InternetChecksum.Sum(octets.Slice(network.Destination, Ipv6Address.Length));
        return InternetChecksum.Fold((ulong)source + destination + (byte)protocol + (uint)length);
    }

    /// <summary>Writes the checksum of headers and of what follows them, whose sum is known.</summary>
    private static void WriteChecksum(Span<byte> headers, Span<byte> field, ushort covered, ushort initial, bool neverZero)
    {
        // RFC 1071 §2(B).
        if (int.IsOddInteger(headers.Length))
            covered = ReverseEndianness(covered);
        UpperLayerChecksum.Complete(headers, field, InternetChecksum.Fold((ulong)covered + initial), neverZero);
    }
}
