// Map one prefix to another: the left hosts meet the right ones under a prefix of their own, and the other way round. Stateless as RFC 6296,
// but interface identifiers stay and checksums follow. Neighbor discovery is told the same: RFC 4861 §4.3, §4.4.
// See it:  ./run.sh lab -r examples/ndp-map-prefix.csx, then on the right host `ip address add 2001:db8:1::9/64 dev eth0`, and on the left
//          `ping 2001:db8:2::9`, `ndisc6 2001:db8:2::9 eth0`

readonly Ipv6Prefix left = Param("left", Ipv6Prefix.Parse("2001:db8:2::/64"), "the prefix as the left side knows it");
readonly Ipv6Prefix right = Param("right", Ipv6Prefix.Parse("2001:db8:1::/64"), "the same as the right side knows it");
When(Guard.Address(left) | Guard.Address(right) | Guard.Icmpv6());

Verdict Apply(ref Frame frame)
{
    (Ipv6Prefix from, Ipv6Prefix to) = frame.From == Side.Left ? (left, right) : (right, left);
    if (!MapAddresses(ref frame, from, to))
        return Verdict.Continue;

    if (frame.TryGetNeighborSolicitation(out var solicitation))
        solicitation.Target = Map(solicitation.Target, from, to);
    else if (frame.TryGetNeighborAdvertisement(out var advertisement))
        advertisement.Target = Map(advertisement.Target, from, to);
    else if (frame.TryGetIcmpv6(out _) && frame.TryGetInner(out var returned))
        MapAddresses(ref returned, from, to);    // an error returns the start of a packet that its sender knows by the other addresses

    return Verdict.Continue;
}

bool MapAddresses(ref Frame frame, Ipv6Prefix from, Ipv6Prefix to)
{
    if (!frame.TryGetIpv6(out var ipv6))
        return false;

    ipv6.Source = Map(ipv6.Source, from, to);
    ipv6.Destination = Map(ipv6.Destination, from, to);    // a solicited-node group has the identifier's last 24 bits, which stay
    return true;
}

Ipv6Address Map(Ipv6Address address, Ipv6Prefix from, Ipv6Prefix to) => from.Contains(address) ? to.Combine(address) : address;
