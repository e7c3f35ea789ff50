namespace Fluke6.Wire;

/// <summary>Views as text, in the words of tcpdump. Reads, and neither throws nor allocates.</summary>
internal static partial class HeaderText
{
    private const int MaxLength = 4096;

    /// <summary>A view as a string.</summary>
    public static string Of<T>(scoped T view)
        where T : ISpanFormattable, allows ref struct
    {
        Span<char> text = stackalloc char[MaxLength];
        view.TryFormat(text, out int length, default, null);
        return new string(text[..length]);
    }

    internal static void Write(ref LineWriter line, scoped EthernetHeader ethernet)
    {
        line.Write($"{ethernet.Source} > {ethernet.Destination}, ");
        WriteEtherType(ref line, ethernet.EtherType);
    }

    internal static void Write(ref LineWriter line, scoped VlanTag tag)
    {
        WriteVlanTag(ref line, EtherType.Dot1Q, tag);
        WriteEtherType(ref line, tag.EtherType);
    }

    internal static void Write(ref LineWriter line, scoped ArpPacket arp) => WriteArp(ref line, arp);

    internal static void Write(ref LineWriter line, scoped Ipv4Header ipv4)
    {
        WriteFields(ref line, ipv4);
        line.Write($"{ipv4.Source} > {ipv4.Destination}: ");
        WriteProtocol(ref line, ipv4.Protocol);
    }

    internal static void Write(ref LineWriter line, scoped Ipv6Header ipv6)
    {
        WriteFields(ref line, ipv6);
        line.Write($"{ipv6.Source} > {ipv6.Destination}: ");
        WriteProtocol(ref line, ipv6.NextHeader);
    }

    internal static void Write(ref LineWriter line, scoped Ipv4Options options) => WriteOptions(ref line, options);

    internal static void Write(ref LineWriter line, scoped Ipv4Option option) => WriteOption(ref line, option);

    internal static void Write(ref LineWriter line, scoped Ipv6Options options) => WriteOptions(ref line, options);

    internal static void Write(ref LineWriter line, scoped Ipv6Option option) => WriteOption(ref line, option);

    internal static void Write(ref LineWriter line, scoped Ipv6ExtensionHeader header) => WriteExtensionHeader(ref line, header);

    internal static void Write(ref LineWriter line, scoped Ipv6ExtensionHeaders headers)
    {
        foreach (Ipv6ExtensionHeader header in headers)
            WriteExtensionHeader(ref line, header);
    }

    internal static void Write(ref LineWriter line, scoped RoutingHeader routing) => WriteRouting(ref line, routing);

    internal static void Write(ref LineWriter line, scoped FragmentHeader fragment) =>
        line.Write($"frag (id 0x{fragment.Identification:x8}, {fragment.FragmentOffset}{(fragment.MoreFragments ? "+" : string.Empty)})");

    internal static void Write(ref LineWriter line, scoped TcpHeader tcp)
    {
        line.Write($"{tcp.SourcePort} > {tcp.DestinationPort}: ");
        WriteTcp(ref line, tcp);
    }

    internal static void Write(ref LineWriter line, scoped UdpHeader udp) =>
        line.Write($"{udp.SourcePort} > {udp.DestinationPort}: UDP, length {udp.DatagramLength - UdpHeader.Length}");

    internal static void Write(ref LineWriter line, scoped Icmpv4Header icmp) => WriteIcmpv4(ref line, icmp);

    internal static void Write(ref LineWriter line, scoped Icmpv6Header icmp) => WriteIcmpv6(ref line, icmp, icmp.Message);

    internal static void Write(ref LineWriter line, scoped NeighborDiscoveryOption option) => WriteOption(ref line, option);

    internal static void Write(ref LineWriter line, scoped PrefixInformation prefix) => WritePrefix(ref line, prefix);

    internal static void Write(ref LineWriter line, scoped RecursiveDnsServers servers) => WriteServers(ref line, servers);

    internal static void Write(ref LineWriter line, scoped DnsSearchList names) => WriteNames(ref line, names);

    internal static void Write(ref LineWriter line, scoped VxlanHeader vxlan) => line.Write($"VXLAN, vni {vxlan.NetworkIdentifier}");

    internal static void Write(ref LineWriter line, scoped GeneveHeader geneve)
    {
        line.Write($"Geneve, vni 0x{geneve.NetworkIdentifier:x}, ");
        if (geneve.IsControl)
            line.Write("OAM, ");
        if (geneve.HasCriticalOptions)
            line.Write("critical, ");
        if (!geneve.Options.IsEmpty)
            line.Write($"options {geneve.Options.Length} bytes, ");
        WriteEtherType(ref line, geneve.ProtocolType);
    }

    internal static void Write(ref LineWriter line, scoped TransportPorts ports) => line.Write($"{ports.Source} > {ports.Destination}");

    internal static void Write(ref LineWriter line, scoped GreHeader gre)
    {
        line.Write("GREv0, ");
        if (gre.HasKey)
            line.Write($"key 0x{gre.Key:x}, ");
        if (gre.HasSequenceNumber)
            line.Write($"seq {gre.SequenceNumber}, ");
        WriteEtherType(ref line, gre.ProtocolType);
    }

    internal static void Write(ref LineWriter line, scoped TeredoPacket teredo)
    {
        line.Write("Teredo");
        if (teredo.HasAuthentication)
            line.Write($", nonce 0x{teredo.Nonce:x}");
        if (teredo.HasOrigin)
            line.Write($", origin {teredo.OriginAddress}.{teredo.OriginPort}");
        if (teredo.IsBubble)
            line.Write(", bubble");
    }
}
