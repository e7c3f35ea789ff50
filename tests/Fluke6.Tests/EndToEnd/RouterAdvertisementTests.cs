using System.Diagnostics;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>What hosts make of a real router's advertisements, and of neighbors, as the example rules bend them.</summary>
public sealed class RouterAdvertisementTests
{
    [Fact]
    public void LifetimesMtuPreferenceAndNameServersAreTheRules()
    {
        TwoHosts.RequireTool("rdisc6");
        using var hosts = new TwoHosts(
            packetPorts: false,
            "--rules", FlukeProcess.Example("ndp-set-ra-lifetimes"), "--rules", FlukeProcess.Example("ndp-set-ra-mtu"),
            "--rules", FlukeProcess.Example("ndp-set-ra-preference"), "--rules", FlukeProcess.Example("ndp-add-ra-dns"),
            "--set", "valid=600", "--set", "preferred=300", "--set", "mtu=1300", "--set", "preference=high", "--set", "servers=2001:db8::53");
        using var folder = new RuleFolder();
        StartRouter(hosts, folder);

        string answer = hosts.Exec(hosts.Right, "rdisc6", "-1", "eth0");
        Assert.Matches("Router lifetime +: +60 ", answer);
        Assert.Matches("Valid time +: +600 ", answer);
        Assert.Matches("Pref. time +: +300 ", answer);
        Assert.Matches("MTU +: +1300 ", answer);
        Assert.Matches("Router preference +: +high", answer);
        Assert.Matches("Recursive DNS server +: +2001:db8::53", answer);
        Assert.Matches("DNS search list +: +test6.example", answer);
        Namespaces.Until(() => hosts.Ip(hosts.Right, "-6 route show default").Contains("pref high"), "the kernel's preference");
        Assert.Equal("1300", hosts.Exec(hosts.Right, "cat", "/proc/sys/net/ipv6/conf/eth0/mtu").Trim());
    }

