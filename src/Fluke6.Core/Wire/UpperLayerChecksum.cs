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
        Span<byte> field = segment[(protocol switch { IpProtocol.Tcp => 16, IpProtocol.Udp => 6, _ => 2 })..];
        // The addresses may be others than the IP header's: a source route's last, a home address.
        ushort sum = InternetChecksum.Fold((ulong)AddressChecksum.SumOf(packet[..start]) + (byte)protocol + (uint)segment.Length);
        if (partial)
        {
            WriteUInt16BigEndian(field, sum);
            return;
        }

        WriteUInt16BigEndian(field, 0);
        ushort checksum = InternetChecksum.Compute(segment, sum);
        // RFC 768: "If the computed checksum is zero, it is transmitted as all ones".
        WriteUInt16BigEndian(field, checksum == 0 && protocol == IpProtocol.Udp ? (ushort)0xFFFF : checksum);
    }
}
