using Fluke6.Wire;

namespace Fluke6.Frames;

internal static partial class FramePrinter
{
    private static void WriteTransport(ref LineWriter line, scoped Span<byte> segment, in Layers layers)
    {
        int payloadLength = layers.PayloadEnd - layers.PayloadOffset;
        switch (layers.Transport)
        {
            case IpProtocol.Tcp when TcpHeader.TryRead(segment, out TcpHeader tcp):
                HeaderText.WriteTcp(ref line, tcp);
                line.Write($", length {payloadLength}");
                if (TlsClientHello.TryRead(segment[tcp.HeaderLength..], out TlsClientHello hello))
                    line.Write($", {hello}");
                break;
            case IpProtocol.Udp:
                line.Write($"UDP, length {payloadLength}");
                if (UdpHeader.TryRead(segment, out UdpHeader udp))
                    WriteDhcp(ref line, udp, segment[UdpHeader.Length..]);
                break;
            case IpProtocol.Icmpv4 when Icmpv4Header.TryRead(segment, out Icmpv4Header icmp):
                HeaderText.WriteIcmpv4(ref line, icmp);
                line.Write($", length {segment.Length}");
                break;
            case IpProtocol.Icmpv6 when Icmpv6Header.TryRead(segment, out Icmpv6Header icmp):
                HeaderText.WriteIcmpv6(ref line, icmp, segment);
                line.Write($", length {segment.Length}");
                break;
        }
    }

    private static void WriteDhcp(ref LineWriter line, scoped UdpHeader udp, scoped Span<byte> payload)
    {
        (ushort source, ushort destination) = (udp.SourcePort, udp.DestinationPort);
        if (IsEither(source, destination, Dhcpv4Message.ServerPort, Dhcpv4Message.ClientPort)
            && Dhcpv4Message.TryRead(payload, out Dhcpv4Message dhcpv4))
        {
            line.Write($", {dhcpv4}");
        }
        else if (IsEither(source, destination, Dhcpv6Message.ServerPort, Dhcpv6Message.ClientPort)
            && Dhcpv6Message.TryRead(payload, out Dhcpv6Message dhcpv6))
        {
            line.Write($", {dhcpv6}");
        }
    }

    private static bool IsEither(ushort source, ushort destination, ushort first, ushort second) =>
        source == first || source == second || destination == first || destination == second;
}
