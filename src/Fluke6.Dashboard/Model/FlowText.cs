using Fluke6.Flows;
using Fluke6.Wire;

namespace Fluke6.Dashboard.Model;

/// <summary>Flows in words.</summary>
internal static class FlowText
{
    /// <summary>Such as TCP, ICMPv6, ARP; the number of what has no name here.</summary>
    public static string Protocol(in FlowKey key) => key.Family == FlowFamily.Link
        ? key.EtherType switch
        {
            EtherType.Arp => "ARP",
            _ => Enum.IsDefined(key.EtherType) ? $"{key.EtherType}" : $"0x{(ushort)key.EtherType:x4}",
        }
        : key.Protocol switch
        {
            IpProtocol.Tcp => "TCP",
            IpProtocol.Udp => "UDP",
            IpProtocol.Icmpv4 => "ICMP",
            IpProtocol.Icmpv6 => "ICMPv6",
            _ => Enum.IsDefined(key.Protocol) ? $"{key.Protocol}" : $"{(byte)key.Protocol}",
        };

    /// <summary>How far a connection has come.</summary>
    public static string State(TcpState state) => state switch
    {
        TcpState.None => "",
        TcpState.SynSeen => "syn",
        TcpState.Established => "established",
        _ => $"{state}".ToLowerInvariant(),
    };
}
