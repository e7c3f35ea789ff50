// Rewrite the address in answers that pass: who asks for a name is sent elsewhere. RFC 3596 §2.2. A validating client notices: RFC 4035.
// Only UDP is seen: an answer that is cut off (TC, RFC 1035 §4.2.1) passes, and so does what then comes over TCP.
// See it:  ./run.sh lab -r examples/dns-rewrite-aaaa.csx --set name=www.example.net, then on the right host
//          dnsmasq --no-resolv --address=/www.example.net/2001:db8::1 and on the left `dig @192.0.2.2 aaaa www.example.net`

readonly DnsName name = Param("name", DnsName.Parse("www.example.net"));
readonly Ipv6Address to = Param("to", Ipv6Address.Parse("2001:db8:bad::c0de"));

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetDns(out var message) || !message.IsResponse || message.Truncated || message.IsMalformed)
        return Verdict.Continue;

    foreach (var found in message.Records)
    {
        var record = found;
        if (record.HasIpv6Address && record.Ipv6Address != to && record.Name.Equals(name))
            record.Ipv6Address = to;
    }

    return Verdict.Continue;
}
