// The machine test6 of the course notes, reborn: its addresses answer solicitations and ping, and it serves the puzzle. RFC 4861 §7.2.4,
// RFC 4443 §4.2, RFC 1035 §4.1, RFC 3596 §2.
// See it:  ./run.sh lab -r examples/host-test6.csx, then on the left host `ping -c 3 2604:5f00:ffff:fe00::bad:c0de`,
//          `dig @2604:5f00:ffff:fe00::1:53 aaaa puzzle.test6.dartmouth.edu`

readonly MacAddress mac = MacAddress.Parse("b8:27:eb:5a:af:b7");
readonly Ipv6Address server = Ipv6Address.Parse("2604:5f00:ffff:fe00::1:53"), badCode = Ipv6Address.Parse("2604:5f00:ffff:fe00::bad:c0de");
readonly Ipv6Address[] addresses =
    [server, badCode, Ipv6Address.Parse("2604:5f00:ffff:fe00::1337:c0de"), Ipv6Address.Parse("2604:5f00:ffff:fe00::101:ca75")];

readonly DnsName zone = DnsName.Parse("test6.dartmouth.edu"), puzzle = DnsName.Parse("puzzle.test6.dartmouth.edu");
readonly DnsName nameServer = DnsName.Parse("a.ns.test6.dartmouth.edu");
readonly DnsRecordFields[] address = [new AaaaRecordFields(puzzle, badCode, 86400)];
readonly DnsRecordFields[] delegation = [new NsRecordFields(zone, nameServer, 259200)];
readonly DnsRecordFields[] glue = [new AaaaRecordFields(nameServer, server, 86400)];
readonly DnsRecordFields[] authority =
    [new SoaRecordFields(zone, nameServer, DnsName.Parse("hostmaster.test6.dartmouth.edu"), serial: 1, minimum: 60, ttl: 60)];
When(Guard.Address(addresses) | Guard.Icmpv6(Icmpv6Type.NeighborSolicitation));

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetNeighborSolicitation(out var solicitation) && addresses.Contains(solicitation.Target))
        return frame.Answer(new NeighborAdvertisementFields(solicitation.Target, mac));

    if (!frame.TryGetIpv6(out var ipv6) || !addresses.Contains(ipv6.Destination))
        return Verdict.Continue;
    if (frame.AnswerEcho() == Verdict.Reflect)
        return Verdict.Reflect;
    if (ipv6.Destination != server || !frame.TryGetDns(out var query) || !query.Asks(out var question))
        return Verdict.Continue;

    bool isZone = question.Name.Equals(zone), isServer = question.Name.Equals(nameServer), isPuzzle = question.Name.Equals(puzzle);
    DnsAnswer answer = question.Type switch
    {
        _ when !question.Name.IsAtOrBelow(zone) => new() { Rcode = DnsRcode.Refused, AuthoritativeAnswer = false },
        DnsType.Aaaa when isPuzzle => new() { Answers = address, Authorities = delegation, Additionals = glue },
        DnsType.Aaaa when isServer => new() { Answers = glue },
        DnsType.Ns when isZone => new() { Answers = delegation, Additionals = glue },
        DnsType.Soa when isZone => new() { Answers = authority },
        // The names between the zone and its server exist, too: RFC 8020 §2.
        _ when isPuzzle || question.Name.IsAtOrAbove(nameServer) => new() { Authorities = authority },
        _ => new() { Rcode = DnsRcode.NameError, Authorities = authority },
    };
    return frame.Answer(answer);
}
