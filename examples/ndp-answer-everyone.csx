// A whole /64 behind one TAP: every address answers solicitations and ping, and so do the groups they would join; none exists.
// RFC 4861 §7.2.4, RFC 4443 §4.2, RFC 4291 §2.7.1.
// See it:  ./run.sh bridge tap:fluke0 none -r examples/ndp-answer-everyone.csx --set prefix=2001:db8:5::/64
//          ip address add 2001:db8:5::ffff/64 dev fluke0; ping 2001:db8:5::77; ndisc6 2001:db8:5::abc fluke0; ping ff02::1:ff00:77%fluke0

readonly Ipv6Prefix prefix = Param("prefix", Ipv6Prefix.Parse("2001:db8:5::/64"), "the network whose every address answers");
When(Guard.Icmpv6(Icmpv6Type.NeighborSolicitation, Icmpv6Type.EchoRequest));

MacAddress MacOf(Ipv6Address address) => MacAddress.FromUInt64(0x0200_0000_0000UL | (address.InterfaceIdentifier & 0xFF_FFFF_FFFF));

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetIpv6(out var ipv6) || ipv6.Source.IsUnspecified)    // who only asks whether an address is free may have it
        return Verdict.Continue;

    if (frame.TryGetNeighborSolicitation(out var solicitation) && prefix.Contains(solicitation.Target))
        return frame.Answer(new NeighborAdvertisementFields(solicitation.Target, MacOf(solicitation.Target)));

    if (prefix.Contains(ipv6.Destination))
        return frame.AnswerEcho();

    // Of all that are in a solicited-node group, and of all nodes, let one answer: the one whose other bits are zero.
    if (ipv6.Destination == ipv6.Destination.SolicitedNodeMulticast || ipv6.Destination == Ipv6Address.AllNodes)
    {
        Ipv6Address one = prefix.Combine(new Ipv6Address(0, ipv6.Destination.InterfaceIdentifier & 0xFF_FFFF));
        return frame.AnswerEcho(one, MacOf(one));
    }

    return Verdict.Continue;
}
