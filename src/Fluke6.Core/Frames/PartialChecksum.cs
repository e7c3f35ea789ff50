using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

/// <summary>Completes checksums that a sender left to the network card. virtio 1.2 §5.1.6.2.</summary>
internal static class PartialChecksum
{
    private const int UdpChecksumOffset = 6;

    /// <summary>Sums what the offload header names and stores the complement, as a network card would.</summary>
    public static void Complete(Span<byte> frame, Offload offload)
    {
        int start = offload.ChecksumStart, field = start + offload.ChecksumOffset;
        if (!offload.NeedsCsum || field + sizeof(ushort) > frame.Length)
            return;

        // The field holds the pseudo-header's sum and is summed with the rest.
        ushort checksum = InternetChecksum.Compute(frame[start..]);
        // RFC 768: zero would mean none. Of TCP's and others' it is a sum like any, and all ones would be wrong. RFC 1624 §3.
        bool isUdp = offload.ChecksumOffset == UdpChecksumOffset;
        WriteUInt16BigEndian(frame[field..], checksum == 0 && isUdp ? (ushort)0xFFFF : checksum);
    }
}
