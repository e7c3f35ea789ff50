using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

// A super-segment of TCP in VXLAN or the like becomes one of UDP: outer headers once, then as many whole tunnel payloads as fit.
internal sealed partial class Segmentation
{
    // The kernel's UDP_MAX_SEGMENTS before Linux 6.9; later ones take twice as many.
    private const int MaxDatagrams = 64;

    private const int OuterIp = 0, OuterUdp = 1;

    private int TunnelPayload => _path[OuterUdp].Offset + UdpHeader.Length;

    /// <summary>Whether the frame's own transport is a UDP tunnel whose datagrams have a checksum.</summary>
    private bool IsInUdp(FrameBuffer frame)
    {
        if (_pathLength <= OuterUdp || _path[OuterUdp].Kind != PathHeaderKind.Udp)
            return false;

        int udp = _path[OuterUdp].Offset;
        ref readonly Layers layers = ref frame.Layers;
        return layers is { HasTransport: true, HasOtherAddresses: false } && layers.TransportOffset == udp
            && ReadUInt16BigEndian(frame.Octets[(udp + 6)..]) != 0;
    }

    private void WriteDatagrams(FrameBuffer source, FrameBuffer into)
    {
        int tunnelPayload = TunnelPayload, innerHeaders = _headerLength - tunnelPayload, index = SegmentIndex, count = 0;
        Span<byte> octets = into.Array.AsSpan(FrameBuffer.FrameStart, MaxPacketLength);
        _headers.AsSpan(0, tunnelPayload).CopyTo(octets);
        int end = tunnelPayload;
        while (_position < _end && count < MaxDatagrams)
        {
            int payload = Math.Min(_segmentSize, _end - _position);
            if (end + innerHeaders + payload > octets.Length)
                break;

            // Laid over the octets so that the inner headers are where they are in a frame of their own.
            Span<byte> piece = octets[(end - tunnelPayload)..(end + innerHeaders + payload)];
            _headers.AsSpan(tunnelPayload, innerHeaders).CopyTo(piece[tunnelPayload..]);
            CopyPayload(source.Octets, piece[_headerLength..]);
            FixPath(piece, FixTransport(piece, last: _position + payload == _end), outermost: OuterUdp + 1);
            _position += payload;
            end += innerHeaders + payload;
            count++;
        }

        into.Arrive(end, source.LinkType, source.From, source.Mtu);
        FixOuter(octets[..end], index);
        Offload offload = into.Offload;
        offload.Clear();
        offload.SetPartialChecksum(_path[OuterUdp].Offset, 6);
        if (count > 1)
            offload.SetSegmentation(SegmentationKind.Udp, innerHeaders + _segmentSize, tunnelPayload);
    }

    private void FixOuter(Span<byte> octets, int index)
    {
        PathHeader network = _path[OuterIp];
        Span<byte> packet = octets[network.Offset..], datagram = octets[_path[OuterUdp].Offset..];
        if (network.Kind == PathHeaderKind.Ipv4)
            Ipv4Fields.CompletePiece(packet, index);
        else
            Ipv6Fields.Complete(packet);
        UdpFields.Complete(datagram);
        UpperLayerChecksum.WritePartial(datagram[6..], PseudoHeaderSum(octets, network, IpProtocol.Udp, datagram.Length));
    }
}
