namespace Fluke6.Frames;

/// <summary>
/// The outer headers of a super-segment that is in one tunnel, of a kind that Linux cuts up by itself once it knows where the inner packet
/// begins: it repeats the outer headers before each piece, writes lengths and IPv4 identifications, and nothing else.
/// </summary>
/// <param name="Network">The outer IP header's version.</param>
/// <param name="Carrier">What follows that: UDP, GRE, or the inner IP header itself.</param>
/// <param name="Offset">Where the outer IP header begins.</param>
/// <param name="InnerOffset">Where the inner IP header begins.</param>
/// <param name="InnerLinkLength">The length of the Ethernet header and tags right before that; 0 if there is none.</param>
/// <param name="ChecksumOffset">Where the checksum of UDP or GRE is; 0 without one.</param>
/// <param name="FullSegments">How many segments are as long as segments can be.</param>
/// <param name="HasShorterSegment">Whether one comes after those that is shorter.</param>
internal readonly record struct TunnelHeaders(
    PathHeaderKind Network, PathHeaderKind Carrier, int Offset, int InnerOffset, int InnerLinkLength, int ChecksumOffset, int FullSegments, bool HasShorterSegment)
{
    /// <summary>From the outer IP header to the inner one, in octets.</summary>
    public int Length => InnerOffset - Offset;
}
