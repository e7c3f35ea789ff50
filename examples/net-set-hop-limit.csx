// Give every packet the same hop limit, so that nobody sees how far its sender is. RFC 791 §3.1, RFC 8200 §3. Not those of 255: neighbor discovery takes
// no other (RFC 4861 §7.1).
// See it:  ./run.sh lab -r examples/net-set-hop-limit.csx --set hops=9; on left `ping -c 3 192.0.2.2`: ttl=9

readonly byte hops = Param<byte>("hops", 64, "the hop limit, or time to live", 1, 254);
When(Guard.Ipv4 | Guard.Ipv6);

void Apply(ref Frame frame)
{
    if (frame.TryGetIpv4(out var ipv4))
        ipv4.TimeToLive = hops;
    else if (frame.TryGetIpv6(out var ipv6) && ipv6.HopLimit != 255)
        ipv6.HopLimit = hops;
}
