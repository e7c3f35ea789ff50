using System.Diagnostics;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Two kernels' neighbor discovery as the example rules bend it.</summary>
public sealed class NeighborDiscoveryTests
{
    [Fact]
    public void HostAutoconfiguresFromTheRewrittenPrefixOnly()
    {
        TwoHosts.RequireTool("radvd");
        TwoHosts.RequireTool("rdisc6");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("ndp-rewrite-ra-prefix"));
        hosts.Ip(hosts.Right, "address del 2001:db8:1::2/64 dev eth0");
        hosts.Exec(hosts.Left, "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
        using var folder = new RuleFolder();
        string configuration = folder.Write("radvd.conf", """
            interface eth0
            {
                AdvSendAdvert on;
                MinRtrAdvInterval 3;
                MaxRtrAdvInterval 4;
                AdvLinkMTU 1400;
                prefix 2001:db8:1::/64
                {
                    AdvValidLifetime 7777;
                    AdvPreferredLifetime 5555;
                };
            };
            """);
        hosts.Start(hosts.Left, "radvd", "--nodaemon", "--logmethod=stderr", "-C", configuration, "-p", Path.Combine(folder.Path, "radvd.pid"));

        string addresses = "";
        Namespaces.Until(() => (addresses = hosts.Ip(hosts.Right, "-6 address show dev eth0 scope global")).Contains("inet6"), "an address");
        Assert.Contains("inet6 2001:db8:2:", addresses);
        Assert.DoesNotContain("2001:db8:1:", addresses);

        string answer = hosts.Exec(hosts.Right, "rdisc6", "-1", "eth0");
        Assert.Matches("Prefix +: 2001:db8:2::/64", answer);
        Assert.Matches("Valid time +: +7777", answer);
        Assert.Matches("Pref. time +: +5555", answer);
        Assert.Matches("MTU +: +1400", answer);
        Assert.DoesNotContain("2001:db8:1:", answer);
    }

    [Fact]
    public void AddressThatExistsNowhereAnswers()
    {
        TwoHosts.RequireTool("ping");
        TwoHosts.RequireTool("ndisc6");
        using var hosts = new TwoHosts(
            packetPorts: false, "--rules", FlukeProcess.Example("ndp-answer-solicitations"),
            "--set", "addresses=2001:db8:1::600d,2001:db8:1::f00d", "--set", "mac=02:00:5e:00:53:42");

        foreach (string address in (string[])["2001:db8:1::600d", "2001:db8:1::f00d"])
        {
            Assert.Contains(" 3 received", hosts.Exec(hosts.Left, "ping", "-6", "-c", "3", "-i", "0.1", "-W", "2", address));
            Assert.Contains("02:00:5E:00:53:42", hosts.Exec(hosts.Left, "ndisc6", "-1", address, "eth0"), StringComparison.OrdinalIgnoreCase);
        }

        Assert.Throws<InvalidOperationException>(() => hosts.Exec(hosts.Left, "ping", "-6", "-c", "2", "-i", "0.2", "-W", "1", "2001:db8:1::bad"));
        Assert.Throws<InvalidOperationException>(() => hosts.Exec(hosts.Left, "ndisc6", "-1", "-r", "2", "-w", "300", "2001:db8:1::bad", "eth0"));
        // What is not ours still reaches who owns it.
        Assert.Contains(" 1 received", hosts.Exec(hosts.Left, "ping", "-6", "-c", "1", "-W", "2", "2001:db8:1::2"));
    }
}
