namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>What two kernels agree upon where a rule edits the options that they offer each other.</summary>
public sealed class TcpOptionTests
{
    [Fact]
    public void BothUseTheWindowScaleThatTheRuleSets()
    {
        TwoHosts.RequireTool("iperf3");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("tcp-set-window-scale"), "--set", "shift=3");
        (string atLeft, string atRight) = hosts.SocketsDuringTransfer();
        // Each names first what its peer said: the scale of its own windows it knows from itself.
        Assert.Matches(" wscale:3,", atLeft);
        Assert.Matches(" wscale:3,", atRight);
    }

    [Fact]
    public void NeitherUsesTimestampsThatTheRuleRemoves()
    {
        TwoHosts.RequireTool("iperf3");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("tcp-remove-timestamps"));
        (string atLeft, string atRight) = hosts.SocketsDuringTransfer();
        Assert.DoesNotContain(" ts", atLeft);
        Assert.DoesNotContain(" ts", atRight);
        Assert.Contains(" sack", atLeft);
        Assert.Contains(" sack", atRight);
    }

    [Fact]
    public void OptionsInAnotherOrderAreUsedAsEver()
    {
        TwoHosts.RequireTool("iperf3");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("tcp-reorder-options"));
        (string atLeft, string atRight) = hosts.SocketsDuringTransfer();
        Assert.Matches(" ts sack .*wscale:", atLeft);
        Assert.Matches(" ts sack .*wscale:", atRight);
        Assert.True(FlukeProcess.Rule(hosts.Bridge.WaitForJson("stats", Rewrote), "tcp-reorder-options").GetProperty("rewritten").GetInt64() >= 2);

        static bool Rewrote(System.Text.Json.JsonElement stats) =>
            FlukeProcess.Rule(stats, "tcp-reorder-options").GetProperty("rewritten").GetInt64() >= 2;
    }

    [Fact]
    public void ClientBelievesInOptionsThatTheServerLacks()
    {
        TwoHosts.RequireTool("iperf3");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("tcp-echo-syn-options"));
        hosts.Exec(hosts.Right, "sysctl", "-qw", "net.ipv4.tcp_sack=0");
        (string atLeft, string atRight) = hosts.SocketsDuringTransfer();
        Assert.Contains(" sack", atLeft);
        Assert.DoesNotContain(" sack", atRight);
    }
}
