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
        int position = 0;
        Ipv4Options.Enumerator walk = options.GetEnumerator();
        while (walk.MoveNext())
        {
            if (position > 0)
                line.Write(',');
            WriteOption(ref line, walk.Current);
            position += walk.Current.Length;
        }

        if (position == options.Octets.Length)
            return;

        if (position > 0)
            line.Write(',');
        line.Write(walk.IsMalformed ? "[malformed]" : NameOf(Ipv4OptionKind.EndOfList));
    }

    internal static void WriteOption(ref LineWriter line, scoped Ipv4Option option)
    {
        ReadOnlySpan<byte> data = option.Data;
        line.Write(NameOf(option.Kind));
        if (NameOf(option.Kind).Length == 0)
            line.Write($"unknown-{(byte)option.Kind}");
        if (data.IsEmpty)
            return;

        bool isRoute = option.Kind is Ipv4OptionKind.RecordRoute or Ipv4OptionKind.LooseSourceRoute or Ipv4OptionKind.StrictSourceRoute;
        if (!isRoute || data.Length % Ipv4Address.Length != 1)
        {
            line.Write(" 0x");
            line.WriteHex(data);
            return;
        }

        line.Write($" ptr {data[0]}");
        for (int at = 1; at < data.Length; at += Ipv4Address.Length)
            line.Write($" {Ipv4Address.Read(data[at..])}");
    }

    /// <summary>The name that tcpdump has for an option of IPv4; empty if it has none.</summary>
    internal static string NameOf(Ipv4OptionKind kind) => kind switch
    {
        Ipv4OptionKind.EndOfList => "EOL",
        Ipv4OptionKind.NoOperation => "NOP",
        Ipv4OptionKind.RecordRoute => "RR",
        Ipv4OptionKind.Timestamp => "timestamp",
        Ipv4OptionKind.Traceroute => "traceroute",
        Ipv4OptionKind.Security => "security",
        Ipv4OptionKind.LooseSourceRoute => "LSRR",
        Ipv4OptionKind.StrictSourceRoute => "SSRR",
        Ipv4OptionKind.RouterAlert => "RA",
        _ => string.Empty,
    };

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
