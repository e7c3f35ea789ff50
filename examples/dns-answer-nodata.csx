// Let no name have an IPv6 address: queries for AAAA are answered that there is none. RFC 2308 §2.2.
// See it:  ./run.sh lab -r examples/dns-answer-nodata.csx; on left `dig @192.0.2.2 aaaa www.example.net`: NOERROR, and no answer

When(Guard.Udp(53));

Verdict Apply(ref Frame frame) =>
    frame.TryGetDns(out var query) && query.Asks(out var question) && question.Type == DnsType.Aaaa ? frame.Answer() : Verdict.Continue;
