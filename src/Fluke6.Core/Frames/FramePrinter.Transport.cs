using Fluke6.Wire;

namespace Fluke6.Frames;

public static partial class FramePrinter
{
    private static void WriteTransport(ref LineWriter line, scoped Span<byte> segment, in Layers layers)
    {
        int payloadLength = layers.PayloadEnd - layers.PayloadOffset;
        switch (layers.Transport)
        {
            case IpProtocol.Tcp when TcpHeader.TryRead(segment, out TcpHeader tcp):
                WriteTcp(ref line, tcp, payloadLength);
                break;
            case IpProtocol.Udp:
                line.Write($"UDP, length {payloadLength}");
                break;
            case IpProtocol.Icmpv4 when Icmpv4Header.TryRead(segment, out Icmpv4Header icmp):
                WriteIcmpv4(ref line, icmp);
                line.Write($", length {segment.Length}");
                break;
            case IpProtocol.Icmpv6 when Icmpv6Header.TryRead(segment, out Icmpv6Header icmp):
                WriteIcmpv6(ref line, icmp, segment);
                line.Write($", length {segment.Length}");
                break;
        }
    }

    private static void WriteTcp(ref LineWriter line, scoped TcpHeader tcp, int payloadLength)
    {
        line.Write("Flags [");
        WriteFlags(ref line, tcp.Flags);
        line.Write($"], seq {tcp.SequenceNumber}");
        if (tcp.Ack)
            line.Write($", ack {tcp.AcknowledgmentNumber}");
        line.Write($", win {tcp.Window}");
        if (tcp.Urg)
            line.Write($", urg {tcp.UrgentPointer}");
        if (!tcp.Options.Octets.IsEmpty)
        {
            line.Write(", options [");
            TcpOptionText.Write(ref line, tcp.Options);
            line.Write(']');
        }

        line.Write($", length {payloadLength}");
    }

    private static void WriteFlags(ref LineWriter line, byte flags)
    {
        // From FIN to CWR, in tcpdump's letters.
        const string letters = "FSRP.UEW";
        if (flags == 0)
            line.Write("none");

        for (int bit = 0; bit < letters.Length; bit++)
        {
            if ((flags & (1 << bit)) != 0)
                line.Write(letters[bit]);
        }
    }
}
