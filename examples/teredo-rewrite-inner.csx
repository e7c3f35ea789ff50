// Edit the IPv6 packet inside Teredo as if nothing were around it: fewer hops to go, no SACK in SYNs. RFC 4380 §5.1.1.
// The UDP and IPv4 lengths and checksums follow.
// See it:  ./run.sh bridge eth1 eth2 -r examples/teredo-rewrite-inner.csx --set hops=5 between a Teredo client, such as miredo, and its server

readonly byte hops = Param<byte>("hops", 5, "the hop limit of the packets inside", 0, 255);
When(Guard.Teredo);

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetTeredo(out _) || !frame.TryGetInner(out var inner))
        return Verdict.Continue;

    if (inner.TryGetTcp(out var tcp) && tcp.Syn)
        inner.RemoveTcpOption(TcpOptionKind.SackPermitted);
    if (inner.TryGetIpv6(out var ipv6) && ipv6.HopLimit > hops && ipv6.HopLimit < 255)    // 255 is what neighbor discovery must arrive with
        ipv6.HopLimit = hops;

    return Verdict.Continue;
}
