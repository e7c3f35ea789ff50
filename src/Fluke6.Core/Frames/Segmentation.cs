using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>The frames that <see cref="Segmentation"/> makes of one.</summary>
internal enum SegmentationPieces : byte
{
    /// <summary>Those that go out on a wire: one segment in each frame, all checksums in full.</summary>
    Segments,

    /// <summary>
    /// Super-segments again, with partial checksums. Only what is longer than an IP packet can say is cut, into as few as possible.
    /// </summary>
    SuperSegments,

    /// <summary>Super-segments again, with partial checksums, each of as many segments as the caller says.</summary>
    Runs,

    /// <summary>
    /// Of what is inside a UDP tunnel, super-segments of the tunnel's datagrams, which the kernel can cut up by itself and which cost it
    /// one call instead of dozens. Everything else, and tunnels without an outer
    /// checksum, which the kernel would add, cannot be begun with.
    /// </summary>
    TunnelDatagrams,
}

/// <summary>
/// Turns a frame with a virtio header into what goes out on a wire: super-segments cut into frames, partial checksums completed, as the
/// kernel does for a device without offloads. virtio 1.2 §5.1.6.2. Belongs to one thread; allocates nothing.
/// </summary>
/// <remarks>
/// The payload may be inside tunnels, which the virtio header does not tell: each piece gets all headers, and lengths, IPv4
/// identifications, GRE sequence numbers and checksums of its own.
/// </remarks>
internal sealed partial class Segmentation
{
    /// <summary>Headers before the payload that are longer than this are not cut.</summary>
    internal const int MaxHeaderLength = 2048;

    private const int MaxPacketLength = 65535;

    private readonly SegmentationPieces _pieces;
    private readonly PathHeader[] _path = new PathHeader[HeaderPath.MaxHeaders];
    private readonly byte[] _headers = new byte[MaxHeaderLength];
    private FrameBuffer? _source;
    private ReadOnlyMemory<byte> _rest;
    private bool _isWhole;
    private int _pathLength;
    private int _headerLength;
    private int _transportOffset;
    private IpProtocol _transport;
    private bool _needsChecksum;
    private SegmentationKind _kind;
    private bool _hasCongestionBit;
    private int _start;
    private int _position;
    private int _end;
    private int _segmentSize;
    private int _segmentsPerPiece;

    /// <summary>Cuts frames up.</summary>
    /// <param name="pieces">Into what.</param>
    public Segmentation(SegmentationPieces pieces = SegmentationPieces.Segments) => _pieces = pieces;

    /// <summary>Whether the frame that was begun has frames left.</summary>
    public bool HasNext => _source is not null;

    /// <summary>Begins with a frame, which must stay as it is until <see cref="HasNext"/> is false.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="rest">
    /// The octets that follow the buffer's, of a frame that is longer than <see cref="FrameBuffer.MaxFrameLength"/>.
    /// </param>
    /// <returns>
    /// Whether it can go out on a wire. A super-segment cannot whose headers contradict its virtio header, or are of kinds unknown here.
    /// </returns>
    public bool Begin(FrameBuffer frame, ReadOnlyMemory<byte> rest = default)
    {
        _source = null;
        _rest = rest;
        Offload offload = frame.Offload;
        bool isSuperSegment = offload.Segmentation != SegmentationKind.None;
        _isWhole = !isSuperSegment || (_pieces == SegmentationPieces.SuperSegments && rest.IsEmpty && FitsAPacket(frame));
        if (_isWhole ? !rest.IsEmpty : !CanCut(frame, offload))
            return false;
        if (_pieces == SegmentationPieces.TunnelDatagrams && (_isWhole || !IsInUdp(frame)))
            return false;

        _source = frame;
        return true;
    }

    /// <summary>Writes the next frame.</summary>
    /// <param name="into">A buffer other than the one that was begun with.</param>
    /// <param name="segments">Of <see cref="SegmentationPieces.Runs"/>: how many segments it gets at most.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryNext(FrameBuffer into, int segments = int.MaxValue)
    {
        if (_source is not { } source)
            return false;

        if (_isWhole)
        {
            into.Load(source);
            if (_pieces == SegmentationPieces.Segments)
                PartialChecksum.Complete(into);
            _source = null;
            return true;
        }

        if (_pieces == SegmentationPieces.TunnelDatagrams)
            WriteDatagrams(source, into);
        else
            WritePiece(source, into, segments);
        if (_position == _end)
            _source = null;
        return true;
    }

    private void WritePiece(FrameBuffer source, FrameBuffer into, int segments)
    {
        int payload = Math.Min(Math.Min(segments, _segmentsPerPiece) * _segmentSize, _end - _position);
        Span<byte> octets = into.Array.AsSpan(FrameBuffer.FrameStart, _headerLength + payload);
        _headers.AsSpan(0, _headerLength).CopyTo(octets);
        CopyPayload(source.Octets, octets[_headerLength..]);
        into.Arrive(octets.Length, source.LinkType, source.From, source.Mtu);
        into.Offload.Clear();
        if (_pieces is SegmentationPieces.SuperSegments or SegmentationPieces.Runs)
            SetOffload(into.Offload, payload);

        FixPath(octets, FixTransport(octets, last: _position + payload == _end), outermost: 0);
        _position += payload;
    }

