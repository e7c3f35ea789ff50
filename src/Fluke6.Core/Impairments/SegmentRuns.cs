using Fluke6.Frames;

namespace Fluke6.Impairments;

/// <summary>The packets that a frame is on the wire, and runs of them as frames. One thread's.</summary>
internal sealed class SegmentRuns
{
    private readonly Segmentation _segmentation = new(SegmentationPieces.Runs);
    private FrameBuffer? _piece;
    private PacketFate[] _fates = [];
    private int _segments;
    private int _headers;
    private int _segmentSize;
    private int _length;

    /// <summary>Octets of all packets on the wire.</summary>
    public int WireOctets => _length + ((_segments - 1) * _headers);

    /// <summary>Looks at a frame.</summary>
    /// <returns>How many packets it is.</returns>
    public int Begin(FrameBuffer frame)
    {
        _length = frame.Length;
        _segments = 1;
        if (!frame.HasOffload || frame.Offload.SegmentSize is not (> 0 and var size))
            return 1;

        (_segmentSize, _headers) = (size, frame.SegmentHeaderLength);
        int payload = PayloadOf(frame);
        if (payload > size)
            _segments = (payload + size - 1) / size;
        return _segments;
    }

    /// <summary>Room for what the packets have in store.</summary>
    public Span<PacketFate> FatesFor(int segments)
    {
        if (_fates.Length < segments)
            _fates = new PacketFate[segments * 2];
        return _fates.AsSpan(0, segments);
    }

    /// <summary>The octets of a packet on the wire.</summary>
    public int OctetsOf(int segment) => segment < _segments - 1 ? _headers + _segmentSize : _length - ((_segments - 1) * _segmentSize);

    /// <summary>Whether the frame can be cut up; if so, it is begun.</summary>
    public bool CanCut(FrameBuffer frame) => _segmentation.Begin(frame) && _segmentation.HasNext;

    /// <summary>The next packets as a frame, which holds until the next call.</summary>
    public FrameBuffer Next(FrameBuffer frame, int segments)
    {
        FrameBuffer piece = _piece ??= new FrameBuffer(new FrameUndo());
        _segmentation.TryNext(piece, segments);
        FrameFacts facts = frame.Facts;
        // The whole arrived: of a piece nothing is kept as it arrived.
        facts.Rewritten = false;
        piece.Facts = facts;
        return piece;
    }

    private int PayloadOf(FrameBuffer frame) => frame.Length - _headers;
}
