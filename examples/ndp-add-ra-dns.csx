// Add name servers and a search list to router advertisements that have none. RFC 8106 §5.1, §5.2.
// See it:  ./run.sh lab -r examples/ndp-add-ra-dns.csx, then on the right host `rdisc6 eth0`

readonly Ipv6Address[] servers = Param("servers", new[] { Ipv6Address.Parse("2001:db8::53") }, "the name servers that hosts are told");
readonly DnsName[] search = Param("search", new[] { DnsName.Parse("test6.example") }, "the domains that they search");
readonly RouterAdvertisementRecovery recovery = Keep("recovery", () => new RouterAdvertisementRecovery());
AtExit(() => recovery.Send(Send));    // hosts recover: what was added is withdrawn, RFC 8106 §5.1
When(Guard.Icmpv6(Icmpv6Type.RouterAdvertisement));

void Apply(ref Frame frame)
{
    if (frame.TryGetRouterAdvertisement(out var ra) && !ra.Options.TryGetRecursiveDnsServers(out _) && !ra.Options.TryGetDnsSearchList(out _)
        && frame.AppendNeighborOption(new RecursiveDnsServersFields(servers)) == EditResult.Changed)
        frame.AppendNeighborOption(new DnsSearchListFields(search));
    recovery.Remember(in frame);
}
