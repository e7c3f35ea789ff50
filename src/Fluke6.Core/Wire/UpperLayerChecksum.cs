using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>Writes the checksums that cover a pseudo-header, of what is made here. RFC 9293 §3.1, RFC 768, RFC 8200 §8.1.</summary>
internal static class UpperLayerChecksum
{
    /// <summary>Writes the checksum of a TCP segment, a UDP datagram or an ICMPv6 message that is all that a packet carries.</summary>
    /// <param name="packet">The packet, from its IP header to its end.</param>
    /// <param name="start">Where the transport's header begins.</param>
    /// <param name="protocol">TCP, UDP or ICMPv6.</param>
    /// <param name="partial">Whether to leave it to whoever sends the packet: then it is the pseudo-header's sum. virtio 1.2 §5.1.6.2.</param>
    public static void Write(Span<byte> packet, int start, IpProtocol protocol, bool partial = false)
    {
        Span<byte> segment = packet[start..];
        Span<byte> field = segment[OffsetOf(protocol)..];
        // The addresses may be others than the IP header's: a source route's last, a home address.
        ushort sum = InternetChecksum.Fold((ulong)AddressChecksum.SumOf(packet[..start]) + (byte)protocol + (uint)segment.Length);
        if (partial)
            WritePartial(field, sum);
        else
            Complete(segment, field, sum, neverZero: protocol == IpProtocol.Udp);
    }

    /// <summary>Where a transport has its checksum.</summary>
    /// <param name="protocol">TCP, UDP or ICMP of either version.</param>
    public static int OffsetOf(IpProtocol protocol) => protocol switch { IpProtocol.Tcp => 16, IpProtocol.Udp => 6, _ => 2 };

    /// <summary>Writes the sum of a pseudo-header, for whoever completes it.</summary>
    public static void WritePartial(Span<byte> field, ushort sum) => WriteUInt16BigEndian(field, sum);

    /// <summary>Computes a checksum and writes it.</summary>
    /// <param name="covered">What it covers, the field included.</param>
    /// <param name="field">Where it belongs.</param>
    /// <param name="initial">What it covers besides.</param>
    /// <param name="neverZero">Whether zero would mean that there is none, as in UDP.</param>
    public static void Complete(ReadOnlySpan<byte> covered, Span<byte> field, ushort initial, bool neverZero)
    {
        WriteUInt16BigEndian(field, 0);
        CompletePartial(covered, field, initial, neverZero);
    }

    /// <summary>The same where the field holds a part of the sum already, such as the pseudo-header's.</summary>
    /// <inheritdoc cref="Complete"/>
    public static void CompletePartial(ReadOnlySpan<byte> covered, Span<byte> field, ushort initial, bool neverZero)
    {
        ushort checksum = InternetChecksum.Compute(covered, initial);
        // RFC 768: "If the computed checksum is zero, it is transmitted as all ones". Of TCP's and others' it is a sum like any, and all ones
        // would be wrong: RFC 1624 §3.
        WriteUInt16BigEndian(field, checksum == 0 && neverZero ? (ushort)0xFFFF : checksum);
    }
}
