using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

/// <summary>Completes checksums that a sender left to the network card. virtio 1.2 §5.1.6.2.</summary>
internal static class PartialChecksum
{
    /// <summary>Sums what the offload header names and stores the complement, as a network card would.</summary>
    public static void Complete(Span<byte> frame, Offload offload)
    {
        int start = offload.ChecksumStart, field = start + offload.ChecksumOffset;
        if (!offload.NeedsCsum || field + sizeof(ushort) > frame.Length)
            return;

        // The field holds the pseudo-header's sum and is summed with the rest.
        ushort checksum = InternetChecksum.Compute(frame[start..]);
        // RFC 768; a TCP checksum of all ones is as good as zero, so the field need not be told apart.
        WriteUInt16BigEndian(frame[field..], checksum == 0 ? (ushort)0xFFFF : checksum);
    }
}
