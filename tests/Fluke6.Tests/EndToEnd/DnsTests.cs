namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Rules that serve and bend DNS, as dig sees them.</summary>
public sealed class DnsTests : IDisposable
{
    private const string Puzzle = "puzzle.test6.dartmouth.edu", Server = "@2604:5f00:ffff:fe00::1:53", Address = "2604:5f00:ffff:fe00::bad:c0de";
    // As a resolver asks that shows servers no more of a name than it must: RFC 9156.
    private static void AssertServesItsZoneAndNoOther(Func<string[], string> dig)
    {
        Assert.Equal("a.ns.test6.dartmouth.edu.", dig([Server, "+short", "ns", "test6.dartmouth.edu"]).Trim());
        Assert.Equal("2604:5f00:ffff:fe00::1:53", dig([Server, "+short", "aaaa", "a.ns.test6.dartmouth.edu"]).Trim());
        foreach ((string type, string name) in (ReadOnlySpan<(string, string)>)[("a", Puzzle), ("ns", "ns.test6.dartmouth.edu"), ("aaaa", "test6.dartmouth.edu")])
        {
            string nothing = dig([Server, type, name]);
            Assert.Contains("status: NOERROR", nothing);
            Assert.Contains("ANSWER: 0, AUTHORITY: 1", nothing);
        }

        string refused = dig([Server, "aaaa", "www.example.net"]);
        Assert.Contains("status: REFUSED", refused);
        Assert.Contains("flags: qr rd; QUERY: 1, ANSWER: 0, AUTHORITY: 0", refused);
    }

    private static readonly string[] s_upstreamRules =
        ["--rules", FlukeProcess.Example("dns-answer-from-upstream"), "--rules", FlukeProcess.Example("net-answer-everyone")];

    private readonly RuleFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PuzzleIsServedByAHostThatIsNotThere()
    {
        TwoHosts.RequireTool("dig");
        using var host = new OneHost(
            "tap:fluke0", "--rules", FlukeProcess.Example("dns-answer-aaaa"), "--rules", FlukeProcess.Example("ndp-answer-everyone"),
            "--set", "prefix=2604:5f00:ffff:fe00::/64");
        host.Address("10.5.0.1", "2604:5f00:ffff:fe00::ffff");

        string answer = host.Exec("dig", Server, "aaaa", Puzzle, "+subnet=2001:db8::/32");
        Assert.Contains("flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 1, ADDITIONAL: 2", answer);
        Assert.Matches($@"{Puzzle}\.\s+86400\s+IN\s+AAAA\s+{Address}", answer);
        Assert.Matches(@"test6\.dartmouth\.edu\.\s+259200\s+IN\s+NS\s+a\.ns\.test6", answer);
        Assert.Matches(@"a\.ns\.test6\.dartmouth\.edu\.\s+86400\s+IN\s+AAAA\s+2604:5f00:ffff:fe00::1:53", answer);
        Assert.Contains("CLIENT-SUBNET: 2001:db8::/32/0", answer);
        Assert.Contains("ADDITIONAL: 1", host.Exec("dig", Server, "aaaa", Puzzle, "+noedns"));

        string missing = host.Exec("dig", Server, "aaaa", "other.test6.dartmouth.edu");
        Assert.Contains("status: NXDOMAIN", missing);
        Assert.Matches(@"\sSOA\s+a\.ns\.test6\.dartmouth\.edu\. hostmaster\.test6", missing);
        AssertServesItsZoneAndNoOther(arguments => host.Exec("dig", arguments));
    }

