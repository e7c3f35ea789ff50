using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>Completes checksums that a sender left to the network card. virtio 1.2 §5.1.6.2.</summary>
internal static class PartialChecksum
{
    private const int UdpChecksumOffset = 6;

    /// <summary>Completes a buffer's checksum, and says so in its offload header.</summary>
    public static void Complete(FrameBuffer buffer)
    {
        Complete(buffer.Octets, buffer.LinkType, buffer.Offload);
        buffer.Offload.Clear();
    }

    /// <summary>Completes what the offload header names, as a network card would.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="linkType">What it begins with.</param>
    /// <param name="offload">Its offload header, which stays as it is.</param>
    public static void Complete(Span<byte> frame, LinkType linkType, Offload offload)
    {
        int start = offload.ChecksumStart, field = start + offload.ChecksumOffset;
        if (!offload.NeedsCsum || field + sizeof(ushort) > frame.Length)
            return;

        if (offload.ChecksumOffset == Crc32c.SctpChecksumOffset && IsSctp(frame, linkType, start, out int end))
        {
            Crc32c.WriteSctpChecksum(frame[start..end]);
            return;
        }

        // The field holds the pseudo-header's sum and is summed with the rest.
        UpperLayerChecksum.CompletePartial(frame[start..], frame[field..], initial: 0, neverZero: offload.ChecksumOffset == UdpChecksumOffset);
    }

    /// <summary>
    /// Whether the checksum is SCTP's, which the offload header does not tell: Linux knows it (<c>csum_not_inet</c>) and has no bit for it.
    /// </summary>
    /// <param name="end">Where the SCTP packet ends.</param>
    public static bool IsSctp(ReadOnlySpan<byte> frame, LinkType linkType, int start, out int end)
    {
        Span<PathHeader> headers = stackalloc PathHeader[HeaderPath.MaxHeaders];
        end = frame.Length;
        // Inside headers that are unknown here: of what Linux leaves to network cards, only SCTP's checksum stands so far into its header.
        if (!HeaderPath.TryFind(frame, linkType, start, wanted: null, headers, out HeaderPath path))
            return true;

        end = Math.Min(headers[path.Count - 1].PacketEnd(frame, end), end);
        return path.Transport == IpProtocol.Sctp && end > start;
    }
}
