using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>
/// Whether a TCP segment or an ICMPv6 message arrived as it was sent. RFC 9293 §3.1 "Checksum", RFC 4443 §2.3, RFC 1122 §3.2.1.2.
/// </summary>
internal static class TransportChecksum
{
    private const ushort AllOnes = 0xFFFF;

    /// <summary>
    /// Whether the IPv4 header's checksum and the transport's over its pseudo-header are right. A partial one is, until somebody completes
    /// it.
    /// </summary>
    public static bool IsRight(ref readonly Frame frame)
    {
        ref readonly Layers layers = ref frame.Layers;
        ReadOnlySpan<byte> octets = frame.Octets, network = octets[layers.NetworkOffset..];
        bool isIpv4 = layers.Network == EtherType.Ipv4;
        if (isIpv4 && InternetChecksum.Sum(network[..((network[0] & 0xF) * 4)]) != AllOnes)
            return false;
        if (frame.HasPartialChecksum)
            return true;

        ReadOnlySpan<byte> message = octets[layers.TransportOffset..layers.PayloadEnd];
        ReadOnlySpan<byte> addresses = isIpv4 ? network.Slice(12, 2 * Ipv4Address.Length) : network.Slice(8, 2 * Ipv6Address.Length);
        // RFC 792: that of ICMP for IPv4 covers the message alone.
        ushort pseudoHeader = layers.Transport == IpProtocol.Icmpv4
            ? (ushort)0
            : InternetChecksum.PseudoHeaderSum(addresses, (byte)layers.Transport, message.Length);
        return InternetChecksum.Sum(message, pseudoHeader) == AllOnes;
    }
}
