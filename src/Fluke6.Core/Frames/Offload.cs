using System.Runtime.InteropServices;

namespace Fluke6.Frames;

/// <summary>How a super-segment is to be cut up. <c>gso_type</c> in <c>linux/virtio_net.h</c>; virtio 1.2 §5.1.6.</summary>
internal enum SegmentationKind : byte
{
    /// <summary>The frame goes out as it is.</summary>
    None = 0,

    /// <summary>TCP over IPv4.</summary>
    Tcpv4 = 1,

    /// <summary>UDP fragmentation, long out of use.</summary>
    UdpFragmentation = 3,

    /// <summary>TCP over IPv6.</summary>
    Tcpv6 = 4,

    /// <summary>UDP, cut into datagrams.</summary>
    Udp = 5,
}

/// <summary>
/// The virtio network header that travels in front of a frame (<c>struct virtio_net_hdr</c>, 10 octets, the host's byte order): which
/// checksum is still partial, and how a super-segment is to be cut up. All offsets count from the frame's first octet.
/// </summary>
internal readonly ref struct Offload
{
    /// <summary>Ten octets.</summary>
    public const int Length = 10;

    private const byte NeedsChecksum = 1;   // VIRTIO_NET_HDR_F_NEEDS_CSUM
    private const byte Ecn = 0x80;          // VIRTIO_NET_HDR_GSO_ECN

    private readonly Span<byte> _octets;
    private readonly int _origin;

    /// <summary>The header in these ten octets.</summary>
    public Offload(Span<byte> octets) => _octets = octets[..Length];

    /// <summary>The header of an outer frame, as it is to a frame inside that.</summary>
    /// <param name="origin">Where the inner frame begins in the outer one.</param>
    internal Offload(Span<byte> octets, int origin)
    {
        _octets = octets[..Length];
        _origin = origin;
    }

    /// <summary>Whether a checksum field holds only the pseudo-header's sum, for whoever sends the frame to complete.</summary>
    public bool NeedsCsum => (_octets[0] & NeedsChecksum) != 0 && OuterChecksumStart >= _origin;

    /// <summary>How a super-segment is to be cut up.</summary>
    public SegmentationKind Segmentation => (SegmentationKind)(_octets[1] & ~Ecn);

    /// <summary>
    /// Whether the super-segment's TCP says that its sender reduced the congestion window. <c>VIRTIO_NET_HDR_GSO_ECN</c>.
    /// </summary>
    internal bool HasCongestionBit
    {
        get => (_octets[1] & Ecn) != 0;
        set => _octets[1] = (byte)(value ? _octets[1] | Ecn : _octets[1] & ~Ecn);
    }

    /// <summary>Link, network and transport headers together, in octets; a hint that may be too large. <c>hdr_len</c>.</summary>
    public ushort HeaderLength
    {
        get => (ushort)Math.Max(OuterHeaderLength - _origin, 0);
        set => MemoryMarshal.Write(_octets[2..], value == 0 ? value : (ushort)(value + _origin));
    }

    /// <summary>Octets of payload in each segment on the wire; 0 where the frame is not a super-segment. <c>gso_size</c>.</summary>
    public ushort SegmentSize
    {
        get => Segmentation == SegmentationKind.None ? (ushort)0 : MemoryMarshal.Read<ushort>(_octets[4..]);
        set => MemoryMarshal.Write(_octets[4..], value);
    }

    /// <summary>Where the octets that the partial checksum covers begin. <c>csum_start</c>.</summary>
    public ushort ChecksumStart
    {
        get => (ushort)(OuterChecksumStart - _origin);
        set => MemoryMarshal.Write(_octets[6..], (ushort)(value + _origin));
    }

    /// <summary>Where, after <see cref="ChecksumStart"/>, the checksum field is. <c>csum_offset</c>.</summary>
    public ushort ChecksumOffset
    {
        get => MemoryMarshal.Read<ushort>(_octets[8..]);
        set => MemoryMarshal.Write(_octets[8..], value);
    }

    private ushort OuterHeaderLength => MemoryMarshal.Read<ushort>(_octets[2..]);

    private ushort OuterChecksumStart => MemoryMarshal.Read<ushort>(_octets[6..]);

    /// <summary>No partial checksum, no segmentation.</summary>
    public void Clear()
    {
        // A partial checksum of the outer datagram is none of the inner frame's business.
        if (_origin == 0 || NeedsCsum)
            _octets.Clear();
        else
            ClearSegmentation();
    }

    /// <summary>Marks a partial checksum.</summary>
    public void SetPartialChecksum(int start, int offset)
    {
        _octets[0] |= NeedsChecksum;
        ChecksumStart = (ushort)start;
        ChecksumOffset = (ushort)offset;
    }

    /// <summary>Says that every checksum in the frame is full.</summary>
    public void ClearPartialChecksum()
    {
        if (OuterChecksumStart < _origin)
            return;

        _octets[0] &= unchecked((byte)~NeedsChecksum);
        _octets[6..].Clear();
    }

    /// <summary>Copies the header as it is to the frame at hand.</summary>
    internal void CopyTo(Span<byte> destination)
    {
        _octets.CopyTo(destination);
        if (_origin == 0)
            return;

        var copy = new Offload(destination) { HeaderLength = HeaderLength };
        if (NeedsCsum)
            copy.ChecksumStart = ChecksumStart;
        else
            copy.ClearPartialChecksum();
    }

    /// <summary>Marks a super-segment.</summary>
    public void SetSegmentation(SegmentationKind kind, int segmentSize, int headerLength)
    {
        _octets[1] = (byte)((_octets[1] & Ecn) | (byte)kind);
        SegmentSize = (ushort)segmentSize;
        HeaderLength = (ushort)headerLength;
    }

    /// <summary>
    /// Says that the frame goes out as it is. The kernel refuses a congestion bit without segmentation, so that goes too.
    /// </summary>
    public void ClearSegmentation()
    {
        _octets[1] = (byte)SegmentationKind.None;
        MemoryMarshal.Write(_octets[4..], (ushort)0);
        HeaderLength = 0;
    }

    /// <summary>Follows headers that grew (or, negative, shrank) by <paramref name="octets"/> somewhere before the payload.</summary>
    /// <param name="octets">By how much.</param>
    /// <param name="at">Where in the frame, before the change.</param>
    internal void Shift(int octets, int at)
    {
        if (OuterHeaderLength != 0)
            MemoryMarshal.Write(_octets[2..], (ushort)Math.Clamp(OuterHeaderLength + octets, 0, ushort.MaxValue));
        if (NeedsCsum && ChecksumStart >= at)
            ChecksumStart = (ushort)(ChecksumStart + octets);
    }
}
