// Answer Neighbor Solicitations for addresses that exist nowhere. RFC 4861 §7.2.4.
// Who got the answer sends its echo requests to our MAC address, so answer those, too, and the address pings. RFC 4443 §4.2.
// See it:  ./run.sh lab, then on the left host `ping 2001:db8:1::cafe`, `ip neighbor`

readonly Ipv6Address[] addresses = Param(
    "addresses", new[] { Ipv6Address.Parse("2001:db8:1::cafe"), Ipv6Address.Parse("2001:db8:1::1337:c0de") }, "the addresses that answer");
readonly MacAddress mac = Param("mac", MacAddress.Parse("02:00:00:00:00:06"), "their MAC");
When(Guard.Icmpv6(Icmpv6Type.NeighborSolicitation, Icmpv6Type.EchoRequest));

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetNeighborSolicitation(out var solicitation) && addresses.Contains(solicitation.Target))
        return frame.Answer(new NeighborAdvertisementFields(solicitation.Target, mac));

    if (frame.TryGetIcmpv6(out var icmp) && icmp.IsEchoRequest && frame.TryGetIpv6(out var ipv6) && addresses.Contains(ipv6.Destination))
        return frame.AnswerEcho();

    return Verdict.Continue;
}
