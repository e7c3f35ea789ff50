using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Bridging;

/// <summary>Both sides of a bridge without ports.</summary>
internal sealed class VirtualPorts(VirtualPort left, VirtualPort right) : IFrameSink
{
    /// <inheritdoc/>
    public LinkType LinkType => left.LinkType;

    /// <inheritdoc/>
    public int Mtu => left.Mtu;

    /// <summary>A side's port.</summary>
    public VirtualPort this[Side side] => side == Side.Left ? left : right;

    /// <inheritdoc/>
    public int MtuOf(Side side) => left.Mtu;

    /// <inheritdoc/>
    public string NameOf(Side side) => this[side].Name;

    /// <inheritdoc/>
    public PortCounters CountersOf(Side side) => this[side].Counters;

    /// <inheritdoc/>
    public void Transmit(Side side, ReadOnlySpan<FrameBuffer> frames) => this[side].Transmit(frames);
}
