using System.Diagnostics;
using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary><c>bridge --supervise</c>: traffic goes on after the bridge's process ended, through the same interfaces.</summary>
public sealed class SuperviseTests : IDisposable
{
    private readonly RuleFolder _rules = new();

    public SuperviseTests() => _rules.Write("10-watches.csx", "void Apply(ref Frame frame) => frame.Hit();\n");

    public static TheoryData<string, int> Statements => RuleThatEndsTheProcess.Statements;

    public void Dispose() => _rules.Dispose();

    [Theory]
    [MemberData(nameof(Statements))]
    public void TrafficGoesOnThroughTheSameInterfacesAndTheSecondTimeTheRuleStaysOut(string statement, int status)
    {
        _rules.Write("20-ends.csx", RuleThatEndsTheProcess.At(statement));
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--supervise");
        string before = Interfaces(hosts);

        PingInVain(hosts);
        JsonElement restart = Restart(hosts, 1);
        Assert.Equal("20-ends", restart.GetProperty("rule").GetString());
        Assert.Contains(restart.GetProperty("at").GetString(), RuleThatEndsTheProcess.Lines(statement));
        Assert.InRange(restart.GetProperty("secondsOut").GetDouble(), 0.001, 30);
        Assert.Contains(status == 9 ? "Environment.Exit(9)" : "SIGABRT", restart.GetProperty("reason").GetString());
        Assert.Equal("live", State(hosts.Bridge.WaitForJson("stats", _ => true)));

        PingInVain(hosts);
        Restart(hosts, 2);
        JsonElement stats = hosts.Bridge.WaitForJson("stats", json => State(json) == "disabled");
        Assert.Contains("ended the bridge 2 times", FlukeProcess.Rule(stats, "20-ends").GetProperty("reason").GetString());
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 2);
        hosts.Bridge.WaitForJson("stats", json => State(json) == "disabled" && FlukeProcess.Rule(json, "10-watches").GetProperty("hits").GetInt64() > 0);
        Assert.Equal(before, Interfaces(hosts));

