namespace Fluke6.Wire;

internal static partial class HeaderText
{
    internal static void WriteFields(ref LineWriter line, scoped Ipv4Header ipv4)
    {
        line.Write($"IP (ttl {ipv4.TimeToLive}, id {ipv4.Identification}");
        if (ipv4.DifferentiatedServices != 0)
            line.Write($", dscp {ipv4.DifferentiatedServices}");
        if (ipv4.ExplicitCongestionNotification != 0)
            line.Write($", ecn {ipv4.ExplicitCongestionNotification}");
        if (ipv4.DontFragment)
            line.Write(", DF");
        if (ipv4.MoreFragments || ipv4.FragmentOffset != 0)
            line.Write($", frag {ipv4.FragmentOffset}{(ipv4.MoreFragments ? "+" : string.Empty)}");
        if (!ipv4.Options.Octets.IsEmpty)
        {
            line.Write(", options [");
            WriteOptions(ref line, ipv4.Options);
            line.Write(']');
        }

        line.Write(") ");
    }

    internal static void WriteFields(ref LineWriter line, scoped Ipv6Header ipv6)
    {
        line.Write($"IP6 (hlim {ipv6.HopLimit}");
        if (ipv6.TrafficClass != 0)
            line.Write($", class 0x{ipv6.TrafficClass:x2}");
        if (ipv6.FlowLabel != 0)
            line.Write($", flowlabel 0x{ipv6.FlowLabel:x5}");
        line.Write(") ");
    }

    internal static void WriteOptions(ref LineWriter line, scoped Ipv4Options options)
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

    internal static void WriteOption(ref LineWriter line, scoped Ipv4Option option)
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

    internal static void WriteProtocol(ref LineWriter line, IpProtocol protocol)
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
            IpProtocol.Mpls => "MPLS",
            IpProtocol.HostIdentity => "HIP",
            IpProtocol.Shim6 => "shim6",
            _ => "protocol",
        };
        line.Write($"{name} ({(byte)protocol})");
    }
}
