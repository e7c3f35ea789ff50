// Translate addresses one to one: the left hosts have others as the right side sees them. ARP, neighbor discovery and the packets that ICMP errors
// quote follow, and all checksums. RFC 3022 §4.3 and RFC 5508 §4.2 for IPv4; RFC 6296 for IPv6, but that identifiers stay and checksums follow.
// See it:  ./run.sh lab -r examples/net-nat.csx; on right `ping 192.0.2.101`, `traceroute 192.0.2.101`, `ping 2001:db8:1::101`, `tcpdump -ni eth0`

readonly Ipv4Prefix inside = Param("inside", Ipv4Prefix.Parse("192.0.2.1/32"), "the left hosts' addresses as they know them, and no right host's");
readonly Ipv4Prefix outside = Param("outside", Ipv4Prefix.Parse("192.0.2.101/32"), "the same as the right side sees them");
readonly Ipv6Prefix inside6 = Param("inside6", Ipv6Prefix.Parse("2001:db8:1::1/128"), "the same of IPv6");
readonly Ipv6Prefix outside6 = Param("outside6", Ipv6Prefix.Parse("2001:db8:1::101/128"), "the same of IPv6");
When(Guard.Address(inside) | Guard.Address(outside) | Guard.Address(inside6) | Guard.Address(outside6) | Guard.Arp | Guard.Icmpv4() | Guard.Icmpv6());

void Apply(ref Frame frame)
{
    bool goesOut = frame.From == Side.Left;
    if (frame.TryGetArp(out var arp))
    {
        arp.SenderProtocolAddress = Map(arp.SenderProtocolAddress, goesOut);
        arp.TargetProtocolAddress = Map(arp.TargetProtocolAddress, goesOut);
    }
    else if (frame.TryGetNeighborSolicitation(out var solicitation))
    {
        MapGroup(ref frame, solicitation.Target, goesOut);
        solicitation.Target = Map(solicitation.Target, goesOut);
    }
    else if (frame.TryGetNeighborAdvertisement(out var advertisement))
    {
        advertisement.Target = Map(advertisement.Target, goesOut);
    }

    MapAddresses(ref frame, goesOut);
    // An error quotes a packet that its sender knows by the other addresses.
    if (frame.TryGetInner(out var quoted) && quoted.Layers.IsQuoted)
        MapAddresses(ref quoted, goesOut);
}

void MapAddresses(ref Frame frame, bool goesOut)
{
    if (frame.TryGetIpv4(out var ipv4))
    {
        ipv4.Source = Map(ipv4.Source, goesOut);
        ipv4.Destination = Map(ipv4.Destination, goesOut);
    }
    else if (frame.TryGetIpv6(out var ipv6))
    {
        ipv6.Source = Map(ipv6.Source, goesOut);
        ipv6.Destination = Map(ipv6.Destination, goesOut);
    }
}

// The host that is asked for listens to a group that ends as its address does: RFC 4291 §2.7.1.
void MapGroup(ref Frame frame, Ipv6Address target, bool goesOut)
{
    if (!frame.TryGetIpv6(out var ipv6) || ipv6.Destination != target.SolicitedNodeMulticast)
        return;

    ipv6.Destination = Map(target, goesOut).SolicitedNodeMulticast;
    if (frame.TryGetEthernet(out var ethernet))
        ethernet.Destination = MacAddress.ForMulticast(ipv6.Destination);
}

Ipv4Address Map(Ipv4Address address, bool goesOut) => goesOut
    ? inside.Contains(address) ? outside.Combine(address) : address
    : outside.Contains(address) ? inside.Combine(address) : address;

Ipv6Address Map(Ipv6Address address, bool goesOut) => goesOut
    ? inside6.Contains(address) ? outside6.Combine(address) : address
    : outside6.Contains(address) ? inside6.Combine(address) : address;
