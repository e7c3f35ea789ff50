// Any address of a network that does not exist answers DNS: a real resolver is asked, and the bridge never waits for it. RFC 5625 §4.
// Answers that do not fit are cut off (TC, RFC 2181 §9): the client then asks over TCP, and so is the resolver. RFC 7766.
// See it:  ./run.sh bridge tap:fluke0 none -r examples/dns-answer-from-upstream.csx -r examples/net-answer-everyone.csx --set upstream=ADDRESS
//          ip address add 10.5.0.1/24 dev fluke0; dig @10.5.0.53 aaaa www.example.net; dig +tcp @10.5.0.54 mx example.net

readonly Ipv4Prefix prefix = Param("prefix", Ipv4Prefix.Parse("10.5.0.0/24"), "the network whose every address is a server");
readonly DnsRelay resolver = RelayDns(new IPEndPoint(
    Param("upstream", IPAddress.Loopback, "the resolver that is asked"), Param("port", 53, "its UDP port", 1, 65535)));
readonly TcpService streams = ServeTcp("dns", new TcpServiceOptions { Ipv4 = prefix, Port = 53 }, resolver.Serve);
When((Guard.Udp(53) | Guard.Tcp(53)) & Guard.Address(prefix));

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetIpv4(out var ipv4) || !prefix.ContainsHost(ipv4.Destination))
        return Verdict.Continue;
    return frame.TryGetTcp(out _) ? streams.Answer(ref frame) : resolver.Relay(ref frame);
}
