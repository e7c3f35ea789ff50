using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Bridging;

/// <summary>One side of a bridge without ports.</summary>
internal sealed class VirtualPort(string name, LinkType linkType, int mtu) : CountingPort(name, linkType)
{
    /// <inheritdoc/>
    public override string Specification => $"replay:{Name}";

    /// <inheritdoc/>
    public override int Mtu => mtu;

    /// <inheritdoc/>
    public override bool Offload => false;

    /// <inheritdoc/>
    public override int BatchSize => VirtualBridge.MaxBatch;

    /// <inheritdoc/>
    public override string Explain(ReceiveLoss reason) =>
        reason == ReceiveLoss.Truncated ? $"the capture has packets that are longer than any frame, {FrameBuffer.MaxFrameLength:N0} bytes" : "";
}
