using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>A rule that throws on every frame.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly RuleFolder _rules = new();

    public FaultTests()
    {
        _rules.Write("10-throws.csx", "int[] none = [];\nVerdict Apply(ref Frame frame)\n{\n    return (Verdict)none[3];\n}\n");
        _rules.Write("20-counts.csx", "void Apply(ref Frame frame) => frame.Hit();\n");
    }

    public void Dispose() => _rules.Dispose();

    [Fact]
    public void TrafficPassesTheFaultNamesTheLineAndTheRuleIsBypassed()
    {
        TwoHosts.RequireTool("ping");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--fault-limit", "4");
        Assert.Contains(" 0% packet loss", hosts.Exec(hosts.Left, "ping", "-c", "5", "-i", "0.1", "-W", "2", TwoHosts.RightAddress));

        JsonElement fault = hosts.Bridge.WaitForJson("fault", _ => true);
        Assert.Equal("10-throws", fault.GetProperty("rule").GetString());
        Assert.Equal("10-throws.csx:4", fault.GetProperty("at").GetString());
        Assert.Contains("IndexOutOfRangeException", fault.GetProperty("message").GetString());

        JsonElement stats = hosts.Bridge.WaitForJson("stats", json => State(json) == "bypassed");
        Assert.Equal(4, FlukeProcess.Rule(stats, "10-throws").GetProperty("faults").GetInt64());
        Assert.True(FlukeProcess.Rule(stats, "20-counts").GetProperty("hits").GetInt64() > 0);
    }

    [Fact]
    public void WithOnFaultDropTrafficStopsUntilTheRuleIsBypassed()
    {
        TwoHosts.RequireTool("ping");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--on-fault", "drop", "--fault-limit", "1000000");
        Assert.Throws<InvalidOperationException>(() => hosts.Exec(hosts.Left, "ping", "-c", "3", "-i", "0.1", "-W", "1", TwoHosts.RightAddress));

        JsonElement stats = hosts.Bridge.WaitForJson("stats", json => FlukeProcess.Rule(json, "10-throws").GetProperty("faults").GetInt64() > 2);
        Assert.Equal("live", State(stats));
        Assert.Equal(0, FlukeProcess.Rule(stats, "20-counts").GetProperty("seen").GetInt64());
        Assert.Equal(0, stats.GetProperty("ports").GetProperty("right").GetProperty("txFrames").GetInt64());
    }

    private static string State(JsonElement stats) => FlukeProcess.Rule(stats, "10-throws").GetProperty("state").GetString()!;
}
