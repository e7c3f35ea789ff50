using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Bridging;

/// <summary>One side of a bridge without ports: it only counts.</summary>
internal sealed class VirtualPort(string name, LinkType linkType, int mtu) : IPort
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Specification => $"replay:{name}";

    /// <inheritdoc/>
    public LinkType LinkType => linkType;

    /// <inheritdoc/>
    public int Mtu => mtu;

    /// <inheritdoc/>
    public bool Offload => false;

    /// <inheritdoc/>
    public int BatchSize => VirtualBridge.MaxBatch;

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
    public string Explain(ReceiveLoss reason) =>
        reason == ReceiveLoss.Truncated ? $"the capture has packets that are longer than any frame, {FrameBuffer.MaxFrameLength:N0} bytes" : "";

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
