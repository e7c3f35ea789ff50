// Advertise another prefix to hosts. RFC 4861 §4.2, §4.6.2.
// See it:  ./run.sh lab, then on the right host `ip -6 address`, `rdisc6 eth0`

readonly Ipv6Prefix from = Param("from", Ipv6Prefix.Parse("2001:db8:1::/64"), "the prefix that the router advertises");
readonly Ipv6Prefix to = Param("to", Ipv6Prefix.Parse("2001:db8:2::/64"), "the prefix that hosts are told");
readonly RouterAdvertisementRecovery recovery = Keep("recovery", () => new RouterAdvertisementRecovery());
AtExit(() => recovery.Send(Send));    // hosts recover: the router's own prefix is back, ours deprecated, RFC 4862 §5.5.3
When(Guard.Icmpv6(Icmpv6Type.RouterAdvertisement));

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetRouterAdvertisement(out var advertisement))
        return Verdict.Continue;

    foreach (var option in advertisement.Options)
        if (option.TryGetPrefixInformation(out var information) && information.Prefix == from)
            information.Prefix = to;

    recovery.Remember(in frame);
    return Verdict.Continue;
}
