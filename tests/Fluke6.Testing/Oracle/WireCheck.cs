using Fluke6.Frames;

namespace Fluke6.Testing.Oracle;

/// <summary>Whether checksums are right, of frames that a wire carries: the sum over everything covered is all ones. RFC 1071 §1.</summary>
internal static class WireCheck
{
    private const ushort AllOnes = 0xFFFF;

    /// <summary>Of TCP and UDP that no fragment holds, and of an IPv4 header before them.</summary>
    public static bool AreChecksumsRight(FrameBuffer frame, out bool hasTransport)
    {
        ReadOnlySpan<byte> octets = frame.Octets;
        hasTransport = false;
        int at = frame.LinkType == LinkType.Ethernet ? NaiveSum.NetworkOffset(octets) : 0;
        if (at > 0 && (octets[at - 2], octets[at - 1]) is not ((0x08, 0x00) or (0x86, 0xDD)))
            return true;

        ReadOnlySpan<byte> packet = octets[at..];
        PacketWalk walk = PacketWalk.Of(packet);
        hasTransport = walk.Protocol is 6 or 17;
        return !hasTransport
            || ((walk.Version == 6 || NaiveSum.Sum(packet[..walk.Start]) == AllOnes)
                && NaiveSum.Sum(packet[walk.Start..walk.End], walk.PseudoHeaderSum) == AllOnes);
    }
}
