namespace Fluke6.Wire;

internal static partial class HeaderText
{
    internal static void WriteVlanTag(ref LineWriter line, EtherType identifier, scoped VlanTag tag)
    {
        line.Write(identifier switch { EtherType.Dot1Q => "vlan ", EtherType.Dot1Ad => "svlan ", _ => "qinq " });
        line.Write($"{tag.Identifier}, ");
        if (tag.Priority != 0)
            line.Write($"p {tag.Priority}, ");
        if (tag.DropEligible)
            line.Write("DEI, ");
    }

    internal static void WriteEtherType(ref LineWriter line, EtherType type)
    {
        // IEEE 802.3 §3.2.6: up to 1500 it is a length.
        if ((ushort)type <= 1500)
        {
            line.Write($"802.3 length {(ushort)type}");
            return;
        }

        line.Write("ethertype ");
        line.Write(type switch
        {
            EtherType.Ipv4 => "IPv4 ",
            EtherType.Arp => "ARP ",
            EtherType.Ipv6 => "IPv6 ",
            EtherType.Dot1Q => "802.1Q ",
            EtherType.Dot1Ad => "802.1ad ",
            EtherType.MplsUnicast => "MPLS unicast ",
            EtherType.MplsMulticast => "MPLS multicast ",
            EtherType.PppoeSession => "PPPoE S ",
            _ => string.Empty,
        });
        line.Write($"(0x{(ushort)type:x4})");
    }

    internal static void Write(ref LineWriter line, scoped PppoeHeader pppoe)
    {
        line.Write($"PPPoE [ses 0x{pppoe.SessionIdentifier:x}], PPP ");
        line.Write(pppoe.Protocol switch
        {
            PppProtocol.Ipv4 => "IP ",
            PppProtocol.Ipv6 => "IP6 ",
            PppProtocol.Ipv4Control => "IPCP ",
            PppProtocol.Ipv6Control => "IP6CP ",
            PppProtocol.LinkControl => "LCP ",
            PppProtocol.PasswordAuthentication => "PAP ",
            PppProtocol.ChallengeHandshake => "CHAP ",
            _ => string.Empty,
        });
        line.Write($"(0x{(ushort)pppoe.Protocol:x4}), length {pppoe.PayloadLength}");
    }

    internal static void Write(ref LineWriter line, scoped MplsLabel label) =>
        line.Write($"(label {label.Label}, tc {label.TrafficClass}{(label.IsBottomOfStack ? ", [S]" : string.Empty)}, ttl {label.TimeToLive})");

    internal static void WriteArp(ref LineWriter line, scoped ArpPacket arp)
    {
        switch (arp.Operation)
        {
            case ArpOperation.Request:
                line.Write($"ARP, Request who-has {arp.TargetProtocolAddress} tell {arp.SenderProtocolAddress}");
                break;
            case ArpOperation.Reply:
                line.Write($"ARP, Reply {arp.SenderProtocolAddress} is-at {arp.SenderHardwareAddress}");
                break;
            default:
                line.Write($"ARP, operation {(ushort)arp.Operation}");
                break;
        }

        line.Write($", length {ArpPacket.Length}");
    }
}
