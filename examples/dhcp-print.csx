// Print who asks for an address, and which one is offered: DHCP for IPv4, RFC 2131 §2, and for IPv6, RFC 8415 §8.
// See it:  ./run.sh bridge eth1 eth2 -r examples/dhcp-print.csx between a DHCP server, such as dnsmasq, and its clients

When(Guard.Udp(67, 68, 546, 547));

void Apply(ref Frame frame)
{
    if (frame.TryGetDhcpv4(out var dhcpv4))
        Log($"{dhcpv4}");
    else if (frame.TryGetDhcpv6(out var dhcpv6))
        Log($"{dhcpv6}");
    else
        return;

    frame.Hit();
}
