// Advertise a neighbor without being asked, with flags and link-layer address by choice: what hosts remember changes. RFC 4861 §7.2.6, §4.4.
// Hosts only update what they have (§7.2.5), and keep another link-layer address if the O flag is not set.
// With the S flag it must go to one host (§7.1.2): --set to=HOST.
// See it:  ./run.sh lab -r examples/ndp-advertise-unsolicited.csx --set address=2001:db8:1::2, on the right host
//          `ip address add 2001:db8:1::2/64 dev eth0`, on the left `ping -c 1 2001:db8:1::2; sleep 2; ip neighbor`: another lladdr;
//          again with --set override=false: the lladdr stays; --set router=true; --set solicited=true --set to=2001:db8:1::1: REACHABLE

readonly Ipv6Address address = Param("address", Ipv6Address.Parse("2001:db8:1::2"), "the address that is advertised");
readonly Ipv6Address to = Param("to", Ipv6Address.AllNodes, "who is told");
readonly MacAddress mac = Param("mac", MacAddress.Parse("02:00:00:00:00:66"), "the MAC that the address is said to have");
readonly bool router = Param("router", false, "the R flag: a router says so"), solicited = Param("solicited", false, "the S flag: an answer");
readonly bool @override = Param("override", true, "the O flag: what was known before no longer holds");
readonly Packet advertisement = Packet.Ethernet(mac, MacAddress.ForMulticast(Ipv6Address.AllNodes)).Ipv6(address, to)
    .NeighborAdvertisement(address, router, solicited, @override).TargetLinkLayer(mac);
Every(TimeSpan.FromSeconds(1), () => { Send(Side.Left, advertisement); Send(Side.Right, advertisement); });
When(Guard.Never);    // its timer is all there is to do

Verdict Apply(ref Frame frame) => Verdict.Continue;
