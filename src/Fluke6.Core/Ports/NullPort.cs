using Fluke6.Frames;

namespace Fluke6.Ports;

/// <summary>The port <c>none</c>: nothing arrives, and what is sent is gone. For a bridge that answers by itself.</summary>
public sealed class NullPort(LinkType linkType) : IPort
{
    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public string Specification => "none";

    /// <inheritdoc/>
    public LinkType LinkType => linkType;

    /// <inheritdoc/>
    public int Mtu => 65535;

    /// <inheritdoc/>
    public bool Offload => true;

    /// <inheritdoc/>
    public int BatchSize => 1;

    /// <inheritdoc/>
    public PortState State => PortState.Up;

    /// <inheritdoc/>
    public PortCounters Counters { get; } = new();

    /// <inheritdoc/>
    public bool Receive(FrameBatch batch, Side from, int mtu)
    {
        batch.Count = 0;
        return false;
    }

    /// <inheritdoc/>
    public void Transmit(ReadOnlySpan<FrameBuffer> frames)
    {
        Counters.TxFrames += frames.Length;
        foreach (FrameBuffer frame in frames)
            Counters.TxBytes += frame.Length;
    }

    /// <inheritdoc/>
    public bool Maintain() => false;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
