// Set how much hosts shall prefer a router to others. RFC 4191 §2.2.
// See it:  ./run.sh bridge eth1 eth2 -r examples/ndp-set-ra-preference.csx --set preference=High behind one of two routers; `ip -6 route` on a host

readonly RouterPreference preference = Enum.Parse<RouterPreference>(Param("preference", "Low", "Low, Medium or High"), ignoreCase: true);
readonly RouterAdvertisementRecovery recovery = Keep("recovery", () => new RouterAdvertisementRecovery());
AtExit(() => recovery.Send(Send));    // hosts recover: the router's own advertisement once more
When(Guard.Icmpv6(Icmpv6Type.RouterAdvertisement));

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetRouterAdvertisement(out var advertisement) && advertisement.RouterLifetime > 0)    // §2.2: else it must be medium
        advertisement.DefaultRouterPreference = preference;

    recovery.Remember(in frame);
    return Verdict.Continue;
}