    [Fact]
    public void AddressFromADeprecatedPrefixIsDeprecated()
    {
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("ndp-deprecate-ra-prefix"));
        hosts.Ip(hosts.Right, "address del 2001:db8:1::2/64 dev eth0");
        using var folder = new RuleFolder();
        StartRouter(hosts, folder);
        Namespaces.Until(
            () => hosts.Ip(hosts.Right, "-6 address show dev eth0 scope global").Split('\n').Any(line => line.Contains("2001:db8:1:") && line.Contains("deprecated")),
            "a deprecated address");
    }

    [Fact]
    public void AddressThatIsClaimedIsNotTaken()
    {
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("ndp-claim-every-address"));
        hosts.Exec(hosts.Left, "sysctl", "-qw", "net.ipv6.conf.all.accept_dad=1", "net.ipv6.conf.eth0.accept_dad=1");
        hosts.Ip(hosts.Left, "address add 2001:db8:1::99/64 dev eth0");
        Namespaces.Until(() => hosts.Ip(hosts.Left, "-6 address show dev eth0").Contains("dadfailed"), "a failed address");
    }

    [Fact]
    public void HostsRecoverFromTheOtherPrefixWhenTheBridgeIsInterrupted()
    {
        using var hosts = new TwoHosts(packetPorts: true, "--rules", FlukeProcess.Example("ndp-rewrite-ra-prefix"));
        hosts.Ip(hosts.Right, "address del 2001:db8:1::2/64 dev h0");
        using var folder = new RuleFolder();
        StartRouter(hosts, folder);
        Namespaces.Until(() => Addresses(hosts).Any(line => line.Contains("2001:db8:2:")), "an address from the other prefix");
        Assert.DoesNotContain(Addresses(hosts), line => line.Contains("2001:db8:1:"));

        hosts.Bridge.Signal("INT");
        Assert.Equal(0, hosts.Bridge.WaitForExit());

        // Nothing crosses any more: what the right host knows now, it was told by the rule's last word.
        Namespaces.Until(() => Addresses(hosts).Any(line => line.Contains("2001:db8:1:")), "an address from the router's prefix");
        string[] addresses = Addresses(hosts);
        string other = addresses.Single(line => line.Contains("2001:db8:2:")), own = addresses.Single(line => line.Contains("2001:db8:1:"));
        Assert.Contains("deprecated", other);
        Assert.Contains("preferred_lft 0sec", other);
        Assert.InRange(Seconds(other, "valid_lft"), 1, 7200);    // RFC 4862 §5.5.3 e: two hours, not what was left of 7777 s
        Assert.DoesNotContain("deprecated", own);
        Assert.InRange(Seconds(own, "preferred_lft"), 5000, 5555);
        Assert.DoesNotContain("2001:db8:2::/64", hosts.Ip(hosts.Right, "-6 route show dev h0"));
        Assert.Equal(2, FlukeProcess.Rule(hosts.Bridge.LastJson("stats"), "ndp-rewrite-ra-prefix").GetProperty("sent").GetInt64());
    }

    [Fact]
    public void OtherFieldsAreTheRoutersAgainWhenTheBridgeIsTerminated()
    {
        using var hosts = new TwoHosts(
            packetPorts: true,
            "--rules", FlukeProcess.Example("ndp-set-ra-lifetimes"), "--rules", FlukeProcess.Example("ndp-set-ra-mtu"),
            "--rules", FlukeProcess.Example("ndp-set-ra-preference"), "--rules", FlukeProcess.Example("ndp-deprecate-ra-prefix"),
            "--rules", FlukeProcess.Example("ndp-add-ra-dns"),
            "--set", "valid=600", "--set", "preferred=300", "--set", "mtu=1300", "--set", "preference=high");
        hosts.Ip(hosts.Right, "address del 2001:db8:1::2/64 dev h0");
        using var folder = new RuleFolder();
        StartRouter(hosts, folder);
        Namespaces.Until(() => Addresses(hosts).Any(line => line.Contains("deprecated")), "a deprecated address");
        Namespaces.Until(() => DefaultRoute(hosts).Contains("pref high"), "a preferred router");
        Assert.Equal("1300", Mtu(hosts));
        Assert.InRange(Seconds(DefaultRoute(hosts), "expires"), 1, 60);

        hosts.Bridge.Signal("TERM");
        Assert.Equal(0, hosts.Bridge.WaitForExit());

        Namespaces.Until(() => Seconds(DefaultRoute(hosts), "expires") > 800, "the router's own lifetime");
        Assert.Contains("pref medium", DefaultRoute(hosts));
        Assert.Equal("1400", Mtu(hosts));
        string address = Assert.Single(Addresses(hosts));
        Assert.DoesNotContain("deprecated", address);
        Assert.InRange(Seconds(address, "valid_lft"), 7000, 7777);
        Assert.InRange(Seconds(address, "preferred_lft"), 5000, 5555);
    }

    [Fact]
    public void NameServersThatWereAddedAreWithdrawn()
    {
        TwoHosts.RequireTool("tcpdump");
        using var hosts = new TwoHosts(packetPorts: true, "--rules", FlukeProcess.Example("ndp-add-ra-dns"));
        using var folder = new RuleFolder();
        StartRouter(hosts, folder);
        // The kernel leaves these options to programs: what they would read is what arrives.
        Process tcpdump = hosts.Start(hosts.Right, "tcpdump", "-nvvl", "-i", "h0", "icmp6 and ip6[40] == 134");
        var seen = new System.Text.StringBuilder();
        tcpdump.OutputDataReceived += (_, data) => { lock (seen) seen.AppendLine(data.Data); };
        tcpdump.BeginOutputReadLine();
        string Seen() { lock (seen) return seen.ToString(); }
        Namespaces.Until(() => Seen().Contains("lifetime 1800s, addr: 2001:db8::53"), "a name server");

        hosts.Bridge.Signal("INT");
        Assert.Equal(0, hosts.Bridge.WaitForExit());
        Namespaces.Until(() => Seen().Contains("lifetime 0s, addr: 2001:db8::53") && Seen().Contains("lifetime 0s, domain(s): test6.example."), "its end");
    }

    [Fact]
    public void RuleThatIsDeletedWithdrawsItsPrefixWhileTheBridgeRunsOn()
    {
        using var folder = new RuleFolder();
        string rule = folder.Write("ndp-rewrite-ra-prefix.csx", File.ReadAllText(FlukeProcess.Example("ndp-rewrite-ra-prefix")));
        using var hosts = new TwoHosts(packetPorts: false, "--rules", folder.Path);
        hosts.Ip(hosts.Right, "address del 2001:db8:1::2/64 dev eth0");
        StartRouter(hosts, folder);
        Namespaces.Until(() => Addresses(hosts).Any(line => line.Contains("2001:db8:2:")), "an address from the other prefix");
        File.Delete(rule);
        Namespaces.Until(() => Addresses(hosts).Any(line => line.Contains("2001:db8:2:") && line.Contains("deprecated")), "its end");
        Namespaces.Until(() => Addresses(hosts).Any(line => line.Contains("2001:db8:1:") && !line.Contains("deprecated")), "the router's own");
    }

    private static string[] Addresses(TwoHosts hosts) =>
        hosts.Ip(hosts.Right, $"-6 -o address show dev {hosts.Interface} scope global").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string DefaultRoute(TwoHosts hosts) => hosts.Ip(hosts.Right, "-6 route show default");

    private static string Mtu(TwoHosts hosts) => hosts.Exec(hosts.Right, "cat", $"/proc/sys/net/ipv6/conf/{hosts.Interface}/mtu").Trim();

    private static int Seconds(string line, string field)
    {
        System.Text.RegularExpressions.Match match = System.Text.RegularExpressions.Regex.Match(line, $@"{field} (\d+)sec");
        return match.Success ? int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : -1;
    }

    internal static void StartRouter(TwoHosts hosts, RuleFolder folder)
    {
        TwoHosts.RequireTool("radvd");
        hosts.Exec(hosts.Left, "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
        string configuration = folder.Write("radvd.conf", $$"""
            interface {{hosts.Interface}}
            {
                AdvSendAdvert on;
                MinRtrAdvInterval 3;
                MaxRtrAdvInterval 4;
                AdvDefaultLifetime 900;
                AdvLinkMTU 1400;
                prefix 2001:db8:1::/64
                {
                    AdvValidLifetime 7777;
                    AdvPreferredLifetime 5555;
                };
            };
            """);
        hosts.Start(hosts.Left, "radvd", "--nodaemon", "--logmethod=stderr", "-C", configuration, "-p", Path.Combine(folder.Path, "radvd.pid"));
    }
}
