// A whole network behind one TAP: every address of a prefix answers ARP and ping, none exists. RFC 826, RFC 792.
// See it:  ./run.sh bridge tap:fluke0 none -r examples/net-answer-everyone.csx --set prefix=10.5.0.0/24
//          ip address add 10.5.0.1/24 dev fluke0; ping 10.5.0.77; arping -I fluke0 10.5.0.200; ip neighbor

readonly Ipv4Prefix prefix = Param("prefix", Ipv4Prefix.Parse("10.5.0.0/24"), "the network whose every address answers");
When(Guard.Arp | (Guard.Icmpv4(Icmpv4Type.Echo) & Guard.Address(prefix)));

MacAddress MacOf(Ipv4Address address) => MacAddress.FromUInt64(0x0200_0000_0000UL | address.Value);   // locally administered

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetArp(out var arp))
    {
        // Who only asks whether an address is free (RFC 5227 §2.1.1), or says that it has it (§2.3), may have it.
        Ipv4Address target = arp.TargetProtocolAddress, sender = arp.SenderProtocolAddress;
        bool isAsked = prefix.ContainsHost(target) && sender != Ipv4Address.Any && sender != target;
        return isAsked ? frame.Answer(ArpFields.Reply(target, MacOf(target))) : Verdict.Continue;
    }

    bool isOurs = frame.TryGetIpv4(out var ipv4) && prefix.ContainsHost(ipv4.Destination);
    return isOurs ? frame.AnswerEcho() : Verdict.Continue;
}
