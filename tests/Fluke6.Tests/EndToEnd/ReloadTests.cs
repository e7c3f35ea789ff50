using System.Diagnostics;
using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Rules change under traffic.</summary>
public sealed class ReloadTests : IDisposable
{
    private readonly RuleFolder _rules = new();

    public void Dispose() => _rules.Dispose();

    [Fact]
    public void HundredSavesUnderLoadLoseNoPing()
    {
        TwoHosts.RequireTool("iperf3");
        TwoHosts.RequireTool("ping");
        _rules.Write("10-count.csx", Version(0));
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path);
        hosts.StartIperfServer();
        hosts.Start(hosts.Left, "iperf3", "-c", TwoHosts.RightAddress, "-t", "60", "-b", "50M");
        Process ping = hosts.Start(hosts.Left, "ping", "-q", "-i", "0.002", TwoHosts.RightAddress);

        for (int save = 1; save <= 100; save++)
        {
            _rules.Write("10-count.csx", Version(save));
            int wanted = save;
            hosts.Bridge.WaitFor(() => Reloads(hosts).Count() >= wanted, $"reload {save}");
        }

        hosts.Exec(hosts.Left, "sh", "-c", $"kill -INT $(pgrep -P {ping.Id} ping || echo {ping.Id})");
        Assert.True(ping.WaitForExit(TimeSpan.FromSeconds(10)));
        string summary = ping.StandardOutput.ReadToEnd();
        Assert.Contains(" 0% packet loss", summary);
        Assert.All(Reloads(hosts), reload => Assert.True(reload.GetProperty("ok").GetBoolean()));
        Assert.All(Reloads(hosts), reload => Assert.Equal("10-count", reload.GetProperty("rule").GetString()));
    }

    [Fact]
    public void SyntaxErrorLeavesTheLastGoodVersionAtWorkUntilItIsMended()
    {
        TwoHosts.RequireTool("ping");
        _rules.Write("10-answer.csx", "Verdict Apply(ref Frame frame) => frame.AnswerEcho();\n");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path);
        long hits = PingAndHits(hosts);
        Assert.True(hits > 0);

        _rules.Write("10-answer.csx", "// broken\nVerdict Apply(ref Frame frame)\n{\n    return Verdict.Drop\n}\n");
        JsonElement refused = hosts.Bridge.WaitForJson("reload", json => !json.GetProperty("ok").GetBoolean());
        Assert.Equal("10-answer.csx(4,24): error CS1002: ; expected", refused.GetProperty("diagnostics")[0].GetString());
        hosts.Bridge.WaitForJson("stats", json => FlukeProcess.Rule(json, "10-answer").GetProperty("state").GetString() == "stale");
        Assert.True(PingAndHits(hosts) > hits, "the last good version does not answer any more");

        _rules.Write("10-answer.csx", "// mended\nVerdict Apply(ref Frame frame) => frame.AnswerEcho();\n");
        JsonElement mended = hosts.Bridge.WaitForJson("reload", json => json.GetProperty("ok").GetBoolean());
        Assert.True(mended.GetProperty("milliseconds").GetDouble() > 0);
        hosts.Bridge.WaitFor(() => FlukeProcess.Rule(hosts.Bridge.LastJson("stats"), "10-answer").GetProperty("state").GetString() == "live", "live");
    }

    private static string Version(int number) =>
        $"// version {number}\nint seen;\nvoid Apply(ref Frame frame)\n{{\n    seen += {number};\n    frame.Hit();\n}}\n";

    private static IEnumerable<JsonElement> Reloads(TwoHosts hosts) =>
        hosts.Bridge.Output.Where(line => line.StartsWith("{\"type\":\"reload\"", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement);

    private static long PingAndHits(TwoHosts hosts)
    {
        long Hits() => FlukeProcess.Rule(hosts.Bridge.LastJson("stats"), "10-answer").GetProperty("hits").GetInt64();
        long before = hosts.Bridge.TryFindJson("stats", _ => true, out _) ? Hits() : 0;
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 2);
        hosts.Bridge.WaitFor(() => hosts.Bridge.TryFindJson("stats", _ => true, out _) && Hits() >= before + 2, "hits");
        return Hits();
    }
}
