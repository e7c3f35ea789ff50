// Be a member of the groups that go with addresses: a switch that snoops sends no solicitation where nobody listens. Reports at start, when a
// querier asks, and at exit. RFC 3810 §5.2, §6; the solicited-node groups, RFC 4291 §2.7.1. All nodes' group is never reported (§6).
// See it:  ./run.sh bridge tap:fluke0 none -r examples/mld-report-groups.csx -r examples/ndp-answer-everyone.csx, after
//          `ip link add br0 type bridge mcast_querier 1; ip link set br0 up`; then `ip link set fluke0 master br0 up; bridge mdb show`

readonly Ipv6Address[] addresses = Param(
    "addresses", new[] { Ipv6Address.Parse("2001:db8:5::77"), Ipv6Address.Parse("2001:db8:5::abc") }, "whose solicited-node groups are joined");
readonly Ipv6Address[] groups = [.. addresses.Select(address => address.SolicitedNodeMulticast).Distinct()];
readonly Ipv6Address source = Param("source", Ipv6Address.Parse("fe80::6"), "who reports: a link-local address");
readonly MacAddress mac = Param("mac", MacAddress.Parse("02:00:00:00:00:06"), "that address's MAC");
When(Guard.Icmpv6(Icmpv6Type.MulticastListenerQuery));

readonly Packet isListener = Report(MulticastRecordType.IsListener);
SendBoth(Report(MulticastRecordType.Joins));
AtExit(() => SendBoth(Report(MulticastRecordType.Leaves)));

void SendBoth(Packet report)
{
    Send(Side.Left, report);
    Send(Side.Right, report);
}

Packet Report(MulticastRecordType type) =>
    Packet.Ethernet(mac).Ipv6(source, MulticastListenerReport.Routers).MulticastListenerReport(type, groups);

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetIcmpv6(out var icmp) && icmp.Type == Icmpv6Type.MulticastListenerQuery && icmp.Data.Length >= Ipv6Address.Length
        && Ipv6Address.Read(icmp.Data) is var group && (group.IsUnspecified || groups.Contains(group)))
        Send(frame.From, isListener);    // at once: where one answers for all, no delay (§6.2) need keep answers apart

    return Verdict.Continue;
}
