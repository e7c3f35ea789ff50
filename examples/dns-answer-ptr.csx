// Answer reverse look-ups of a prefix: one address has a name, the others have none. RFC 3596 §2.5, RFC 2308 §2.1.
// The server is any that is asked: queries are answered wherever they go.
// See it:  ./run.sh lab -r examples/dns-answer-ptr.csx, then on the left host `dig @192.0.2.2 -x 2604:5f00:ffff:fe00::bad:c0de`, and ::bad:c0df

readonly Ipv6Prefix prefix = Param("prefix", Ipv6Prefix.Parse("2604:5f00:ffff:fe00::/64"), "the addresses whose names it knows");
readonly Ipv6Address address = Param("address", Ipv6Address.Parse("2604:5f00:ffff:fe00::bad:c0de"), "the one that has a name");
readonly DnsName name = Param("name", DnsName.Parse("puzzle.test6.dartmouth.edu"), "that name");

// A digit a label, the last first: what is in front of the prefix's own digits goes.
readonly DnsName zone = DnsName.Parse(DnsName.Reverse(prefix.Address).ToString()[((128 - prefix.Length + 3) / 4 * 2)..]);
readonly DnsRecordFields[] pointer = [new PtrRecordFields(DnsName.Reverse(address), name, 3600)];
readonly DnsRecordFields[] authority = [new SoaRecordFields(zone, name, DnsName.Parse($"hostmaster.{name}"), serial: 1, minimum: 60, ttl: 60)];
When(Guard.Udp(53));

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetDns(out var query) || !query.Asks(out var question)
        || !question.Name.TryGetIpv6Address(out Ipv6Address asked) || !prefix.Contains(asked))
        return Verdict.Continue;

    DnsAnswer answer = asked != address ? new() { Rcode = DnsRcode.NameError, Authorities = authority }
        : question.Type == DnsType.Ptr ? new() { Answers = pointer }
        : new() { Authorities = authority };
    return frame.Answer(answer);
}
