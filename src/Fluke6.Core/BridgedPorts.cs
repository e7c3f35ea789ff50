using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6;

/// <summary>A bridge's two ports, and the batches that they fill in turn. Bridge's thread only.</summary>
internal sealed class BridgedPorts(IPort left, IPort right, FrameUndo undo) : IFrameSink
{
    private readonly FrameBatch[] _batches = [new FrameBatch(left.BatchSize, undo), new FrameBatch(right.BatchSize, undo)];

    /// <inheritdoc/>
    public LinkType LinkType => left.LinkType;

    /// <inheritdoc/>
    public int Mtu => Math.Min(left.Mtu, right.Mtu);

    /// <inheritdoc/>
    public int MtuOf(Side side) => this[side].Mtu;

    /// <inheritdoc/>
    public string NameOf(Side side) => this[side].Name;

    /// <summary>The most frames that a batch holds.</summary>
    public int BatchSize => Math.Max(left.BatchSize, right.BatchSize);

    /// <summary>A side's port.</summary>
    public IPort this[Side side] => side == Side.Left ? left : right;

    /// <summary>Takes the frames that wait at a port.</summary>
    /// <param name="side">Which port.</param>
    /// <param name="batch">The frames.</param>
    /// <returns>Whether more may be waiting.</returns>
    public bool Receive(Side side, out FrameBatch batch)
    {
        batch = _batches[(int)side];
        return this[side].Receive(batch, side, Mtu);
    }

    /// <inheritdoc/>
    public void Transmit(Side side, ReadOnlySpan<FrameBuffer> frames) => this[side].Transmit(frames);
}
