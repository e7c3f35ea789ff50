using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

internal static partial class FramePrinter
{
    private static void WriteIpv4(ref LineWriter line, scoped Ipv4Header ipv4, scoped Span<byte> frame, in Layers layers)
    {
        HeaderText.WriteFields(ref line, ipv4);
        (int source, int destination) = Ports(frame, layers);
        line.Write(ipv4.Source);
        WritePort(ref line, source);
        line.Write(" > ");
        line.Write(ipv4.Destination);
        WritePort(ref line, destination);
        line.Write(": ");
    }

    private static void WriteIpv6(ref LineWriter line, scoped Ipv6Header ipv6, scoped Span<byte> frame, in Layers layers)
    {
        HeaderText.WriteFields(ref line, ipv6);
        (int source, int destination) = Ports(frame, layers);
        line.Write(ipv6.Source);
        WritePort(ref line, source);
        line.Write(" > ");
        line.Write(ipv6.Destination);
        WritePort(ref line, destination);
        line.Write(": ");

        if (!Ipv6ExtensionHeaders.TryRead(frame[layers.NetworkOffset..], out Ipv6ExtensionHeaders headers))
            return;

        foreach (Ipv6ExtensionHeader header in headers)
            HeaderText.WriteExtensionHeader(ref line, header);
    }

    private static (int Source, int Destination) Ports(scoped Span<byte> frame, in Layers layers) =>
        layers.HasTransport && layers.Transport is IpProtocol.Tcp or IpProtocol.Udp
            ? (ReadUInt16BigEndian(frame[layers.TransportOffset..]), ReadUInt16BigEndian(frame[(layers.TransportOffset + 2)..]))
            : (-1, -1);

    private static void WritePort(ref LineWriter line, int port)
    {
        if (port >= 0)
            line.Write($".{port}");
    }
}
