using Fluke6.Frames;
using Fluke6.Linux.KernelPath;
using Fluke6.Ports;

namespace Fluke6.Linux;

// Super-segments in tunnels that leave whole. The kernel repeats an outer checksum as it is, which is right where all segments are equally long: what
// the checksum covers sums to the pseudo-headers, and these differ by lengths alone.
internal sealed unsafe partial class PacketPort
{
    private readonly Segmentation _tunnelled = new(SegmentationPieces.Runs);
    private TunnelSender? _tunnels;
    private FrameBatch? _runs;

    /// <inheritdoc/>
    private protected override bool TrySendWhole(FrameBuffer frame)
    {
        const int maxOffset = TunnelSlot.LinkLength + (TunnelSlot.MaxTags * VlanTagLength);
        if (_tunnels is null || !_tunnelled.Begin(frame) || !_tunnelled.TryGetTunnel(out TunnelHeaders tunnel)
            || tunnel.Length > TunnelSlot.MaxLength || tunnel.Offset > maxOffset || !_tunnels.IsReady)
            return false;
        if (tunnel.ChecksumOffset == 0)
            return TrySendWhole(frame, tunnel, checksum: []);

        _runs ??= new FrameBatch(3, new FrameUndo());
        (FrameBuffer first, FrameBuffer run, FrameBuffer last) = (_runs.Buffers[0], _runs.Buffers[1], _runs.Buffers[2]);
        _tunnelled.TryNext(first, segments: 1);
        ReadOnlySpan<byte> checksum = first.Octets.Slice(tunnel.ChecksumOffset, sizeof(ushort));
        if (!tunnel.HasShorterSegment)
            return TrySendWhole(frame, tunnel, checksum);

        // Those that are equally long, then the last one.
        _tunnelled.Begin(frame);
        _tunnelled.TryNext(run, tunnel.FullSegments);
        _tunnelled.TryNext(last, segments: 1);
        if (tunnel.FullSegments < 2 || !TrySendWhole(run, tunnel, checksum))
            return false;

        WritePieces(_runs.Buffers[2..3]);
        return true;
    }

    private bool TrySendWhole(FrameBuffer frame, in TunnelHeaders tunnel, ReadOnlySpan<byte> checksum)
    {
        if (!_tunnels!.TrySend(frame, tunnel, checksum, out int number))
        {
            // It would be so with all that follow.
            if (number == 0)
                EndTunnels();
            return false;
        }

        if (number != 0)
        {
            Counters.CountTxDropped(number);
            return true;
        }

        Counters.TxFrames++;
        Counters.TxBytes += frame.Length;
        return true;
    }

    private void EndTunnels()
    {
        _tunnels?.Dispose();
        _tunnels = null;
    }
}
