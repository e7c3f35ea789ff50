// Claim every address that a host wants for itself: duplicate address detection fails, and it gets none. RFC 4862 §5.4.3, RFC 4861 §7.2.4.
// See it:  ./run.sh lab -r examples/ndp-claim-every-address.csx, then on the left host `ip address add 2001:db8:1::99/64 dev eth0`:
//          `ip -6 address` says dadfailed

readonly Ipv6Prefix prefix = Param("prefix", Ipv6Prefix.Parse("2001:db8::/32"), "whose addresses are claimed");
readonly MacAddress mac = Param("mac", MacAddress.Parse("02:00:00:00:00:06"), "who claims them");
When(Guard.Icmpv6(Icmpv6Type.NeighborSolicitation));

Verdict Apply(ref Frame frame)
{
    bool isProbe = frame.TryGetNeighborSolicitation(out var solicitation) && frame.TryGetIpv6(out var ipv6) && ipv6.Source.IsUnspecified;
    if (!isProbe || !prefix.Contains(solicitation.Target))
        return Verdict.Continue;

    return frame.Answer(new NeighborAdvertisementFields(solicitation.Target, mac));
}
