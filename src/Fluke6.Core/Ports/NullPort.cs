using Fluke6.Frames;

namespace Fluke6.Ports;

/// <summary>The port <c>none</c>: nothing arrives, and what is sent is gone. For a bridge that answers by itself.</summary>
/// <param name="linkType">The header that its frames begin with: the other port's.</param>
internal sealed class NullPort(LinkType linkType) : CountingPort("none", linkType)
{
    /// <inheritdoc/>
    public override string Specification => "none";

    /// <inheritdoc/>
    public override int Mtu => 65535;

    /// <inheritdoc/>
    public override bool Offload => true;

    /// <inheritdoc/>
    public override int BatchSize => 1;
}
