namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>What a person reads at the end.</summary>
public sealed class TextSummaryTests : IDisposable
{
    private readonly RuleFolder _rules = new();

    public void Dispose() => _rules.Dispose();

    [Fact]
    public void TellsFlowsHandshakesAndTheCapture()
    {
        TwoHosts.RequireTool("iperf3");
        string file = Path.Combine(_rules.Path, "seen.pcapng");
        string[] summary = Summary(
            hosts => hosts.SocketsDuringTransfer(), "--rules", FlukeProcess.Example("tcp-strip-sack-permitted"), "--capture", file);
        Assert.Matches(@"  tcp-strip-sack-permitted +live .*, faults 0, \d+ ns a frame", Line(summary, "  tcp-strip-sack-permitted "));
        Assert.Matches(@"  flows: \d+ seen \(.*TCP 2", Line(summary, "  flows: "));
        Assert.Contains(summary, line => line.StartsWith($"    TCP {TwoHosts.LeftAddress}:", StringComparison.Ordinal)
            && line.Contains($" > {TwoHosts.RightAddress}:5201: ", StringComparison.Ordinal)
            && line.EndsWith("; hit by tcp-strip-sack-permitted; 1 rewritten", StringComparison.Ordinal));
        string handshakes = Line(summary, "  TCP handshakes: ");
        Assert.Contains("TCP handshakes: 2; MSS 1460; ", handshakes);
        Assert.Contains("SACK permitted 0 of 2", handshakes);
        Assert.Contains("timestamps 2 of 2", handshakes);
        Assert.DoesNotContain(summary, line => line.Contains("ONE-SIDED", StringComparison.Ordinal));
        Assert.Matches($@"  capture: {file}, [\d,]+ packets \(.*B\)", Line(summary, "  capture: "));
    }

    [Fact]
    public void OneSidedStripIsCalledOutInWords()
    {
        TwoHosts.RequireTool("iperf3");
        _rules.Write("strip.csx", """
            Verdict Apply(ref Frame frame)
            {
                if (frame.TryGetTcp(out var tcp) && tcp.Syn && tcp.Ack)
                    tcp.Options.Strip(TcpOptionKind.SackPermitted);
                return Verdict.Continue;
            }
            """);
        string[] summary = Summary(hosts => hosts.SocketsDuringTransfer(), "--rules", _rules.Path);
        Assert.Matches(
            @"ONE-SIDED: SACK permitted was stripped from the SYN-ACK and not from the SYN, so that the ends disagree: .* > .*:5201 and 1 more",
            Line(summary, "    ONE-SIDED"));
    }

    [Fact]
    public void NeighborsAndPrefixesThatRulesTouchedAreTold()
    {
        TwoHosts.RequireTool("radvd");
        string[] summary = Summary(
            hosts =>
            {
                RouterAdvertisementTests.StartRouter(hosts, _rules);
                hosts.Ping(hosts.Left, "2001:db8:1::cafe", 1);
                Namespaces.Until(
                    () => hosts.Ip(hosts.Right, "-6 address show dev eth0 scope global").Contains("2001:db8:2:", StringComparison.Ordinal), "the other prefix");
            },
            "--rules", FlukeProcess.Example("ndp-rewrite-ra-prefix"), "--rules", FlukeProcess.Example("ndp-answer-solicitations"),
            "--set", "addresses=2001:db8:1::cafe");
        Assert.Matches("IPv6 routers: fe80::", Line(summary, "  IPv6 routers"));
        string prefixes = Line(summary, "  IPv6 prefixes");
        Assert.Contains("2001:db8:1::/64 (taken out by a rule)", prefixes);
        Assert.Contains("2001:db8:2::/64 (put in by a rule)", prefixes);
        Assert.Equal("  IPv6 addresses answered by rules: 2001:db8:1::cafe", Line(summary, "  IPv6 addresses answered"));
    }

    [Fact]
    public void IsShortHoweverManyFlowsThereWere()
    {
        string[] summary = Summary(
            hosts => hosts.Exec(hosts.Left, "bash", "-c", $"for port in {{9000..9099}}; do echo x > /dev/udp/{TwoHosts.RightAddress}/$port; done"),
            "--stats-flows", "2");
        Assert.Equal(2, summary.Count(line => line.StartsWith("    ", StringComparison.Ordinal) && line.Contains(" frames, ", StringComparison.Ordinal)));
        Assert.Contains(summary, line => line.StartsWith("    ... and ", StringComparison.Ordinal));
        Assert.True(summary.Length < 12, string.Join('\n', summary));
    }

    private static string[] Summary(Action<TwoHosts> traffic, params string[] options)
    {
        using var hosts = new TwoHosts(packetPorts: false, ["--stats", "text", .. options]);
        traffic(hosts);
        hosts.Bridge.Signal("INT");
        Assert.Equal(0, hosts.Bridge.WaitForExit());
        Assert.Empty(hosts.Bridge.Errors);
        return [.. hosts.Bridge.Output.SkipWhile(line => !line.Contains(" stopped after ", StringComparison.Ordinal))];
    }

    private static string Line(string[] summary, string start)
    {
        Assert.Contains(summary, line => line.StartsWith(start, StringComparison.Ordinal));
        return summary.First(line => line.StartsWith(start, StringComparison.Ordinal));
    }
}
