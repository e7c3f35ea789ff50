// The puzzle host: a zone's own name server, with one AAAA to find. RFC 1035 §4.1, RFC 3596 §2; what is not there, RFC 2308 §2;
// EDNS, RFC 6891; client subnet, RFC 7871. The notes' host spoke no EDNS: --set edns=false answers octet for octet as it did.
// See it:  ./run.sh bridge tap:fluke0 none -r examples/dns-answer-aaaa.csx -r examples/ndp-answer-everyone.csx --set prefix=2604:5f00:ffff:fe00::/64
//          ip address add 2604:5f00:ffff:fe00::ffff/64 dev fluke0; dig @2604:5f00:ffff:fe00::1:53 aaaa puzzle.test6.dartmouth.edu

readonly Ipv6Address server = Param("server", Ipv6Address.Parse("2604:5f00:ffff:fe00::1:53"), "the server's address");
readonly DnsName zone = Param("zone", DnsName.Parse("test6.dartmouth.edu"), "the zone that it has");
readonly DnsName puzzle = DnsName.Parse($"puzzle.{zone}"), nameServer = DnsName.Parse($"a.ns.{zone}");
readonly bool edns = Param("edns", true, "whether it speaks EDNS");

readonly DnsRecordFields[] address = [new AaaaRecordFields(puzzle, Param("address", Ipv6Address.Parse("2604:5f00:ffff:fe00::bad:c0de"), "the address of puzzle in the zone"), 86400)];
readonly DnsRecordFields[] delegation = [new NsRecordFields(zone, nameServer, 259200)];
readonly DnsRecordFields[] glue = [new AaaaRecordFields(nameServer, server, 86400)];
readonly DnsRecordFields[] authority = [new SoaRecordFields(zone, nameServer, DnsName.Parse($"hostmaster.{zone}"), serial: 1, minimum: 60, ttl: 60)];
When(Guard.Udp(53) & Guard.Address(server));

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetIpv6(out var ipv6) || ipv6.Destination != server || !frame.TryGetDns(out var query) || !query.Asks(out var question))
        return Verdict.Continue;

    bool isPuzzle = question.Name.Equals(puzzle), isServer = question.Name.Equals(nameServer), isZone = question.Name.Equals(zone);
    DnsAnswer answer = question.Type switch
    {
        _ when !question.Name.IsAtOrBelow(zone) => new() { Rcode = DnsRcode.Refused, AuthoritativeAnswer = false, SpeaksEdns = edns },
        DnsType.Aaaa when isPuzzle => new()
        {
            Answers = address, Authorities = delegation, Additionals = glue, SpeaksEdns = edns, ClientSubnetScope = 0,
        },
        DnsType.Aaaa when isServer => new() { Answers = glue, SpeaksEdns = edns },
        DnsType.Ns when isZone => new() { Answers = delegation, Additionals = glue, SpeaksEdns = edns },
        DnsType.Soa when isZone => new() { Answers = authority, SpeaksEdns = edns },
        // The names between the zone and its server exist, too: RFC 8020 §2.
        _ when isPuzzle || question.Name.IsAtOrAbove(nameServer) => new() { Authorities = authority, SpeaksEdns = edns },
        _ => new() { Rcode = DnsRcode.NameError, Authorities = authority, SpeaksEdns = edns },
    };
    return frame.Answer(answer);
}
