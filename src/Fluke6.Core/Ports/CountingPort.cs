using Fluke6.Frames;

namespace Fluke6.Ports;

/// <summary>A port without an interface: nothing arrives by itself, and what is sent is counted and gone.</summary>
/// <param name="name">Its name, as in reports.</param>
/// <param name="linkType">The header that its frames begin with.</param>
internal abstract class CountingPort(string name, LinkType linkType) : IPort
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public abstract string Specification { get; }

    /// <inheritdoc/>
    public LinkType LinkType => linkType;

    /// <inheritdoc/>
    public abstract int Mtu { get; }

    /// <inheritdoc/>
    public abstract bool Offload { get; }

    /// <inheritdoc/>
    public abstract int BatchSize { get; }

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
    public virtual string Explain(ReceiveLoss reason) => "";

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);
}
