// Print which switch, and which port of it, is at the other end of the cable. IEEE 802.1AB §8.5, RFC 2863 §6 for a port's name. PacketDotNet knows the message.
// See it:  ./run.sh bridge eth1 eth2 -r examples/lldp-print.csx between a host and a switch, which tells of itself every 30 seconds

using System.Net.NetworkInformation;
using PacketDotNet.Lldp;

When(Guard.EtherType((EtherType)0x88CC));

void Apply(ref Frame frame)
{
    if (frame.ToPacket()?.Extract<PacketDotNet.LldpPacket>() is not { } lldp)
        return;

    foreach (var tlv in lldp.TlvCollection)
    {
        if (tlv is ChassisIdTlv { SubTypeValue: PhysicalAddress mac })
            Log($"switch {mac}");
        else if (tlv is PortIdTlv { SubTypeValue: byte[] name })
            Log($"port {Encoding.UTF8.GetString(name)}");
        else if (tlv is StringTlv text)
            Log($"{text.Type} {text.Value}");
    }

    frame.Hit();
}
