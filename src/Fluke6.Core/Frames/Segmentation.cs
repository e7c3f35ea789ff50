using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

/// <summary>
/// Turns a frame with a virtio header into what goes out on a wire: super-segments cut into frames, partial checksums completed, as the
/// kernel does for a device without offloads. virtio 1.2 §5.1.6.2. Belongs to one thread; allocates nothing.
/// </summary>
public sealed class Segmentation
{
    private FrameBuffer? _source;
    private int _headerLength;
    private int _position;
    private int _end;
    private int _segmentSize;
    private int _index;

    /// <summary>Whether the frame that was begun has frames left.</summary>
    public bool HasNext => _source is not null;

    /// <summary>Begins with a frame, which must stay as it is until <see cref="HasNext"/> is false.</summary>
    /// <returns>Whether it can go out on a wire; a super-segment whose headers contradict its virtio header cannot.</returns>
    public bool Begin(FrameBuffer frame)
    {
        _source = null;
        _index = 0;
        Offload offload = frame.Offload;
        _segmentSize = offload.SegmentSize;
        if (offload.Segmentation != SegmentationKind.None && !CanCut(frame, offload))
            return false;

        _source = frame;
        return true;
    }

    /// <summary>Writes the next frame, which carries no offload.</summary>
    /// <param name="into">A buffer other than the one that was begun with.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryNext(FrameBuffer into)
    {
        if (_source is not { } source)
            return false;

        if (source.Offload.Segmentation == SegmentationKind.None)
        {
            into.Load(source);
            PartialChecksum.Complete(into.Octets, into.Offload);
            into.Offload.Clear();
            _source = null;
            return true;
        }

        int payload = Math.Min(_segmentSize, _end - _position);
        Span<byte> octets = into.Array.AsSpan(FrameBuffer.FrameStart, _headerLength + payload);
        source.Octets[.._headerLength].CopyTo(octets);
        source.Octets.Slice(_position, payload).CopyTo(octets[_headerLength..]);
        into.Arrive(octets.Length, source.LinkType, source.From, source.Mtu);
        into.Offload.Clear();

        bool last = _position + payload == _end;
        FixNetwork(octets, source);
        FixTransport(octets, source, last);
        _position += payload;
        _index++;
        if (last)
            _source = null;
        return true;
    }

    private bool CanCut(FrameBuffer frame, Offload offload)
    {
        ref readonly Layers layers = ref frame.Layers;
        (EtherType network, IpProtocol transport) = offload.Segmentation switch
        {
            SegmentationKind.Tcpv4 => (EtherType.Ipv4, IpProtocol.Tcp),
            SegmentationKind.Tcpv6 => (EtherType.Ipv6, IpProtocol.Tcp),
            SegmentationKind.Udp => (layers.Network, IpProtocol.Udp),
            _ => default,
        };
        if (_segmentSize == 0 || !layers.HasTransport || layers.Network != network || layers.Transport != transport || layers.IsFragment)
            return false;

        bool namesThisTransport = offload.NeedsCsum
            ? offload.ChecksumStart == layers.TransportOffset && offload.ChecksumOffset == ChecksumOffset(transport)
            : !layers.HasOtherAddresses;
        _headerLength = layers.PayloadOffset;
        _position = layers.PayloadOffset;
        _end = layers.NetworkEnd;
        return namesThisTransport;
    }

    private void FixNetwork(Span<byte> octets, FrameBuffer source)
    {
        ref readonly Layers layers = ref source.Layers;
        Span<byte> packet = octets[layers.NetworkOffset..];
        if (layers.Network == EtherType.Ipv6)
        {
            WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - Ipv6Header.Length));
            return;
        }

        // Adjusted, not computed: a header checksum that arrived wrong stays wrong.
        ushort oldLength = ReadUInt16BigEndian(packet[2..]), oldIdentification = ReadUInt16BigEndian(packet[4..]);
        ushort identification = (ushort)(oldIdentification + _index);
        WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        WriteUInt16BigEndian(packet[4..], identification);
        ushort checksum = InternetChecksum.Adjust(ReadUInt16BigEndian(packet[10..]), oldLength, (ushort)packet.Length);
        WriteUInt16BigEndian(packet[10..], InternetChecksum.Adjust(checksum, oldIdentification, identification));
    }

    private void FixTransport(Span<byte> octets, FrameBuffer source, bool last)
    {
        ref readonly Layers layers = ref source.Layers;
        Span<byte> segment = octets[layers.TransportOffset..];
        if (layers.Transport == IpProtocol.Udp)
        {
            WriteUInt16BigEndian(segment[4..], (ushort)segment.Length);
        }
        else
        {
            WriteUInt32BigEndian(segment[4..], ReadUInt32BigEndian(segment[4..]) + (uint)(_index * _segmentSize));
            const byte fin = 0x01, push = 0x08, congestionWindowReduced = 0x80;
            if (!last)
                segment[13] &= unchecked((byte)~(fin | push));
            // RFC 3168 §6.1.2: the reduction is announced once.
            if (_index > 0)
                segment[13] &= unchecked((byte)~congestionWindowReduced);
        }

        Span<byte> field = segment[ChecksumOffset(layers.Transport)..];
        ushort sum;
        if (source.Offload.NeedsCsum)
        {
            int oldLength = _end - layers.TransportOffset;
            sum = InternetChecksum.AdjustSum(ReadUInt16BigEndian(field), (ushort)oldLength, (ushort)segment.Length);
        }
        else if (layers.Transport == IpProtocol.Udp && ReadUInt16BigEndian(field) == 0)
        {
            return;
        }
        else
        {
            (int at, int length) = layers.Network == EtherType.Ipv4 ? (12, 8) : (8, 32);
            sum = InternetChecksum.PseudoHeaderSum(
                octets.Slice(layers.NetworkOffset + at, length), (byte)layers.Transport, segment.Length);
        }

        WriteUInt16BigEndian(field, 0);
        ushort checksum = InternetChecksum.Compute(segment, sum);
        // RFC 768: "If the computed checksum is zero, it is transmitted as all ones".
        WriteUInt16BigEndian(field, checksum == 0 && layers.Transport == IpProtocol.Udp ? (ushort)0xFFFF : checksum);
    }

    private static int ChecksumOffset(IpProtocol transport) => transport == IpProtocol.Tcp ? 16 : 6;
}