    /// <summary>Whether the outermost packet is as long as its IP header says, and so no longer than that can say.</summary>
    private static bool FitsAPacket(FrameBuffer frame) => frame.Length <= MaxPacketLength || frame.Layers.NetworkEnd == frame.Length;

    private bool CanCut(FrameBuffer frame, Offload offload)
    {
        _kind = offload.Segmentation;
        _segmentSize = offload.SegmentSize;
        _needsChecksum = offload.NeedsCsum;
        _hasCongestionBit = offload.HasCongestionBit;
        _transport = _kind == SegmentationKind.Udp ? IpProtocol.Udp : IpProtocol.Tcp;
        if (_segmentSize == 0 || _kind is not (SegmentationKind.Tcpv4 or SegmentationKind.Tcpv6 or SegmentationKind.Udp))
            return false;

        if (_needsChecksum)
            _transportOffset = offload.ChecksumOffset == ChecksumOffset ? offload.ChecksumStart : -1;
        else
            _transportOffset = frame.Layers is { HasTransport: true, HasOtherAddresses: false } ? frame.Layers.TransportOffset : -1;
        return _transportOffset > 0
            && HeaderPath.TryFind(frame.Octets, frame.LinkType, _transportOffset, _transport, _path, out HeaderPath path)
            && TakeHeaders(frame.Octets, path);
    }

    private bool TakeHeaders(ReadOnlySpan<byte> octets, in HeaderPath path)
    {
        (_pathLength, _lastLink) = (path.Count, path.LastLink);
        PathHeader innermost = _path[_pathLength - 1];
        if ((_kind == SegmentationKind.Tcpv4 && innermost.Kind != PathHeaderKind.Ipv4)
            || (_kind == SegmentationKind.Tcpv6 && innermost.Kind != PathHeaderKind.Ipv6)
            || !TryGetTransportLength(octets[_transportOffset..], out int transportLength))
        {
            return false;
        }

        _headerLength = _transportOffset + transportLength;
        _start = _position = _headerLength;
        int frameEnd = octets.Length + _rest.Length;
        _end = innermost.PacketEnd(octets, frameEnd);
        if (_headerLength > MaxHeaderLength || _start > _end || _end > frameEnd)
            return false;

        octets[.._headerLength].CopyTo(_headers);
        _oldTransportLength = _end - _transportOffset;
        for (int i = _pathLength - 1; i >= 0; i--)
        {
            if (_path[i].Jumbo > 0)
                TakeOutJumboLength(i);
        }

        int room = MaxPacketLength - _headerLength;
        _segmentsPerPiece = _pieces is SegmentationPieces.SuperSegments or SegmentationPieces.Runs ? room / _segmentSize : 1;
        return _segmentsPerPiece > 0 && Math.Min(_segmentSize, _end - _start) <= room;
    }

    private bool TryGetTransportLength(ReadOnlySpan<byte> segment, out int length)
    {
        length = UdpHeader.Length;
        if (_transport == IpProtocol.Tcp)
        {
            length = segment.Length < TcpHeader.MinLength ? 0 : (segment[12] >> 4) * 4;
            return length >= TcpHeader.MinLength && length <= segment.Length;
        }

        return length <= segment.Length;
    }

    /// <summary>
    /// Takes a jumbo payload length out of the headers: each piece is a packet that says its length as others do. RFC 2675 §3.
    /// </summary>
    private void TakeOutJumboLength(int network)
    {
        const int headerLength = 8;
        int at = _path[network].Jumbo;
        if (_headers[at + 1] != 0)
        {
            // Other options are in there, too: PadN in its place. RFC 8200 §4.2.
            ReadOnlySpan<byte> padding = [1, 4, 0, 0, 0, 0];
            padding.CopyTo(_headers.AsSpan(at + 2));
            return;
        }

        _headers[FieldOfNextHeader(_path[network].Offset, at)] = _headers[at];
        _headers.AsSpan((at + headerLength).._headerLength).CopyTo(_headers.AsSpan(at));
        for (int i = network + 1; i < _pathLength; i++)
            _path[i] = _path[i].MovedUp(headerLength);
        if (_path[network].Destination > at)
            _path[network] = _path[network] with { Destination = _path[network].Destination - headerLength };
        _headerLength -= headerLength;
        _transportOffset -= headerLength;
    }

    /// <summary>Where the next header value stands that says which extension header begins at <paramref name="at"/>.</summary>
    private int FieldOfNextHeader(int network, int at)
    {
        int field = network + 6;
        for (int position = network + Ipv6Header.Length; position < at;)
        {
            Ipv6ExtensionHeader.TryGetLength(_headers.AsSpan(position), (IpProtocol)_headers[field], out int length);
            field = position;
            position += length;
        }

        return field;
    }

    private void CopyPayload(ReadOnlySpan<byte> octets, Span<byte> target)
    {
        int count = Math.Clamp(octets.Length - _position, 0, target.Length);
        if (count > 0)
            octets.Slice(_position, count).CopyTo(target);
        if (count < target.Length)
            _rest.Span.Slice(_position + count - octets.Length, target.Length - count).CopyTo(target[count..]);
    }

    private void SetOffload(Offload offload, int payload)
    {
        if (_needsChecksum)
            offload.SetPartialChecksum(_transportOffset, ChecksumOffset);
        if (payload <= _segmentSize)
            return;

        offload.SetSegmentation(_kind, _segmentSize, _headerLength);
        offload.HasCongestionBit = _hasCongestionBit && _position == _start;
    }
}
