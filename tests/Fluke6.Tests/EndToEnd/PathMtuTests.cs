using System.Security.Cryptography;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Two kernels find out that the path between them takes less than their links. RFC 1191, RFC 8201.</summary>
public sealed class PathMtuTests
{
    private const int Length = 3_000_000;

    [Theory]
    [InlineData(TwoHosts.RightAddress)]
    [InlineData("2001:db8:1::2")]
    public void StreamArrivesInPacketsThatFit(string address)
    {
        TwoHosts.RequireTool("nc");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("net-small-mtu"), "--set", "mtu=1300");
        Assert.DoesNotContain("mtu", hosts.Ip(hosts.Left, $"route get {address}"), StringComparison.Ordinal);
        string digest = hosts.Exec(
            hosts.Right, "bash", "-c",
            $"nc -l {(address.Contains(':') ? "-6" : "-4")} 5201 | sha256sum & until ss -Htln | grep -q :5201; do :; done; "
                + $"ip netns exec {hosts.Left} sh -c 'head -c {Length} /dev/zero | nc -N {address} 5201'; wait");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(new byte[Length])), digest.Split(' ')[0]);
        // The sender's kernel believed the rule.
        Assert.Contains("mtu 1300", hosts.Ip(hosts.Left, $"route get {address}"), StringComparison.Ordinal);
        hosts.Bridge.WaitForJson("stats", json => FlukeProcess.Rule(json, "net-small-mtu").GetProperty("hits").GetInt64() > 0);
    }
}
