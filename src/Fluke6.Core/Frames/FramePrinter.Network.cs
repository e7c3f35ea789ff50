using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

public static partial class FramePrinter
{
    private static void WriteIpv4(ref LineWriter line, scoped Ipv4Header ipv4, scoped Span<byte> frame, in Layers layers)
    {
        line.Write($"IP (ttl {ipv4.TimeToLive}, id {ipv4.Identification}");
        if (ipv4.DifferentiatedServices != 0)
            line.Write($", dscp {ipv4.DifferentiatedServices}");
        if (ipv4.ExplicitCongestionNotification != 0)
            line.Write($", ecn {ipv4.ExplicitCongestionNotification}");
        if (ipv4.DontFragment)
            line.Write(", DF");
        if (layers.IsFragment)
            line.Write($", frag {ipv4.FragmentOffset}{(ipv4.MoreFragments ? "+" : string.Empty)}");
        if (!ipv4.Options.Octets.IsEmpty)
        {
            line.Write(", options [");
            WriteOptions(ref line, ipv4.Options);
            line.Write(']');
        }

        line.Write(") ");
        (int source, int destination) = Ports(frame, layers);
        line.Write(ipv4.Source);
        WritePort(ref line, source);
        line.Write(" > ");
        line.Write(ipv4.Destination);
        WritePort(ref line, destination);
        line.Write(": ");
    }

    private static void WriteOptions(ref LineWriter line, scoped Ipv4Options options)
    {
        bool first = true;
        Ipv4Options.Enumerator walk = options.GetEnumerator();
        while (walk.MoveNext())
        {
            if (!first)
                line.Write(',');
            first = false;
            WriteOption(ref line, walk.Current);
        }

        if (walk.IsMalformed)
            line.Write(first ? "[malformed]" : ",[malformed]");
        else if (first)
            line.Write("eol");
    }

    private static void WriteOption(ref LineWriter line, scoped Ipv4Option option)
    {
        switch (option.Kind)
        {
            case Ipv4OptionKind.NoOperation:
                line.Write("nop");
                return;
            case Ipv4OptionKind.RouterAlert when option.Data.Length == 2:
                line.Write($"RA 0x{option.UInt16:x4}");
                return;
            case Ipv4OptionKind.RecordRoute:
                line.Write("RR");
                break;
            case Ipv4OptionKind.Timestamp:
                line.Write("TS");
                break;
            case Ipv4OptionKind.LooseSourceRoute:
                line.Write("LSRR");
                break;
            case Ipv4OptionKind.StrictSourceRoute:
                line.Write("SSRR");
                break;
            default:
                line.Write($"unknown-{(byte)option.Kind}");
                break;
        }

        if (option.Data.IsEmpty)
            return;

        line.Write(" 0x");
        line.WriteHex(option.Data);
    }

    private static void WriteIpv6(ref LineWriter line, scoped Ipv6Header ipv6, scoped Span<byte> frame, in Layers layers)
    {
        line.Write($"IP6 (hlim {ipv6.HopLimit}");
        if (ipv6.TrafficClass != 0)
            line.Write($", class 0x{ipv6.TrafficClass:x2}");
        if (ipv6.FlowLabel != 0)
            line.Write($", flowlabel 0x{ipv6.FlowLabel:x5}");
        line.Write(") ");

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
            WriteExtensionHeader(ref line, header);
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

    private static void WriteProtocol(ref LineWriter line, IpProtocol protocol)
    {
        string name = protocol switch
        {
            IpProtocol.HopByHopOptions => "HBH",
            IpProtocol.Icmpv4 => "ICMP",
            IpProtocol.Ipv4 => "IPv4",
            IpProtocol.Tcp => "TCP",
            IpProtocol.Udp => "UDP",
            IpProtocol.Ipv6 => "IPv6",
            IpProtocol.Routing => "RT",
            IpProtocol.Fragment => "frag",
            IpProtocol.Gre => "GRE",
            IpProtocol.EncapsulatingSecurityPayload => "ESP",
            IpProtocol.AuthenticationHeader => "AH",
            IpProtocol.Icmpv6 => "ICMP6",
            IpProtocol.NoNextHeader => "no next header",
            IpProtocol.DestinationOptions => "DSTOPT",
            IpProtocol.Mobility => "mobility",
            IpProtocol.HostIdentity => "HIP",
            IpProtocol.Shim6 => "shim6",
            _ => "protocol",
        };
        line.Write($"{name} ({(byte)protocol})");
    }
}
