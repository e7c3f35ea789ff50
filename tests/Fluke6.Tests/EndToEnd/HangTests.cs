using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Rules that do not return, one after another in one bridge: the process lives, traffic goes on, what stays behind is told.</summary>
public sealed class HangTests : IDisposable
{
    // What calls or allocates, over and over: .NET's own abort of such a thread ends the process.
    private static readonly string[] s_hangs =
    [
        "var seen = new Dictionary<int, string>(); while (true) seen[0] = new string('x', 100);",
        "while (true) Log($\"{frame.Length}\");",
        "while (true) Enumerable.Range(0, 1000).Where(n => n % 2 == 0).Select(n => $\"{n}\").ToList();",
        "Thread.Sleep(-1);",
        "while (true) { try { throw new Exception(); } catch { } }",
    ];

    private readonly RuleFolder _rules = new();

    public void Dispose() => _rules.Dispose();

    [Fact]
    public void EachIsTakenOutWithItsLineAndPingsAreAnswered()
    {
        TwoHosts.RequireTool("ping");
        _rules.Write("10-hangs.csx", Version(0, "return Verdict.Continue;"));
        _rules.Write("20-counts.csx", "void Apply(ref Frame frame) => frame.Hit();\n");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path);
        for (int i = 0; i < s_hangs.Length; i++)
        {
            int version = i + 1;
            _rules.Write("10-hangs.csx", Version(version, s_hangs[i]));
            hosts.Bridge.WaitFor(() => Count(hosts, "reload") == version, $"version {version}");
            // The frame it hangs on passes as well, a second late.
            hosts.Exec(hosts.Left, "ping", "-c", "1", "-W", "10", "-s", "13", TwoHosts.RightAddress);
            hosts.Bridge.WaitFor(() => Count(hosts, "fault") == version, $"fault {version}");
            Assert.Contains(" 0% packet loss", hosts.Exec(hosts.Left, "ping", "-c", "3", "-i", "0.1", "-W", "10", TwoHosts.RightAddress));
        }

        JsonElement fault = hosts.Bridge.LastJson("fault");
        Assert.Equal("10-hangs.csx:5", fault.GetProperty("at").GetString());
        // A script's own loops, and what waits, have ended.
        hosts.Bridge.WaitFor(() => hosts.Bridge.LastJson("stats").GetProperty("threadsLeftBehind").GetInt32() == 0, "the end of what was left behind");
    }

    [Theory]
    [InlineData("new Thread(() => Thread.Sleep(-1)).Start();")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) => { while (true) { } };")]
    [InlineData("new Hangs(); GC.Collect(); class Hangs { ~Hangs() { while (true) { } } }")]
    public void NothingThatARuleLeavesBehindKeepsTheProcessFromItsEnd(string topLevel)
    {
        _rules.Write("10-stays.csx", $"void Apply(ref Frame frame) => frame.Hit();\n{topLevel}\n");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path);
        hosts.Bridge.Signal("TERM");
        Assert.Equal(0, hosts.Bridge.WaitForExit());
        hosts.Bridge.LastJson("stats");
    }

    private static string Version(int version, string statements) =>
        $"// version {version}\nVerdict Apply(ref Frame frame)\n{{\n    if (!frame.TryGetIcmpv4(out _) || frame.Length != 55) return Verdict.Continue;\n"
        + $"    {statements}\n    return Verdict.Continue;\n}}\n";

    private static int Count(TwoHosts hosts, string type) =>
        hosts.Bridge.Output.Count(line => line.StartsWith($"{{\"type\":\"{type}\"", StringComparison.Ordinal));
}
