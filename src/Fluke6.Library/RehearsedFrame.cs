using Fluke6.Frames;

namespace Fluke6;

/// <summary>A frame that departed.</summary>
/// <param name="Side">By which side.</param>
/// <param name="Octets">The whole frame, its checksums completed.</param>
/// <param name="IsSame">Whether it is the one that arrived, and no rule changed it.</param>
public sealed record RehearsedFrame(Side Side, ReadOnlyMemory<byte> Octets, bool IsSame)
{
    /// <summary>The header that it begins with.</summary>
    internal LinkType LinkType { get; init; }

    /// <summary>The frame in words, a line.</summary>
    public override string ToString() => FramePrinter.Print(Octets.Span, LinkType);
}
