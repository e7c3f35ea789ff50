// Set how long hosts may believe what a router advertises: itself as a router, its prefixes as valid and preferred. RFC 4861 §4.2, §4.6.2.
// See it:  ./run.sh lab -r examples/ndp-set-ra-lifetimes.csx --set valid=600 --set preferred=300, then on the right host `ip -6 address`

readonly ushort router = Param<ushort>("router", 60, "for how long the router is a default router, in seconds; 0: it is none", 0, 65535);
readonly uint valid = Param("valid", 120u, "for how long addresses from its prefixes are valid, in seconds");
readonly uint preferred = Param("preferred", 60u, "for how long they are used for new connections, in seconds");
readonly RouterAdvertisementRecovery recovery = Keep("recovery", () => new RouterAdvertisementRecovery());
AtExit(() => recovery.Send(Send));    // hosts recover: the router's own advertisement once more
When(Guard.Icmpv6(Icmpv6Type.RouterAdvertisement));

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetRouterAdvertisement(out var advertisement))
        return Verdict.Continue;

    if (advertisement.RouterLifetime > router)    // what is no router is not made one
        advertisement.RouterLifetime = router;
    foreach (var option in advertisement.Options)
        if (option.TryGetPrefixInformation(out var information))
            (information.ValidLifetime, information.PreferredLifetime) = (valid, preferred);

    recovery.Remember(in frame);
    return Verdict.Continue;
}
