using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

// The virtio header's meaning for this frame.
public sealed partial class FrameBuffer
{
    /// <summary>The virtio header in front of the frame.</summary>
    internal Offload Offload =>
        new(Array.AsSpan(_outermost.Start - Offload.Length, Offload.Length), Start - _outermost.Start);

    /// <summary>
    /// Whether the virtio header says anything: a partial checksum, a super-segment, a length. Most small frames answer no, at the cost of
    /// one read.
    /// </summary>
    internal bool HasOffload
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.ReadUnaligned<ulong>(ref Array[_outermost.Start - Offload.Length]) != 0;
    }

    /// <summary>
    /// Whether what a super-segment is cut up at is the frame's own transport, and not one in a tunnel or behind headers that have no view.
    /// </summary>
    internal bool IsSegmentedAtOuterTransport
    {
        get
        {
            Offload offload = Offload;
            return Layers.HasTransport && (!offload.NeedsCsum || offload.ChecksumStart == Layers.TransportOffset);
        }
    }

    /// <summary>The length of the longest frame that a wire carries of this one.</summary>
    internal int WireLength => Offload.SegmentSize == 0 ? _length : Math.Min(_length, SegmentHeaderLength + Offload.SegmentSize);

    /// <summary>All headers before a super-segment's payload, those of tunnels included, in octets.</summary>
    internal int SegmentHeaderLength
    {
        get
        {
            Offload offload = Offload;
            int transport = offload.ChecksumStart;
            if (offload.NeedsCsum && offload.Segmentation == SegmentationKind.Udp)
                return transport + UdpHeader.Length;
            return offload.NeedsCsum && transport + TcpHeader.MinLength <= _length
                ? transport + ((Octets[transport + 12] >> 4) * 4)
                : Layers.PayloadOffset;
        }
    }

    /// <summary>
    /// Completes the checksum if it is SCTP's. Whoever gets the frame next cannot tell, and would put an Internet checksum there.
    /// RFC 9260 §6.8.
    /// </summary>
    internal void CompleteSctpChecksum()
    {
        Offload offload = Offload;
        if (!offload.NeedsCsum || offload.ChecksumOffset != Crc32c.SctpChecksumOffset
            || !PartialChecksum.IsSctp(Octets, LinkType, offload.ChecksumStart, out int end))
            return;

        Crc32c.WriteSctpChecksum(Octets[offload.ChecksumStart..end]);
        offload.ClearPartialChecksum();
    }
}
