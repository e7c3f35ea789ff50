// Set how long hosts may believe what a router advertises: itself as a router, its prefixes as valid and preferred. RFC 4861 §4.2, §4.6.2.
// See it:  ./run.sh lab -r examples/ndp-set-ra-lifetimes.csx --set valid=600 --set preferred=300, then on the right host `ip -6 address`

readonly ushort router = Param("router", (ushort)60);    // seconds; 0 is no default router
readonly uint valid = Param("valid", 120u), preferred = Param("preferred", 60u);
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