    [Fact]
    public void TheMachineOfTheNotesPingsAndServesThePuzzle()
    {
        TwoHosts.RequireTool("dig");
        TwoHosts.RequireTool("ping");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("host-test6"));
        hosts.Ip(hosts.Left, "address add 2604:5f00:ffff:fe00::1/64 dev eth0 nodad");
        hosts.Ping(hosts.Left, Address, 2);
        Assert.Contains(Address, hosts.Exec(hosts.Left, "dig", "+short", Server, "aaaa", Puzzle));
        Assert.Contains("b8:27:eb:5a:af:b7", hosts.Ip(hosts.Left, $"neighbor show {Address}"));
        AssertServesItsZoneAndNoOther(arguments => hosts.Exec(hosts.Left, "dig", arguments));
    }

    [Fact]
    public void ReverseNameOfOneAddress()
    {
        TwoHosts.RequireTool("dig");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("dns-answer-ptr"));
        string server = $"@{TwoHosts.RightAddress}";
        Assert.Equal($"{Puzzle}.", hosts.Exec(hosts.Left, "dig", "+short", server, "-x", Address).Trim());
        string missing = hosts.Exec(hosts.Left, "dig", server, "-x", "2604:5f00:ffff:fe00::1");
        Assert.Contains("status: NXDOMAIN", missing);
        Assert.Matches(@"0\.0\.e\.f\.f\.f\.f\.f\.0\.0\.f\.5\.4\.0\.6\.2\.ip6\.arpa\.\s+60\s+IN\s+SOA", missing);
    }

    [Fact]
    public void AnswersOfARealServerAreRewrittenOverUdpAndTcp()
    {
        TwoHosts.RequireTool("dig");
        TwoHosts.RequireTool("dnsmasq");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("dns-rewrite-aaaa"));
        StartDnsmasq(hosts, "--address=/www.example.net/2001:db8::1", "--host-record=ftp.example.net,2001:db8::2");

        Assert.Equal("2001:db8:bad::c0de", Dig(hosts, "www.example.net"));
        Assert.Equal("2001:db8::2", Dig(hosts, "ftp.example.net"));
        // An answer that does not fit is cut off, and asked for again over TCP.
        Assert.Equal("2001:db8:bad::c0de", Dig(hosts, "www.example.net", "+tcp"));
        Assert.Equal("2001:db8::2", Dig(hosts, "ftp.example.net", "+tcp"));
    }

    [Fact]
    public void AddressesPastAliasesAreRewrittenAndOthersAreNot()
    {
        TwoHosts.RequireTool("dig");
        TwoHosts.RequireTool("dnsmasq");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("dns-rewrite-aaaa"));
        StartDnsmasq(
            hosts, "--cname=www.example.net,a.example.org", "--cname=a.example.org,b.example.org", "--cname=ftp.example.net,b.example.org",
            "--host-record=b.example.org,2001:db8::1");

        Assert.Equal(["a.example.org.", "b.example.org.", "2001:db8:bad::c0de"], Dig(hosts, "www.example.net").Split('\n'));
        Assert.Equal(["a.example.org.", "b.example.org.", "2001:db8:bad::c0de"], Dig(hosts, "WwW.eXamPle.NeT").Split('\n'));
        Assert.Equal(["b.example.org.", "2001:db8::1"], Dig(hosts, "ftp.example.net").Split('\n'));
    }

    [Fact]
    public void TruncatedAnswerPassesAndTheRetryOverTcpIsRewritten()
    {
        TwoHosts.RequireTool("dig");
        TwoHosts.RequireTool("dnsmasq");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("dns-rewrite-aaaa"), "--set", "name=many.example.net");
        StartDnsmasq(hosts, [.. Enumerable.Range(1, 40).Select(i => $"--host-record=many.example.net,2001:db8::{i:x}")]);

        string truncated = hosts.Exec(hosts.Left, "dig", "+noedns", "+ignore", $"@{TwoHosts.RightAddress}", "aaaa", "many.example.net");
        Assert.Matches("flags: qr .*tc", truncated);
        string whole = hosts.Exec(hosts.Left, "dig", "+noedns", "+short", $"@{TwoHosts.RightAddress}", "aaaa", "many.example.net");
        Assert.Equal(40, whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line == "2001:db8:bad::c0de"));
    }

    [Fact]
    public void AnyAddressOfTheNetworkAnswersWhatTheResolverKnows()
    {
        TwoHosts.RequireTool("dig");
        TwoHosts.RequireTool("dnsmasq");
        using var host = new OneHost("tap:fluke0", [.. s_upstreamRules, "--set", "upstream=127.0.0.1", "--set", "port=5300"]);
        host.Address("10.5.0.1", "2001:db8:5::ffff");
        host.Start(
            "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root", "--port=5300", "--bind-interfaces",
            "--listen-address=127.0.0.1", $"--pid-file={Path.Combine(_folder.Path, "pid")}",
            "--host-record=www.example.net,192.0.2.80,2001:db8::80", "--txt-record=example.net,fluke",
            $"--txt-record=long.example.net,{string.Join(',', Enumerable.Repeat(new string('x', 250), 8))}");
        Namespaces.Until(() => host.Exec("ss", "-uln").Contains("127.0.0.1:5300", StringComparison.Ordinal), "dnsmasq");

        Assert.Equal("2001:db8::80", host.Exec("dig", "+short", "@10.5.0.53", "aaaa", "www.example.net").Trim());
        Assert.Equal("192.0.2.80", host.Exec("dig", "+short", "@10.5.0.54", "a", "www.example.net").Trim());
        Assert.Equal("\"fluke\"", host.Exec("dig", "+short", "+noedns", "@10.5.0.55", "txt", "example.net").Trim());
        Assert.Contains("status: REFUSED", host.Exec("dig", "@10.5.0.53", "aaaa", "unknown.example.org"));
        Assert.Equal("2001:db8::80", host.Exec("dig", "+tcp", "+short", "@10.5.0.56", "aaaa", "www.example.net").Trim());
        // Two kB: cut off over UDP, and asked for again.
        string whole = host.Exec("dig", "+noedns", "@10.5.0.57", "txt", "long.example.net");
        Assert.Contains("Truncated, retrying in TCP mode", whole);
        Assert.Equal(8, whole.Split(new string('x', 250)).Length - 1);
    }

    [Fact]
    public void ResolverThatNeverAnswersKeepsNobodyElseWaiting()
    {
        TwoHosts.RequireTool("dig");
        TwoHosts.RequireTool("ping");
        using var host = new OneHost("tap:fluke0", [.. s_upstreamRules, "--set", "upstream=127.0.0.1", "--set", "port=5301"]);
        host.Address("10.5.0.1", "2001:db8:5::ffff");
        System.Diagnostics.Process dig = host.Start("dig", "+tries=3", "+time=1", "@10.5.0.53", "aaaa", "www.example.net");
        Assert.Contains(" 0% packet loss", host.Exec("ping", "-c", "50", "-i", "0.02", "-W", "1", "10.5.0.9"));
        Assert.True(dig.WaitForExit(TimeSpan.FromSeconds(15)));
        Assert.Contains("no servers could be reached", dig.StandardOutput.ReadToEnd());
        Assert.False(host.Bridge.TryFindJson("fault", _ => true, out _));
    }

    private static string Dig(TwoHosts hosts, string name, string option = "+notcp") =>
        hosts.Exec(hosts.Left, "dig", "+short", option, $"@{TwoHosts.RightAddress}", "aaaa", name).Trim();

    private void StartDnsmasq(TwoHosts hosts, params string[] options)
    {
        hosts.Start(
            hosts.Right, "dnsmasq",
            ["--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root", "--bind-interfaces",
            $"--listen-address={TwoHosts.RightAddress}", $"--pid-file={Path.Combine(_folder.Path, "pid")}", .. options]);
        Namespaces.Until(() => hosts.Exec(hosts.Right, "ss", "-uln").Contains($"{TwoHosts.RightAddress}:53", StringComparison.Ordinal), "dnsmasq");
    }
}
