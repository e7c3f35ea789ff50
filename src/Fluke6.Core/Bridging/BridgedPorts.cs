using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Bridging;

/// <summary>A bridge's two ports, and the batches that they fill in turn. Bridge's thread only.</summary>
/// <param name="left">The left port.</param>
/// <param name="right">The right port.</param>
/// <param name="loops">Knows frames again that were sent; null to let them circle.</param>
internal sealed class BridgedPorts(IPort left, IPort right, LoopGuard? loops = null) : IFrameSink
{
    private readonly FrameBatch[] _batches = Batches(left.BatchSize, right.BatchSize);

    /// <inheritdoc/>
    public LinkType LinkType => left.LinkType;

    /// <inheritdoc/>
    public int Mtu => Math.Min(left.Mtu, right.Mtu);

    /// <inheritdoc/>
    public int MtuOf(Side side) => this[side].Mtu;

    /// <inheritdoc/>
    public string NameOf(Side side) => this[side].Name;

    /// <inheritdoc/>
    public PortCounters CountersOf(Side side) => this[side].Counters;

    /// <summary>A side's port.</summary>
    public IPort this[Side side] => side == Side.Left ? left : right;

    /// <summary>Takes the frames that wait at a port.</summary>
    /// <param name="side">Which port.</param>
    /// <param name="batch">The frames.</param>
    /// <returns>Whether more may be waiting.</returns>
    public bool Receive(Side side, out FrameBatch batch)
    {
        batch = _batches[(int)side];
        batch.TagRoom = Math.Min(left.TagRoom, right.TagRoom);
        bool more = this[side].Receive(batch, side, Mtu);
        if (loops is not null)
            DropReturning(batch, side);
        return more;
    }

    /// <inheritdoc/>
    public void Transmit(Side side, ReadOnlySpan<FrameBuffer> frames)
    {
        if (loops is not null)
        {
            foreach (FrameBuffer frame in frames)
                loops.Departed(frame, side);
        }

        this[side].Transmit(frames);
    }

    // One thread uses both, a frame at a time: they share where edits save what they overwrite.
    private static FrameBatch[] Batches(int left, int right)
    {
        var undo = new FrameUndo();
        return [new FrameBatch(left, undo), new FrameBatch(right, undo)];
    }

    private void DropReturning(FrameBatch batch, Side side)
    {
        for (int i = batch.Count - 1; i >= 0; i--)
        {
            if (!loops!.IsOwnReturning(batch.Buffers[i], side))
                continue;

            // The port has counted it as received.
            PortCounters counters = this[side].Counters;
            counters.RxFrames--;
            counters.RxBytes -= batch.Buffers[i].Length;
            counters.CountRxDropped(ReceiveLoss.Loop);
            batch.Remove(i);
        }
    }
}
