using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Linux.Tests;

/// <summary>Checks checksums by the sum over everything they cover, pseudo-header included: all ones if right. RFC 1071 §1.</summary>
internal static class WireChecksums
{
    public static bool AreRight(FrameBuffer frame, out bool hasTransport)
    {
        ref readonly Layers layers = ref frame.Layers;
        ReadOnlySpan<byte> octets = frame.Octets;
        hasTransport = layers.HasTransport && layers.Transport is IpProtocol.Tcp or IpProtocol.Udp;
        if (!hasTransport)
            return true;

        ReadOnlySpan<byte> packet = octets[layers.NetworkOffset..];
        bool ipv4 = layers.Network == EtherType.Ipv4;
        if (ipv4 && InternetChecksum.Sum(packet[..(layers.TransportOffset - layers.NetworkOffset)]) != 0xFFFF)
            return false;

        ReadOnlySpan<byte> segment = octets[layers.TransportOffset..layers.NetworkEnd];
        ReadOnlySpan<byte> addresses = ipv4 ? packet.Slice(12, 8) : packet.Slice(8, 32);
        ushort sum = InternetChecksum.PseudoHeaderSum(addresses, (byte)layers.Transport, segment.Length);
        return InternetChecksum.Sum(segment, sum) == 0xFFFF;
    }
}
