// Add an option that nobody knows to echo requests. RFC 8200 §4.2: its top two bits ask the receiver to skip it (type 30, 0x1e), to discard
// the packet (94, 0x5e), to discard it and send Parameter Problem (158, 0x9e), or that only if it was no multicast (222, 0xde). RFC 4727 §3.
// See it:  ./run.sh lab -r examples/ipv6-add-destination-option.csx --set type=158, then on the left host `ping` the right host's IPv6 address;
//          on the right `nstat -az Icmp6OutParmProblems`

readonly Ipv6OptionType type = (Ipv6OptionType)Param<byte>("type", 0x1E, "the type of the option", 2, 255);
When(Guard.Icmpv6(Icmpv6Type.EchoRequest));

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetIcmpv6(out var icmp) && icmp.IsEchoRequest && !frame.TryGetDestinationOptions(out _))
        frame.AddDestinationOption(type, "Fluke6"u8);

    return Verdict.Continue;
}
