namespace Fluke6.Testing.Packets;

/// <summary>Filters in libpcap's language that have all of its instructions between them.</summary>
internal static class FilterTexts
{
    public static IReadOnlyList<string> All { get; } =
    [
        "tcp", "udp port 53", "tcp port 80 or icmp6", "ip6", "arp", "not ip and not ip6", "vlan", "vlan 5 and ip", "vlan and vlan and tcp", "host 192.0.2.1",
        "net 10.0.0.0/8", "ip6 net 2001:db8::/32", "portrange 50-500", "tcp[tcpflags] & tcp-syn != 0", "icmp6 and ip6[40] == 135", "ip proto 47", "len > 100",
        "greater 60 and less 90", "ether[0] & 1 = 1", "ip[6:2] & 0x1fff != 0", "ether[14:4] / ether[18] > 5", "ether[14] << ether[15] > 100",
        "ether[13] >> ether[20] = 0 or ether[16] - ether[17] > 9", "ether[15] % ether[19] = 1", "-ether[14] < 5", "ether[len - 1] = 0", "mpls", "pppoes and ip",
        "ip6 protochain 58", "ether src 02:00:00:00:00:01", "ether broadcast", "(ip[0] & 0xf) * 4 > 20 ^ 3", "udp[8:4] | udp[2] = 7", "sctp or igmp",
    ];
}
