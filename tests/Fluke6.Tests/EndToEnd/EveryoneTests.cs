namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>A whole network behind one interface, as a real kernel and its tools meet it.</summary>
public sealed class EveryoneTests
{
    [Fact]
    public void EveryIpv4AddressAnswersArpAndPing()
    {
        TwoHosts.RequireTool("ping");
        TwoHosts.RequireTool("arping");
        using var host = new OneHost(
            "tap:fluke0", "--rules", FlukeProcess.Example("net-answer-everyone"), "--set", "prefix=10.5.0.0/24");
        host.Address("10.5.0.1", "2001:db8:5::ffff");

        foreach (int number in (int[])[2, 77, 254])
            host.Ping($"10.5.0.{number}", 2);
        Assert.Contains("02:00:0a:05:00:4d", host.Ip("neighbor show 10.5.0.77"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(
            "02:00:0a:05:00:c8", host.Exec("arping", "-c", "1", "-w", "5", "-I", "fluke0", "10.5.0.200"), StringComparison.OrdinalIgnoreCase);
        // Nobody defends an address that the host wants for itself.
        host.Exec("arping", "-D", "-c", "1", "-w", "1", "-I", "fluke0", "10.5.0.9");
    }

    [Fact]
    public void EveryIpv6AddressAnswersSolicitationsAndPing()
    {
        TwoHosts.RequireTool("ping");
        TwoHosts.RequireTool("ndisc6");
        using var host = new OneHost(
            "tap:fluke0", "--rules", FlukeProcess.Example("ndp-answer-everyone"), "--set", "prefix=2001:db8:5::/64");
        host.Address("10.5.0.1", "2001:db8:5::ffff");

        foreach (string address in (string[])["2001:db8:5::77", "2001:db8:5:0:1:2:3:4"])
            host.Ping(address, 2);
        Assert.Contains(
            "02:00:00:00:0a:bc", host.Exec("ndisc6", "-1", "2001:db8:5::abc", "fluke0"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(
            "from 2001:db8:5::77", host.Exec("ping", "-6", "-n", "-c", "1", "-W", "20", "-I", "fluke0", "ff02::1:ff00:77"));
        // An address of the prefix is still to be had: duplicate address detection finds nobody.
        host.Exec("sysctl", "-qw", "net.ipv6.conf.all.accept_dad=1", "net.ipv6.conf.fluke0.accept_dad=1");
        host.Ip("address add 2001:db8:5::600d/64 dev fluke0");
        Namespaces.Until(() => !host.Ip("-6 address show dev fluke0").Contains("tentative"), "an address");
        Assert.DoesNotContain("dadfailed", host.Ip("-6 address show dev fluke0"));
    }

    [Fact]
    public void AllNodesAndASnoopingSwitchFindThem()
    {
        TwoHosts.RequireTool("ping");
        TwoHosts.RequireTool("bridge");
        using var folder = new RuleFolder();
        string reports = folder.Write("mld-report-groups.csx", File.ReadAllText(FlukeProcess.Example("mld-report-groups")));
        folder.Write("ndp-answer-everyone.csx", File.ReadAllText(FlukeProcess.Example("ndp-answer-everyone")));
        using var host = new OneHost("tap:fluke0", "--rules", folder.Path, "--set", "prefix=2001:db8:5::/64", "--set", "addresses=2001:db8:5::77,2001:db8:5::abc");
        // A kernel that queries at once and again each second, and forwards to members only.
        host.Ip("link add br0 type bridge mcast_snooping 1 mcast_querier 1 mcast_mld_version 2 mcast_query_interval 100 mcast_startup_query_interval 100 mcast_query_response_interval 50");
        host.Ip("link set fluke0 master br0");
        host.Ip("link set fluke0 up");
        host.Ip("link set br0 up");
        host.Ip("address add 2001:db8:5::ffff/64 dev br0 nodad");

        Namespaces.Until(() => Members(host).Contains("grp ff02::1:ff00:77 ") && Members(host).Contains("grp ff02::1:ff00:abc "), "both groups' members");
        host.Ping("2001:db8:5::77", 2);
        // The host itself answers first.
        Assert.Contains("from 2001:db8:5::1", host.Exec("ping", "-6", "-n", "-c", "5", "-i", "0.3", "-W", "10", "ff02::1%br0"));

        // A rule that is gone leaves its groups, and nobody answers the querier any more.
        File.Delete(reports);
        Namespaces.Until(() => !Members(host).Contains("ff02::1:ff00:77"), "the group's end");
    }

    private static string Members(OneHost host) => string.Join('\n', host.Exec("bridge", "mdb", "show", "dev", "br0").Split('\n').Where(line => line.Contains("port fluke0")));

    [Fact]
    public void PacketsOfATunInterfaceArePrintedInHex()
    {
        TwoHosts.RequireTool("ping");
        using var host = new OneHost("tun:fluke1", "--rules", FlukeProcess.Example("ip-print"));
        host.Address("10.6.0.1", "2001:db8:6::1");
        Assert.Throws<InvalidOperationException>(() => host.Exec("ping", "-c", "1", "-W", "1", "-p", "f1", "10.6.0.2"));
        host.Bridge.WaitForJson("log", log => log.GetProperty("message").GetString()!.Contains("10.6.0.1 > 10.6.0.2: ICMP echo request"));
        host.Bridge.WaitForJson("log", log => log.GetProperty("message").GetString()!.Contains(" 0a06 0001"));
        host.Bridge.WaitForJson("log", log => log.GetProperty("message").GetString()!.EndsWith("f1f1 f1f1 f1f1 f1f1", StringComparison.Ordinal));
    }
}
