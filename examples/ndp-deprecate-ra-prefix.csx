// Deprecate a prefix that a router advertises: hosts keep their addresses from it, and use them for nothing new. RFC 4862 §5.5.4.
// See it:  ./run.sh lab -r examples/ndp-deprecate-ra-prefix.csx, then on the right host `ip -6 address` says deprecated

readonly Ipv6Prefix prefix = Param("prefix", Ipv6Prefix.Parse("2001:db8:1::/64"), "the prefix that is on its way out");
readonly RouterAdvertisementRecovery recovery = Keep("recovery", () => new RouterAdvertisementRecovery());
AtExit(() => recovery.Send(Send));    // hosts recover: the router's own advertisement once more
When(Guard.Icmpv6(Icmpv6Type.RouterAdvertisement));

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetRouterAdvertisement(out var advertisement))
        return Verdict.Continue;

    foreach (var option in advertisement.Options)
        if (option.TryGetPrefixInformation(out var information) && information.Prefix == prefix)
            information.PreferredLifetime = 0;

    recovery.Remember(in frame);
    return Verdict.Continue;
}
