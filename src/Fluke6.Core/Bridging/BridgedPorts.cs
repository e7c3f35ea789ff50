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
    private WireSizedFrames[]? _wireSized;

    /// <summary>Whether frames that come back are being dropped.</summary>
    public bool IsStoppingLoop => loops is { IsStopping: true };

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

    /// <summary>The sides of which frames are in hand already that the next <see cref="Receive"/> gives out.</summary>
    public ReadySides InHand => _wireSized is not { } wireSized ? ReadySides.None
        : (wireSized[(int)Side.Left].HasMore ? ReadySides.Left : ReadySides.None) | (wireSized[(int)Side.Right].HasMore ? ReadySides.Right : ReadySides.None);

    /// <summary>Takes the frames that wait at a port.</summary>
    /// <param name="side">Which port.</param>
    /// <param name="areWireSized">Whether super-segments are cut up.</param>
    /// <param name="batch">The frames.</param>
    /// <returns>Whether more may be waiting.</returns>
    public bool Receive(Side side, bool areWireSized, out FrameBatch batch)
    {
        bool more = true;
        if (_wireSized is null || !_wireSized[(int)side].HasMore)
        {
            more = TakeBatch(side, out batch);
            if (!areWireSized)
                return more;

            _wireSized ??= [new WireSizedFrames(left), new WireSizedFrames(right)];
            _wireSized[(int)side].Begin(batch);
        }

        WireSizedFrames frames = _wireSized[(int)side];
        batch = frames.Next();
        return more | frames.HasMore;
    }

    private bool TakeBatch(Side side, out FrameBatch batch)
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
