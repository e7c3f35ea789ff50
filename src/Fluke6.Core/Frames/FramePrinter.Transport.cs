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
                break;
            case IpProtocol.Udp:
                line.Write($"UDP, length {payloadLength}");
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
}
