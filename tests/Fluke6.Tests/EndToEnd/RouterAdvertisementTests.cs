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

    [Theory]
    [InlineData("true", "02:00:00:00:00:66")]
    [InlineData("false", null)]
    public void UnsolicitedAdvertisementChangesWhatIsRememberedIfItOverrides(string overrides, string? expected)
    {
        TwoHosts.RequireTool("ping");
        using var hosts = new TwoHosts(
            packetPorts: false, "--rules", FlukeProcess.Example("ndp-advertise-unsolicited"), "--set", "address=2001:db8:1::2", "--set", $"override={overrides}");
        string own = hosts.Ip(hosts.Right, "-o link show eth0").Split("link/ether ")[1][..17];
        hosts.Exec(hosts.Left, "ip", "-6", "neighbor", "replace", "2001:db8:1::2", "lladdr", own, "dev", "eth0", "nud", "reachable");
        // Without O the entry becomes stale and keeps its address: RFC 4861 §7.2.5.
        Namespaces.Until(
            () => hosts.Ip(hosts.Left, "-6 neighbor show 2001:db8:1::2") is var neighbor && neighbor.Contains(expected ?? own) && neighbor.Contains("STALE"),
            "the advertisement's effect");
    }

    internal static void StartRouter(TwoHosts hosts, RuleFolder folder)
    {
        TwoHosts.RequireTool("radvd");
        hosts.Exec(hosts.Left, "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
        string configuration = folder.Write("radvd.conf", """
            interface eth0
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
