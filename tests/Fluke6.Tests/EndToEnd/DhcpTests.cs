namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>A real client gets an address from a server that is a rule. (That of IPv4 is among the commands of the examples' README.)</summary>
public sealed class DhcpTests
{
    [Theory]
    [InlineData("option rapid_commit", 1)]
    [InlineData("", 2)]
    public void ClientGetsAnIpv6Address(string option, int answers)
    {
        TwoHosts.RequireTool("dhcpcd");
        // What it remembers of the interface from another time it would only ask to have confirmed.
        File.Delete("/var/lib/dhcpcd/fluke0.lease6");
        using var folder = new RuleFolder();
        string configuration = folder.Write("dhcpcd.conf", $"duid\nipv6only\nnoipv6rs\n{option}\ninterface fluke0\nia_na 1\n");
        using var host = new OneHost("tap:fluke0", "--rules", FlukeProcess.Example("dhcpv6-answer"), "--set", "prefix=2001:db8:77::/64");
        host.Ip("link set fluke0 up");
        host.Exec("dhcpcd", "-B", "-1", "-t", "60", "-c", "/bin/true", "-f", configuration, "fluke0");
        Assert.Contains("2001:db8:77::1000", host.Ip("-6 address show dev fluke0"), StringComparison.Ordinal);
        host.Bridge.WaitForJson("stats", json => FlukeProcess.Rule(json, "dhcpv6-answer").GetProperty("hits").GetInt64() >= answers);
    }
}
