// Set the MTU that a router advertises: hosts send smaller IPv6 packets from then on. RFC 4861 §4.6.4. An advertisement without one is left.
// See it:  ./run.sh bridge eth1 eth2 -r examples/ndp-set-ra-mtu.csx --set mtu=1300 behind a router, then on a host `rdisc6 eth0`

// No IPv6 link may have less than 1280: RFC 8200 §5.
readonly uint mtu = Param<uint>("mtu", 1280, "the MTU that hosts are told, in bytes", 1280, 65535);
readonly RouterAdvertisementRecovery recovery = Keep("recovery", () => new RouterAdvertisementRecovery());
AtExit(() => recovery.Send(Send));    // hosts recover: the router's own advertisement once more
When(Guard.Icmpv6(Icmpv6Type.RouterAdvertisement));

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetRouterAdvertisement(out var advertisement) && advertisement.Options.TryGetMtu(out var option))
        option.Mtu = mtu;

    recovery.Remember(in frame);
    return Verdict.Continue;
}
