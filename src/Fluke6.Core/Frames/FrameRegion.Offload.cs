using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

// The virtio header's meaning for this frame.
public abstract partial class FrameRegion
{
    /// <summary>The virtio header in front of the frame.</summary>
    internal Offload Offload =>
        new(Array.AsSpan(Outermost.Start - Offload.Length, Offload.Length), Start - Outermost.Start);

    /// <summary>
    /// Whether the virtio header says anything: a partial checksum, a super-segment, a length. Most small frames answer no, at the cost of
    /// one read.
    /// </summary>
    internal bool HasOffload
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.ReadUnaligned<ulong>(ref Array[Outermost.Start - Offload.Length]) != 0;
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
}
