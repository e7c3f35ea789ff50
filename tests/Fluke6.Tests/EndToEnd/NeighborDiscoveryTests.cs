using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Fluke6.Linux;

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
            hosts.Ping(hosts.Left, address, 3);
            Assert.Contains("02:00:5E:00:53:42", hosts.Exec(hosts.Left, "ndisc6", "-1", address, "eth0"), StringComparison.OrdinalIgnoreCase);
        }

        Assert.Throws<InvalidOperationException>(() => hosts.Exec(hosts.Left, "ping", "-6", "-c", "2", "-i", "0.2", "-W", "1", "2001:db8:1::bad"));
        Assert.Throws<InvalidOperationException>(() => hosts.Exec(hosts.Left, "ndisc6", "-1", "-r", "2", "-w", "300", "2001:db8:1::bad", "eth0"));
        // What is not ours still reaches who owns it.
        hosts.Ping(hosts.Left, "2001:db8:1::2", 1);
    }

    /// <summary>RFC 4861 §7.2.5, as the kernel follows it: every combination of the flags, with the address that is known and with another.</summary>
    [Fact]
    public void UnsolicitedAdvertisementChangesWhatIsRememberedAsItsFlagsSay()
    {
        const string Neighbor = "2001:db8:1::99", Known = "02:00:00:00:00:99", Other = "02:00:00:00:00:66";
        string example = File.ReadAllText(FlukeProcess.Example("ndp-advertise-unsolicited"));
        using var folder = new RuleFolder();
        using var hosts = new TwoHosts(packetPorts: false, "--rules", folder.Path, "--set", $"address={Neighbor}");
        // An entry stays reachable for as long as the test takes: only an advertisement makes it stale.
        hosts.Exec(hosts.Left, "sysctl", "-qw", "net.ipv6.neigh.eth0.base_reachable_time_ms=600000");
        for (int bits = 0; bits < 16; bits++)
        {
            bool router = (bits & 8) != 0, solicited = (bits & 4) != 0, overrides = (bits & 2) != 0, otherMac = (bits & 1) != 0;
            bool isTaken = overrides || !otherMac;
            string state = isTaken && solicited ? "REACHABLE" : otherMac ? "STALE" : "REACHABLE";
            // What is there before is not to be mistaken for the effect, where there is one.
            string before = isTaken && solicited ? "stale" : "reachable";
            hosts.Exec(hosts.Left, "sh", "-c", $"ip -6 neighbor del {Neighbor} dev eth0 2>/dev/null; ip -6 neighbor add {Neighbor} lladdr {Known} dev eth0 nud {before}");
            string name = $"advertise-{bits}";
            string rule = folder.Write($"{name}.csx", example
                .Replace("02:00:00:00:00:66", otherMac ? Other : Known, StringComparison.Ordinal)
                .Replace("\"to\", Ipv6Address.AllNodes", $"\"to\", {(solicited ? "Ipv6Address.Parse(\"2001:db8:1::1\")" : "Ipv6Address.AllNodes")}", StringComparison.Ordinal)
                .Replace("\"router\", false", $"\"router\", {(router ? "true" : "false")}", StringComparison.Ordinal)
                .Replace("\"solicited\", false", $"\"solicited\", {(solicited ? "true" : "false")}", StringComparison.Ordinal)
                .Replace("\"override\", true", $"\"override\", {(overrides ? "true" : "false")}", StringComparison.Ordinal));
            hosts.Bridge.WaitForJson("stats", stats => stats.GetProperty("rules").EnumerateArray().Any(
                rule => rule.GetProperty("name").GetString() == name && rule.GetProperty("sent").GetInt64() > 0));

            string shown = "", what = $"R={router} S={solicited} O={overrides}, {(otherMac ? "another" : "the known")} address";
            Namespaces.Until(
                () => (shown = hosts.Ip(hosts.Left, $"-6 neighbor show {Neighbor}")).Contains(state) && shown.Contains(overrides && otherMac ? Other : Known)
                    && shown.Contains("router") == (router && isTaken),
                $"{what}: {state}");
            File.Delete(rule);
            hosts.Bridge.WaitForJson("log", log => log.GetProperty("rule").GetString() == name);
        }
    }

    [Fact]
    public void HostsMeetUnderAnotherPrefix()
    {
        TwoHosts.RequireTool("ping");
        TwoHosts.RequireTool("ndisc6");
        using var hosts = new TwoHosts(
            packetPorts: false, "--rules", FlukeProcess.Example("ndp-map-prefix"), "--set", "left=2001:db8:7::/64", "--set", "right=2001:db8:1::/64");
        hosts.Ip(hosts.Left, "address del 2001:db8:1::1/64 dev eth0");
        hosts.Ip(hosts.Left, "address add 2001:db8:7::1/64 dev eth0 nodad");
        string own = hosts.Ip(hosts.Right, "-o link show eth0").Split("link/ether ")[1][..17];

        hosts.Ping(hosts.Left, "2001:db8:7::2", 3);
        hosts.Ping(hosts.Right, "2001:db8:1::1", 3);
        Assert.Contains(own, hosts.Exec(hosts.Left, "ndisc6", "-1", "2001:db8:7::2", "eth0"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("2001:db8:1:", hosts.Ip(hosts.Left, "-6 neighbor show dev eth0"));
        Assert.DoesNotContain("2001:db8:7:", hosts.Ip(hosts.Right, "-6 neighbor show dev eth0"));

        // TCP's checksums, whole or left to the network card, follow; so does the packet inside an error: the socket learns of it.
        hosts.Start(hosts.Right, "iperf3", "-s", "-1", "-6");
        Namespaces.Until(() => hosts.Exec(hosts.Right, "ss", "-tln").Contains(":5201", StringComparison.Ordinal), "iperf3's server");
        hosts.Exec(hosts.Left, "iperf3", "-c", "2001:db8:7::2", "-n", "2M");
        SocketError error = NetworkNamespace.Run(hosts.Left, "", () => ErrorOfADatagramTo("2001:db8:7::2"));
        Assert.Equal(SocketError.ConnectionRefused, error);

        // An address that a host on the other side has is taken here, too.
        hosts.Exec(hosts.Left, "sysctl", "-qw", "net.ipv6.conf.all.accept_dad=1", "net.ipv6.conf.eth0.accept_dad=1");
        hosts.Ip(hosts.Left, "address add 2001:db8:7::2/64 dev eth0");
        Namespaces.Until(() => hosts.Ip(hosts.Left, "-6 address show dev eth0").Contains("dadfailed"), "a failed address");
    }

    private static SocketError ErrorOfADatagramTo(string address)
    {
        using var socket = new Socket(
            AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveTimeout = 20_000;
        socket.Connect(IPAddress.Parse(address), 9);
        socket.Send("x"u8);
        try
        {
            return socket.Receive(new byte[10]) > 0 ? SocketError.Success : SocketError.SocketError;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }
}
