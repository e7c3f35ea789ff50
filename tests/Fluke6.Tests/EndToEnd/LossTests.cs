using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Frames in are frames out and what the counters say was lost, for each way to lose some.</summary>
public sealed class LossTests : IDisposable
{
    private readonly RuleFolder _rules = new();

    public void Dispose() => _rules.Dispose();

    [Theory]
    [InlineData(true, "socketFull", 1500, 40_000)]
    [InlineData(false, "queueFull", 100, 4_000)]
    public void FramesThatComeWhileTheBridgeIsNotThere(bool packetPorts, string reason, int length, int frames)
    {
        using var hosts = new SilentHosts(packetPorts);
        hosts.Pause();
        hosts.Send(frames, length);
        hosts.Continue();
        JsonElement loss = hosts.Bridge.WaitForJson("loss", _ => true);
        Assert.Equal(("left", "rxDropped", reason),
            (loss.GetProperty("port").GetString(), loss.GetProperty("counter").GetString(), loss.GetProperty("reason").GetString()));
        JsonElement stats = Balanced(hosts);
        Assert.True(Reason(stats, "left", "rxDroppedByReason", reason) > 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FramesThatWaitWhenTheBridgeEnds(bool packetPorts)
    {
        using var hosts = new SilentHosts(packetPorts);
        hosts.Pause();
        hosts.Send(400);
        JsonElement stats = Balanced(hosts);
        Assert.Equal(Number(stats, "left", "rxDropped"), Reason(stats, "left", "rxDroppedByReason", "unread"));
    }

    [Fact]
    public void FramesThatAreTooLongForTheOtherSide()
    {
        using var hosts = new SilentHosts(packetPorts: true);
        hosts.Ip(hosts.RightNamespace, $"link set {hosts.Right} mtu 1400");
        hosts.Send(10, 1500);
        hosts.Send(10, 1400);
        JsonElement loss = hosts.Bridge.WaitForJson("loss", _ => true);
        Assert.Equal(("right", "txDropped", "EMSGSIZE"),
            (loss.GetProperty("port").GetString(), loss.GetProperty("counter").GetString(), loss.GetProperty("reason").GetString()));
        Assert.Contains("`ip link set p1 mtu N`", loss.GetProperty("message").GetString());
        JsonElement stats = Balanced(hosts);
        Assert.Equal(10, Reason(stats, "right", "txDroppedByErrno", "EMSGSIZE"));
    }

    [Fact]
    public void FramesThatAreLongerThanTheMtuByTheirTagAloneAreNotLost()
    {
        using var hosts = new SilentHosts(packetPorts: true);
        hosts.Ip(hosts.LeftNamespace, "link set h0 mtu 1504");
        hosts.Send(10, 1518, type: 0x88a8);
        hosts.Bridge.WaitForJson("stats", stats => Number(stats, "left", "rxFrames") == 10);
        Assert.Equal(10, Number(Balanced(hosts), "right", "txFrames"));
    }

    [Theory]
    [InlineData(true, "ENETDOWN")]
    [InlineData(false, "EIO")]
    public void FramesForAPortThatIsDown(bool packetPorts, string errno)
    {
        using var hosts = new SilentHosts(packetPorts);
        hosts.Send(5);
        hosts.Bridge.WaitForJson("stats", stats => Number(stats, "right", "txFrames") == 5);
        hosts.Ip(hosts.RightNamespace, $"link set {hosts.Right} down");
        hosts.Bridge.WaitForJson("port", port => port.GetProperty("state").GetString() == "down");
        hosts.Send(7);
        hosts.Bridge.WaitForJson("loss", loss => loss.GetProperty("reason").GetString() == errno);
        Assert.Equal(7, Reason(Balanced(hosts), "right", "txDroppedByErrno", errno));
    }

    [Theory]
    [InlineData("Verdict Apply(ref Frame frame) => ++seen % 3 == 0 ? Verdict.Drop : Verdict.Continue;", 10)]
    [InlineData("Verdict Apply(ref Frame frame) => ++seen % 3 == 0 ? throw new Exception() : Verdict.Continue;", 10, "--on-fault", "drop")]
    [InlineData("void Apply(ref Frame frame) { if (++seen % 3 == 0) Send(Side.Right, new byte[3000]); }", 0)]
    public void FramesThatRulesDropAndFramesOfRulesThatCannotBeSent(string apply, long dropped, params string[] options)
    {
        string rule = _rules.Write("rule.csx", $"int seen = 0;\n{apply}\n");
        using var hosts = new SilentHosts(packetPorts: true, ["--rules", rule, .. options]);
        hosts.Send(30);
        hosts.Bridge.WaitForJson("stats", stats => Number(stats, "left", "rxFrames") == 30);
        Assert.Equal(dropped, FlukeProcess.Rule(Balanced(hosts), "rule").GetProperty("dropped").GetInt64());
    }

    [Fact]
    public void TheSummaryAndTheTextReportTellThemToo()
    {
        using var hosts = new SilentHosts(packetPorts: false, "--stats", "text");
        hosts.Pause();
        hosts.Send(4_000);
        hosts.Continue();
        hosts.Bridge.WaitFor(() => hosts.Bridge.Output.Any(line => line.Contains("frames from eth0 are lost: ", StringComparison.Ordinal)), "the reason");
        hosts.Bridge.Signal("TERM");
        Assert.Equal(0, hosts.Bridge.WaitForExit());
        Assert.Single(hosts.Bridge.Output, line => line.Contains("link set eth0 txqueuelen 10000`", StringComparison.Ordinal));
        Assert.Contains(hosts.Bridge.Output, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"lost [\d,]+ queueFull=\d+, sent 0 "));
    }

    private static JsonElement Balanced(SilentHosts hosts)
    {
        JsonElement stats = hosts.End();
        Assert.Equal(hosts.Sent, Number(stats, "left", "rxFrames") + Number(stats, "left", "rxDropped"));
        long sent = 0, dropped = 0;
        foreach (JsonElement rule in stats.GetProperty("rules").EnumerateArray())
        {
            sent += rule.GetProperty("sent").GetInt64();
            dropped += rule.GetProperty("dropped").GetInt64();
        }

        Assert.Equal(Number(stats, "left", "rxFrames") + sent, Number(stats, "right", "txFrames") + Number(stats, "right", "txDropped") + dropped);
        foreach (string side in (string[])["left", "right"])
        {
            Assert.Equal(Number(stats, side, "rxDropped"), Sum(stats, side, "rxDroppedByReason"));
            Assert.Equal(Number(stats, side, "txDropped"), Sum(stats, side, "txDroppedByErrno"));
        }

        // A TAP is gone with the bridge, and its figures with it.
        if (hosts.Right == "p1")
            Assert.Equal(Number(stats, "right", "txFrames"), hosts.ArrivedAtRight);
        return stats;
    }

    private static long Number(JsonElement stats, string side, string field) =>
        stats.GetProperty("ports").GetProperty(side).GetProperty(field).GetInt64();

    private static long Reason(JsonElement stats, string side, string field, string reason) =>
        stats.GetProperty("ports").GetProperty(side).GetProperty(field).TryGetProperty(reason, out JsonElement count) ? count.GetInt64() : 0;

    private static long Sum(JsonElement stats, string side, string field) =>
        stats.GetProperty("ports").GetProperty(side).GetProperty(field).EnumerateObject().Sum(count => count.Value.GetInt64());
}