        // Mended and saved, it is one like the others.
        _rules.Write("20-ends.csx", "void Apply(ref Frame frame) => frame.Hit();\n");
        hosts.Bridge.WaitForJson("reload", json => json.GetProperty("ok").GetBoolean() && json.GetProperty("rule").GetString() == "20-ends");
        hosts.Bridge.WaitFor(() => State(hosts.Bridge.LastJson("stats")) == "live", "the rule to be live");
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 1);

        hosts.Bridge.Signal("TERM");
        Assert.Equal(0, hosts.Bridge.WaitForExit());
    }

    [Fact]
    public void PacketPortsGoOn()
    {
        _rules.Write("20-ends.csx", RuleThatEndsTheProcess.At("Environment.Exit(9)"));
        using var hosts = new TwoHosts(packetPorts: true, "--rules", _rules.Path, "--supervise");
        PingInVain(hosts);
        Restart(hosts, 1);
        PingInVain(hosts);
        Restart(hosts, 2);
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 2);
        Assert.DoesNotContain("promiscuity 0 ", hosts.Ip(hosts.Middle, "-d link show p0"));
    }

    [Fact]
    public void WithOnFaultDropNothingPassesARuleThatStaysOut()
    {
        _rules.Write("20-ends.csx", RuleThatEndsTheProcess.At("Environment.Exit(9)"));
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--supervise", "--on-fault", "drop");
        PingInVain(hosts);
        Restart(hosts, 1);
        PingInVain(hosts);
        Restart(hosts, 2);
        PingInVain(hosts);
        JsonElement stats = hosts.Bridge.WaitForJson("stats", json => FlukeProcess.Rule(json, "20-ends").GetProperty("dropped").GetInt64() > 0);
        Assert.Equal("bypassed", State(stats));
        Assert.Equal(0, stats.GetProperty("ports").GetProperty("right").GetProperty("txFrames").GetInt64());
    }

    [Fact]
    public void WithOnFaultDropARestartedBridgeBeginsAndNothingPassesAFileThatNoLongerCompiles()
    {
        _rules.Write("20-ends.csx", RuleThatEndsTheProcess.At("Environment.Exit(9)"));
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--supervise", "--on-fault", "drop");
        _rules.Write("30-filter.csx", "Verdict Apply(\n");
        hosts.Bridge.WaitForJson("reload", json => json.GetProperty("rule").GetString() == "30-filter");
        PingInVain(hosts);
        Restart(hosts, 1);
        _rules.Write("20-ends.csx", "void Apply(ref Frame frame) => frame.Hit();\n");
        hosts.Bridge.WaitForJson("reload", json => json.GetProperty("rule").GetString() == "20-ends" && json.GetProperty("ok").GetBoolean());
        PingInVain(hosts);
        JsonElement stats = hosts.Bridge.WaitForJson(
            "stats", json => json.GetProperty("rules").GetArrayLength() == 3 && FlukeProcess.Rule(json, "30-filter").GetProperty("dropped").GetInt64() > 0);
        Assert.Equal("failed", FlukeProcess.Rule(stats, "30-filter").GetProperty("state").GetString());
        Assert.Equal(0, stats.GetProperty("ports").GetProperty("right").GetProperty("txFrames").GetInt64());

        // Mended, it is asked.
        _rules.Write("30-filter.csx", "void Apply(ref Frame frame) => frame.Hit();\n");
        hosts.Bridge.WaitForJson("reload", json => json.GetProperty("rule").GetString() == "30-filter" && json.GetProperty("ok").GetBoolean());
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 1);
    }

    [Fact]
    public void EachRestartIsToldHoweverSoonTheNextFollows()
    {
        _rules.Write("20-ends.csx", "void Apply(ref Frame frame) => Environment.Exit(9);\nPost(() => Environment.Exit(9));\n");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--supervise");
        Restart(hosts, 1);
        Restart(hosts, 2);
        Assert.Equal(2, hosts.Bridge.Output.Count(line => line.StartsWith("{\"type\":\"restart\"", StringComparison.Ordinal)));
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 1);
    }

    [Fact]
    public void RuleSavedAnewAfterItEndedTheBridgeOnceGetsAnotherChance()
    {
        _rules.Write("20-ends.csx", RuleThatEndsTheProcess.At("Environment.Exit(9)"));
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--supervise");
        PingInVain(hosts);
        Restart(hosts, 1);
        _rules.Write("20-ends.csx", RuleThatEndsTheProcess.At("Environment.Exit(8)"));
        hosts.Bridge.WaitForJson("reload", json => json.GetProperty("rule").GetString() == "20-ends");
        PingInVain(hosts);
        Restart(hosts, 2);
        hosts.Bridge.WaitFor(() => hosts.Bridge.Output[^1].Contains("\"stats\"", StringComparison.Ordinal), "stats of the third");
        Assert.Equal("live", State(hosts.Bridge.LastJson("stats")));
    }

    [Fact]
    public void TopLevelThatEndsTheProcessDoesNotKeepTheBridgeFromBeginning()
    {
        _rules.Write("20-ends.csx", "Environment.Exit(5);\nvoid Apply(ref Frame frame) { }\n");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--supervise");
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 1);
        Assert.Equal("disabled", State(hosts.Bridge.WaitForJson("stats", _ => true)));
    }

    [Fact]
    public void KilledBridgeIsRestartedAndNoRuleBlamed()
    {
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--supervise");
        for (int i = 1; i <= 3; i++)
        {
            Kill(hosts.Bridge.Child);
            Assert.Equal(JsonValueKind.Null, Restart(hosts, i).GetProperty("rule").ValueKind);
            Assert.Contains("SIGKILL", hosts.Bridge.LastJson("restart").GetProperty("reason").GetString());
            hosts.Ping(hosts.Left, TwoHosts.RightAddress, 1);
        }
    }

    /// <summary>The parent has the ports still; in the bridge, the number would soon be another file's, which frames would go to.</summary>
    [Fact]
    public void RuleThatClosesAPortEndsTheBridgeWhichIsRestarted()
    {
        _rules.Write("20-closes.csx", """
            [System.Runtime.InteropServices.DllImport("libc")] static extern int close(int descriptor);
            Verdict Apply(ref Frame frame)
            {
                if (frame.TryGetIcmpv4(out var icmp) && icmp.IsEchoRequest)
                {
                    // By number: entries of the folder come and go while it is read.
                    for (int descriptor = 0; descriptor < 1024; descriptor++)
                    {
                        try
                        {
                            if (new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget is { } target && target.EndsWith("/tun"))
                                close(descriptor);
                        }
                        catch (IOException)
                        {
                        }
                    }
                }

                return Verdict.Continue;
            }
            """);
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--supervise");
        PingInVain(hosts);
        Restart(hosts, 1);
        Assert.Contains(hosts.Bridge.Errors, line => line.StartsWith("fluke6: the bridge stopped: the descriptor of eth0 was closed", StringComparison.Ordinal));
        _rules.Write("20-closes.csx", "void Apply(ref Frame frame) => frame.Hit();\n");
        hosts.Bridge.WaitForJson("reload", json => json.GetProperty("rule").GetString() == "20-closes" && json.GetProperty("ok").GetBoolean());
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 1);
    }

    [Fact]
    public void KilledParentTakesTheBridgeAlong()
    {
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--supervise");
        int bridge = hosts.Bridge.Child;
        hosts.Bridge.Signal("KILL");
        Namespaces.Until(() => !Directory.Exists($"/proc/{bridge}"), "the bridge's end");
        Namespaces.Until(() => !(hosts.Ip(hosts.Left, "link show") + hosts.Ip(hosts.Right, "link show")).Contains("eth0"), "no eth0");
    }

    [Theory]
    [InlineData("INT", 0)]
    [InlineData("TERM", 0)]
    [InlineData("QUIT", 131)]
    public void SignalReachesTheBridgeOnce(string signal, int status)
    {
        _rules.Write("20-exit.csx", "AtExit(() => Log(\"bye\"));\nvoid Apply(ref Frame frame) { }\n");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--supervise");
        hosts.Bridge.Signal(signal);
        Assert.Equal(status, hosts.Bridge.WaitForExit());
        Assert.Equal(status == 0 ? 1 : 0, hosts.Bridge.Output.Count(line => line.Contains("\"bye\"", StringComparison.Ordinal)));
        Assert.Empty(hosts.Bridge.Errors);
    }

    [Fact]
    public void HangUpSignalReachesTheBridgeWhichLoadsItsRulesAnewWhileTasksKeepThePoolsThreads()
    {
        // The pool adds a thread or two a second by itself, which is a minute for these.
        _rules.Write("20-waits.csx", """
            for (int i = 0; i < 100; i++)
                _ = Task.Run(() => Stopped.WaitHandle.WaitOne());
            void Apply(ref Frame frame) { }
            """);
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--supervise");
        int bridge = hosts.Bridge.Child;
        hosts.Bridge.Signal("HUP");
        hosts.Bridge.WaitForJson("reload", reload => reload.GetProperty("ok").GetBoolean());
        Assert.Equal(bridge, hosts.Bridge.Child);
    }

    [Fact]
    public void BridgeThatEndsAsItShouldIsNotRestarted()
    {
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--supervise");
        using Process kill = Process.Start("kill", ["-TERM", $"{hosts.Bridge.Child}"]);
        Assert.Equal(0, hosts.Bridge.WaitForExit());
    }

    [Fact]
    public void RuleThatDoesNotCompileAtFirstIsAnError()
    {
        _rules.Write("20-broken.csx", "Verdict Apply(\n");
        using var fluke = new FlukeProcess("bridge", $"tun:fls{Environment.ProcessId % 100000}", "none", "--supervise", "--headless", "-r", _rules.Path);
        Assert.Equal(3, fluke.WaitForExit());
        Assert.All(fluke.Errors, line => Assert.StartsWith("fluke6: 20-broken.csx(1,", line));
    }

    [Fact]
    public void DurationCountsFromTheFirstAndCapturesAreKept()
    {
        string capture = Path.Combine(_rules.Path, "seen.pcapng");
        _rules.Write("20-ends.csx", RuleThatEndsTheProcess.At("Environment.Exit(9)"));
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path, "--supervise", "--duration", "4", "--capture", capture);
        long start = Stopwatch.GetTimestamp();
        PingInVain(hosts);
        Restart(hosts, 1);
        Assert.Equal(0, hosts.Bridge.WaitForExit());
        // Anew for each bridge, it would be two seconds more at the least; the machine may be slow.
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
        Assert.True(new FileInfo(capture).Length > 0);
        Assert.True(new FileInfo(Path.Combine(_rules.Path, "seen-2.pcapng")).Length > 0);
        Assert.Contains("goes on in", Assert.Single(hosts.Bridge.Errors, line => line.Contains("warning", StringComparison.Ordinal)));
    }

    private static string State(JsonElement stats) => FlukeProcess.Rule(stats, "20-ends").GetProperty("state").GetString()!;

    private static JsonElement Restart(TwoHosts hosts, int number) =>
        hosts.Bridge.WaitForJson("restart", json => json.GetProperty("restarts").GetInt32() == number);

    // Numbers and addresses; link-local ones among them are random, and stay.
    private static string Interfaces(TwoHosts hosts) => string.Concat(((string[])[hosts.Left, hosts.Right])
        .Select(host => hosts.Ip(host, $"-o address show dev {hosts.Interface}")));

    // The answer may come, as what a host sends meanwhile waits for the next bridge.
    private static void PingInVain(TwoHosts hosts) =>
        hosts.Exec(hosts.Left, "sh", "-c", $"ping -c 1 -W 1 {TwoHosts.RightAddress} || true");

    private static void Kill(int process)
    {
        using Process kill = Process.Start("kill", ["-KILL", $"{process}"]);
        kill.WaitForExit();
    }
}
