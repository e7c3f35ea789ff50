using Fluke6.Command.Doctor;

namespace Fluke6.Command.Tests.Doctor;

/// <summary>Troubles that can be made here: the check sees nothing before, sees the trouble, and its own command mends it.</summary>
public sealed class MendedTests : IDisposable
{
    private const string Bridge = "ip link add br0 type bridge && ip link set br0 up && ip link set p0 master br0";
    private const string Ipv6 = "sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.p0.disable_ipv6=0 "
        + "net.ipv6.conf.p1.disable_ipv6=0";
    private readonly DoctorLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("down", "ip link set p0 down", "p0 is down", "Serious")]
    [InlineData("carrier", "ip link set h0 down", "p0 has no signal", "Serious")]
    [InlineData("mtu", "ip link set p0 mtu 9000", "p1 takes packets of up to 1500 bytes, p0 of up to 9000", "Warning")]
    [InlineData("mac", "ip link set p1 address $(cat /sys/class/net/p0/address)", "p0 and p1 have the same hardware address", "Warning")]
    [InlineData("same-bridge", Bridge + " && ip link set p1 master br0", "both are members of one kernel bridge", "Serious")]
    [InlineData("member", Bridge, "p0 is a member of the kernel bridge br0", "Warning")]
    [InlineData("spanning-tree", "ip link add br0 type bridge stp_state 1 forward_delay 3000 && ip link set br0 up && ip link set p0 "
        + "master br0", "in its kernel bridge", "Warning")]
    [InlineData("bridge-netfilter", "sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0 "
        + "net.bridge.bridge-nf-call-arptables=1 && " + Bridge,
        "bridge-nf-call-arptables=1, and p0 is a member", "Note")]
    [InlineData("forwarding", "ip address add 192.0.2.1/24 dev p0 && ip address add 198.51.100.1/24 dev p1 && sysctl -qw "
        + "net.ipv4.conf.all.forwarding=1",
        "the kernel forwards IPv4 between p0 and p1", "Serious")]
    [InlineData("forwarding", Ipv6 + " net.ipv6.conf.all.forwarding=1 && ip address add 2001:db8:1::1/64 dev p0 nodad && ip address add "
        + "2001:db8:2::1/64 dev p1 nodad",
        "the kernel forwards IPv6 between p0 and p1", "Serious")]
    [InlineData("forwarding", "ip address add 192.0.2.1/32 dev lo && ip route add 192.0.2.7 dev p0 && ip route add 198.51.100.0/24 via "
        + "192.0.2.7 dev p0 onlink && "
        + "ip address add 203.0.113.1/24 dev p1 && sysctl -qw net.ipv4.conf.all.forwarding=1",
            "the kernel forwards IPv4 between p0 and p1", "Serious")]
    [InlineData("proxy", "sysctl -qw net.ipv4.conf.all.forwarding=1 net.ipv4.conf.p0.proxy_arp=1",
        "the kernel answers ARP for others at p0", "Warning")]
    [InlineData("proxy", Ipv6 + " net.ipv6.conf.p1.proxy_ndp=1", "the kernel answers neighbour solicitations for others at p1", "Warning")]
    [InlineData("qdisc", "tc qdisc add dev p0 root tbf rate 1mbit burst 10k latency 10ms", "p0 has the queueing discipline tbf", "Warning")]
    [InlineData("tc", "tc qdisc add dev p0 clsact", "p0 has a clsact qdisc without filters", "Note")]
    [InlineData("tc", "tc qdisc add dev p0 clsact && tc filter add dev p0 ingress protocol all u32 match u32 0 0 flowid :1",
        "tc has filters for what arrives at p0", "Warning")]
    [InlineData("tc", "tc qdisc add dev p1 clsact && tc filter add dev p1 egress protocol all u32 match u32 0 0 flowid :1",
        "tc has filters for what leaves by p1", "Warning")]
    [InlineData("nftables", "nft \"add table netdev t; add chain netdev t c { type filter hook ingress device p0 priority 0; }\"",
        "nft has a chain for what arrives at p0: netdev t c", "Warning")]
    [InlineData("nftables", "nft \"add table netdev t; add chain netdev t c { type filter hook egress devices = { p1 } priority 0; }\"",
        "nft has a chain for what leaves by p1: netdev t c", "Warning")]
    [InlineData("nftables", "nft \"add table inet t; add chain inet t c { type filter hook ingress device p1 priority 0; }\"",
        "nft has a chain for what arrives at p1: inet t c", "Warning")]
    [InlineData("address", "ip address add 192.0.2.1/24 dev p0", "this machine has 192.0.2.1/24 at p0", "Warning")]
    [InlineData("subnet", "ip address add 192.0.2.1/24 dev p0 && ip address add 192.0.2.130/25 dev p1",
        "p0 and p1 have addresses of one subnet, 192.0.2.0/24 and 192.0.2.128/25", "Serious")]
    [InlineData("subnet", Ipv6 + " && ip address add 2001:db8::1/64 dev p0 nodad && ip address add 2001:db8::2/64 dev p1 nodad",
        "p0 and p1 have addresses of one subnet, 2001:db8::/64", "Serious")]
    [InlineData("route", "ip address add 192.0.2.1/24 dev p0 && ip route add default via 192.0.2.9",
        "this machine's route to 0.0.0.0/0 leads by p0", "Warning")]
    [InlineData("arp", "ip address add 192.0.2.1/24 dev p1", "this machine answers ARP at p0 for 192.0.2.1", "Warning")]
    [InlineData("rp-filter", "ip address add 192.0.2.1/24 dev p0 && sysctl -qw net.ipv4.conf.p0.rp_filter=1",
        "this machine drops what arrives at p0 from addresses whose way back is another", "Note")]
    [InlineData("ipv6", "sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.p1.disable_ipv6=0 net.ipv6.conf.p0.disable_ipv6=1",
        "this machine takes part in IPv6 at p1", "Note")]
    [InlineData("autoconf", "sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.p0.disable_ipv6=0 net.ipv6.conf.p1.disable_ipv6=1 "
        + "net.ipv6.conf.p0.accept_ra=1",
        "this machine takes addresses and routes from router advertisements at p0", "Note")]
    [InlineData("gro-list", "ethtool -K p0 rx-gro-list on", "p0 chains segments and datagrams", "Serious")]
    [InlineData("checksum", "ethtool -K p0 tx off", "p0 completes no checksums", "Note")]
    [InlineData("on-top", "ip link add link p0 name m0 type macvlan", "m0, a macvlan, stands on p0", "Warning")]
    public void IsSeenAndMended(string check, string command, string seen, string severity)
    {
        Finding finding = _lab.Breaks(check, command);
        Assert.Contains(seen, finding.Seen, StringComparison.Ordinal);
        Assert.Equal(severity, $"{finding.Severity}");
        Assert.NotEqual("", finding.Harm);
        _lab.Mends(check, finding);
    }

    [Fact]
    public void NothingIsWrongWithALabInWhichNothingIs()
    {
        // The machine that the tests run on may be slow, busy or have lost frames.
        string[] ofMachine = [.. MachineChecks.All.Select(check => check.Name)];
        Assert.Empty(Checks.Of(_lab.Examine()).Where(found => !ofMachine.Contains(found.Check.Name)).Select(found =>
            $"{found.Check.Name}: {found.Finding.Line}"));
        Assert.Equal(Checks.All.Count, Checks.All.Select(check => check.Name).Distinct().Count());
    }
}
