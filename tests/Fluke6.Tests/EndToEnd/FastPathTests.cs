using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>The real program between veth pairs: the kernel forwards what no rule asks for, whatever is saved meanwhile, and nothing is left of it.</summary>
public sealed class FastPathTests : IDisposable
{
    private const int Pings = 800;
    private readonly RuleFolder _rules = new();

    public FastPathTests() => Save("Guard.TcpSyn", 0);

    public void Dispose() => _rules.Dispose();

    [Fact]
    public async Task GuardsThatChangeWithEverySaveLoseAndDoubleNothingAndTheHostSeesNothing()
    {
        TwoHosts.RequireTool("nstat");
        using var hosts = new TwoHosts(packetPorts: true, "--rules", _rules.Path, "--fast-path", "require");
        JsonElement ready = hosts.Bridge.LastJson("ready");
        Assert.True(ready.GetProperty("fastPath").GetBoolean());
        hosts.Ip(hosts.Middle, "address add 198.51.100.1/24 dev p0");
        string[] guards = ["Guard.Icmpv4()", "Guard.Tcp()", "\"icmp or udp port 53\"", "Guard.Ipv4", "Guard.TcpSyn"];
        System.Diagnostics.Process ping = hosts.Start(hosts.Left, "ping", "-n", "-q", "-i", "0.002", "-c", $"{Pings}", "-W", "20", TwoHosts.RightAddress);
        Task<string> said = ping.StandardOutput.ReadToEndAsync();
        for (int i = 1; !ping.HasExited; i++)
        {
            int reloads = Reloads(hosts);
            Save(guards[i % guards.Length], i);
            hosts.Bridge.WaitFor(() => ping.HasExited || Reloads(hosts) > reloads, "the reload");
        }

        Assert.Contains($"{Pings} packets transmitted, {Pings} received, 0% packet loss", await said);
        Assert.DoesNotContain("duplicates", await said);
        Assert.DoesNotContain(hosts.Bridge.Output, line => line.Contains("\"ok\":false", StringComparison.Ordinal));
        string counters = hosts.Exec(hosts.Middle, "nstat", "-asz", "IpInReceives", "IcmpOutMsgs", "TcpOutRsts");
        Assert.All(counters.Split('\n')[1..^1], line => Assert.Equal("0", line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));

        hosts.Bridge.Signal("INT");
        Assert.Equal(0, hosts.Bridge.WaitForExit());
        JsonElement left = hosts.Bridge.LastJson("stats").GetProperty("ports").GetProperty("left");
        Assert.InRange(left.GetProperty("kernelFrames").GetInt64(), 1, left.GetProperty("rxFrames").GetInt64());
        Assert.Equal("{}", left.GetProperty("txDroppedByErrno").GetRawText());
    }

    [Fact]
    public void ConnectionsLackWhatARuleTakesThoughItSeesTheirSynsAlone()
    {
        TwoHosts.RequireTool("iperf3");
        using var hosts = new TwoHosts(packetPorts: true, "--rules", FlukeProcess.Example("tcp-strip-sack-permitted"), "--stats-flows", "1000");
        Assert.True(hosts.Bridge.LastJson("ready").GetProperty("fastPath").GetBoolean());
        (string left, string right) = hosts.SocketsDuringTransfer();
        Assert.DoesNotContain(" sack", left);
        Assert.DoesNotContain(" sack", right);
        hosts.Bridge.Signal("INT");
        Assert.Equal(0, hosts.Bridge.WaitForExit());
        JsonElement stats = hosts.Bridge.LastJson("stats"), rule = FlukeProcess.Rule(stats, "tcp-strip-sack-permitted");
        Assert.Equal("TcpSyn", rule.GetProperty("guard").GetString());
        Assert.InRange(rule.GetProperty("guardMatched").GetInt64(), 4, 100);
        JsonElement port = stats.GetProperty("ports").GetProperty("left");
        Assert.True(stats.GetProperty("fastPath").GetBoolean());
        Assert.InRange(port.GetProperty("kernelBytes").GetInt64(), port.GetProperty("kernelFrames").GetInt64() * 60, port.GetProperty("rxBytes").GetInt64());
        Assert.True(port.GetProperty("kernelFrames").GetInt64() > port.GetProperty("rxFrames").GetInt64() / 2, $"{port}");
        JsonElement[] flows = [.. stats.GetProperty("flowTable").EnumerateArray()];
        foreach ((string side, string name) in ((string, string)[])[("left", "FromLeft"), ("right", "FromRight")])
        {
            JsonElement counters = stats.GetProperty("ports").GetProperty(side);
            Assert.Equal(
                (counters.GetProperty("rxFrames").GetInt64(), counters.GetProperty("rxBytes").GetInt64()),
                (flows.Sum(flow => flow.GetProperty($"frames{name}").GetInt64()), flows.Sum(flow => flow.GetProperty($"bytes{name}").GetInt64())));
        }

        JsonElement data = flows.MaxBy(flow => flow.GetProperty("kernelFrames").GetInt64());
        Assert.Equal((true, false), (data.GetProperty("ledger").GetProperty("complete").GetBoolean(), data.GetProperty("ledger").GetProperty("sawAllSegments").GetBoolean()));
        Assert.Equal(2, hosts.Bridge.Output.Count(line => line.Contains("\"type\":\"handshake\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void NothingIsLeftOfAProgramThatWasKilled()
    {
        using var hosts = new TwoHosts(packetPorts: true, "--rules", _rules.Path, "--fast-path", "require");
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 1);
        hosts.Bridge.Signal("KILL");
        hosts.Bridge.WaitForExit();
        // Were a program still there, this one would not begin.
        using FlukeProcess next = FlukeProcess.Bridge(hosts.Middle, "p0", "p1", "--rules", _rules.Path, "--fast-path", "require");
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 1);
        Assert.True(next.LastJson("ready").GetProperty("fastPath").GetBoolean());
    }

    [Fact]
    public void ReasonIsSaidAndWhereItIsRequiredItEndsTheStart()
    {
        _rules.Write("20-watches.csx", "void Apply(ref Frame frame) => frame.Hit();\n");
        using var hosts = new TwoHosts(packetPorts: true, "--rules", _rules.Path, "--flows", "0");
        JsonElement ready = hosts.Bridge.LastJson("ready");
        Assert.Equal((false, "20-watches has no guard"), (ready.GetProperty("fastPath").GetBoolean(), ready.GetProperty("fastPathReason").GetString()));
        hosts.Bridge.Signal("INT");
        Assert.Equal(0, hosts.Bridge.WaitForExit());

        using var refused = FlukeProcess.In(hosts.Middle, "bridge", "p0", "p1", "--rules", _rules.Path, "--fast-path", "require");
        Assert.Equal(1, refused.WaitForExit());
        Assert.Contains("20-watches has no guard; --fast-path auto goes without it", refused.Errors[^1]);
    }

    private static int Reloads(TwoHosts hosts) => hosts.Bridge.Output.Count(line => line.Contains("\"type\":\"reload\"", StringComparison.Ordinal));

    // Renamed into place, so that no half of it is ever read.
    private void Save(string guard, int number)
    {
        string path = Path.Combine(_rules.Path, "10-x.csx");
        File.WriteAllText($"{path}.new", $"When({guard});    // {number}\nVerdict Apply(ref Frame frame) => Verdict.Continue;\n");
        File.Move($"{path}.new", path, overwrite: true);
    }
}
