namespace Fluke6.Bridging;

/// <summary>A frame that departed from a rehearsal.</summary>
/// <param name="Side">By which side.</param>
/// <param name="Octets">The frame, its checksums completed.</param>
/// <param name="IsSame">Whether it is one that arrived just now, and no rule changed it.</param>
/// <param name="IsCorrupted">Whether a rule damaged it on purpose.</param>
internal sealed record DepartedFrame(Side Side, byte[] Octets, bool IsSame, bool IsCorrupted = false);
