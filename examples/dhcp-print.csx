// Print who asks for an address, and which one is offered. RFC 2131 §2. PacketDotNet knows the message, for which Fluke6 has no view.
// See it:  ./run.sh bridge eth1 eth2 -r examples/dhcp-print.csx between a DHCP server, such as dnsmasq, and its clients

When(Guard.Udp(67, 68));

void Apply(ref Frame frame)
{
    if (frame.ToPacket()?.Extract<PacketDotNet.DhcpV4Packet>() is not { } dhcp)
        return;

    Log($"{dhcp.MessageType} of {dhcp.ClientHardwareAddress}: {dhcp.YourAddress}");
    frame.Hit();
}
