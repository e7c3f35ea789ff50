using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Flows, handshakes and neighbors in JSON.</summary>
public sealed class FlowReportTests
{
    [Fact]
    public void FlowHasTheFieldsThatAreDocumented()
    {
        TwoHosts.RequireTool("iperf3");
        using var hosts = new TwoHosts(packetPorts: false, "--stats-flows", "20", "--rules", FlukeProcess.Example("tcp-strip-sack-permitted"), "--capture", "/dev/null");
        hosts.SocketsDuringTransfer();
        hosts.Bridge.Signal("INT");
        Assert.Equal(0, hosts.Bridge.WaitForExit());

        JsonElement stats = hosts.Bridge.LastJson("stats");
        JsonElement flow = stats.GetProperty("flowTable").EnumerateArray()
            .Single(candidate => Text(candidate, "protocol") == "TCP" && Number(candidate, "bytesFromLeft") > 1_000_000);
        Assert.Equal(TwoHosts.LeftAddress, Text(flow.GetProperty("source"), "address"));
        Assert.Equal(TwoHosts.RightAddress, Text(flow.GetProperty("destination"), "address"));
        Assert.Equal(5201, Number(flow.GetProperty("destination"), "port"));
        Assert.True(Number(flow, "framesFromLeft") > 0 && Number(flow, "framesFromRight") > 0 && Number(flow, "bytesFromRight") > 0);
        Assert.True(flow.GetProperty("firstSeen").GetDateTime() < flow.GetProperty("lastSeen").GetDateTime());
        Assert.Contains(Text(flow, "state"), (string[])["closing", "closed", "reset"]);
        Assert.Equal("tcp-strip-sack-permitted", Assert.Single(flow.GetProperty("rules").EnumerateArray()).GetString());
        Assert.Equal((1, 0), (Number(flow, "rewritten"), Number(flow, "dropped")));
        Assert.Empty(flow.GetProperty("vlans").EnumerateArray());
        Assert.Equal(Number(stats, "flows"), Number(stats, "flowsSeen"));
        Assert.Equal(0, Number(stats, "flowsEvicted"));
        JsonElement rule = FlukeProcess.Rule(stats, "tcp-strip-sack-permitted");
        Assert.True(rule.GetProperty("meanNanoseconds").GetDouble() > 0);

        JsonElement[] handshakes = [.. hosts.Bridge.Output.Select(line => JsonDocument.Parse(line).RootElement).Where(json => Text(json, "type") == "handshake")];
        // iperf3's control connection and the one with the data, each once.
        Assert.Equal(2, handshakes.Length);
        Assert.Equal(2, handshakes.Select(handshake => Number(handshake.GetProperty("source"), "port")).Distinct().Count());
        Assert.All(handshakes, handshake => Assert.True(DateTime.UtcNow - handshake.GetProperty("time").GetDateTime() < TimeSpan.FromMinutes(5)));
        Assert.Equal("tcp-strip-sack-permitted", Assert.Single(handshakes[0].GetProperty("rules").EnumerateArray()).GetString());

        string readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));
        string documented = readme[readme.IndexOf("## For programs", StringComparison.Ordinal)..];
        Assert.All(Fields(stats).Concat(Fields(handshakes[0])).Distinct(), field => Assert.Contains($"`{field}`", documented));
    }

    [Fact]
    public void TableIsBoundedAndWhatMadeRoomIsCounted()
    {
        using var hosts = new TwoHosts(packetPorts: false, "--flows", "8", "--stats-flows", "3");
        hosts.Exec(hosts.Left, "bash", "-c", $"for port in {{9000..9039}}; do echo x > /dev/udp/{TwoHosts.RightAddress}/$port; done");
        JsonElement stats = hosts.Bridge.WaitForJson("stats", json => Number(json, "flowsSeen") >= 40);
        Assert.Equal(8, Number(stats, "flows"));
        Assert.Equal(Number(stats, "flowsSeen") - 8, Number(stats, "flowsEvicted"));
        JsonElement[] table = [.. stats.GetProperty("flowTable").EnumerateArray()];
        Assert.Equal(3, table.Length);
        DateTime[] seen = [.. table.Select(flow => flow.GetProperty("lastSeen").GetDateTime())];
        Assert.Equal(seen.OrderDescending(), seen);
        Assert.All(table, flow => Assert.True(flow.GetProperty("state").ValueKind == JsonValueKind.Null || Text(flow, "protocol") == "TCP"));
    }

    [Fact]
    public void WithoutTableThereIsNeitherFlowNorNeighbor()
    {
        TwoHosts.RequireTool("ping");
        using var hosts = new TwoHosts(packetPorts: false, "--flows", "0", "--stats-flows", "3");
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 2);
        JsonElement stats = hosts.Bridge.WaitForJson("stats", json => Number(json.GetProperty("ports").GetProperty("left"), "rxFrames") >= 2);
        Assert.Equal((0, 0, 0), (Number(stats, "flows"), Number(stats, "flowsSeen"), Number(stats, "flowsEvicted")));
        Assert.False(stats.TryGetProperty("flowTable", out _));
        Assert.False(stats.TryGetProperty("neighbors", out _));
        Assert.False(stats.TryGetProperty("capture", out _));
    }

    [Fact]
    public void WithoutStatsFlowsThereIsNoTableAndRulesThatWereNotTimedHaveNoMean()
    {
        // No host, so that no frame comes that could be timed.
        using var lab = new Namespaces();
        using FlukeProcess fluke = FlukeProcess.Bridge(
            lab.Add("middle"), "tap:fl0", "tap:fl1", "--rules", FlukeProcess.Example("tcp-log-options"), "--duration", "0.1");
        Assert.Equal(0, fluke.WaitForExit());
        JsonElement stats = fluke.LastJson("stats");
        Assert.False(stats.TryGetProperty("flowTable", out _));
        JsonElement rule = FlukeProcess.Rule(stats, "tcp-log-options");
        Assert.Equal(JsonValueKind.Null, rule.GetProperty("meanNanoseconds").ValueKind);
    }

    [Fact]
    public void NeighborsAreToldByWhomTheyAreAnswered()
    {
        TwoHosts.RequireTool("ping");
        using var hosts = new TwoHosts(
            packetPorts: false, "--rules", FlukeProcess.Example("ndp-answer-solicitations"), "--set", "addresses=2001:db8:1::cafe");
        foreach (string address in (string[])["2001:db8:1::cafe", "2001:db8:1::2"])
            hosts.Ping(hosts.Left, address, 2);

        JsonElement stats = hosts.Bridge.WaitForJson("stats", json => Answers(json, "2001:db8:1::cafe", "rule") > 0 && Answers(json, "2001:db8:1::2", "host") > 0);
        Assert.Equal(0, Answers(stats, "2001:db8:1::cafe", "host"));
        Assert.Equal(0, Answers(stats, "2001:db8:1::2", "rule"));
        JsonElement byRule = Address(stats, "2001:db8:1::cafe")!.Value;
        Assert.True(Number(byRule, "solicitations") > 0);
        Assert.Equal("02:00:00:00:00:06", Text(byRule.GetProperty("rule"), "mac"));
        string mac = hosts.Ip(hosts.Right, "-o link show eth0").Split("link/ether ")[1][..17];
        Assert.Equal(mac, Text(Address(stats, "2001:db8:1::2")!.Value.GetProperty("host"), "mac"));
    }

    [Fact]
    public void RoutersAndPrefixesAreToldAsOfferedAndAsDelivered()
    {
        TwoHosts.RequireTool("radvd");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", FlukeProcess.Example("ndp-rewrite-ra-prefix"));
        using var folder = new RuleFolder();
        RouterAdvertisementTests.StartRouter(hosts, folder);
        JsonElement stats = hosts.Bridge.WaitForJson("stats", json => json.GetProperty("neighbors").GetProperty("prefixes").GetArrayLength() == 2);
        JsonElement neighbors = stats.GetProperty("neighbors");
        JsonElement router = Assert.Single(neighbors.GetProperty("routers").EnumerateArray());
        Assert.StartsWith("fe80::", Text(router, "address"));
        Assert.Equal(("left", false), (Text(router, "side"), router.GetProperty("byRule").GetBoolean()));
        Assert.Equal((900, 900), (Number(router.GetProperty("offered"), "routerLifetime"), Number(router.GetProperty("delivered"), "routerLifetime")));
        JsonElement Prefix(string prefix) => neighbors.GetProperty("prefixes").EnumerateArray().Single(candidate => Text(candidate, "prefix") == prefix);
        Assert.True(Number(Prefix("2001:db8:1::/64"), "offered") > 0 && Number(Prefix("2001:db8:1::/64"), "delivered") == 0);
        Assert.True(Number(Prefix("2001:db8:2::/64"), "delivered") > 0 && Number(Prefix("2001:db8:2::/64"), "offered") == 0);
    }

    private static IEnumerable<string> Fields(JsonElement json) => json.ValueKind switch
    {
        // Its fields are the names of errors.
        JsonValueKind.Object => json.EnumerateObject().SelectMany(field => field.Name == "errorsByErrno" ? [field.Name] : Fields(field.Value).Prepend(field.Name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Fields),
        _ => [],
    };

    private static JsonElement? Address(JsonElement stats, string address)
    {
        foreach (JsonElement candidate in stats.GetProperty("neighbors").GetProperty("addresses").EnumerateArray())
        {
            if (Text(candidate, "address") == address)
                return candidate;
        }

        return null;
    }

    private static long Answers(JsonElement stats, string address, string by) =>
        Address(stats, address) is { } found ? Number(found.GetProperty(by), "answers") : 0;

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static long Number(JsonElement json, string name) => json.GetProperty(name).GetInt64();
}
