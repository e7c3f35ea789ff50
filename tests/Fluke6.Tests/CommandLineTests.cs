using System.Text.RegularExpressions;

namespace Fluke6.Command.Tests;

/// <summary>What the command says and how it ends, where no port is opened.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("frobnicate")]
    [InlineData("bridge", "eth0")]
    [InlineData("bridge", "eth0", "eth1", "--stats", "xml")]
    [InlineData("bridge", "eth0", "eth1", "--set", "mss")]
    [InlineData("bridge", "eth0", "eth1", "--duration", "soon")]
    [InlineData("bridge", "eth0", "eth1", "--fault-limit", "0")]
    [InlineData("bridge", "eth0", "eth1", "--on-fault", "panic")]
    [InlineData("bridge", "eth0", "eth1", "--rules", "/nonexistent/rules")]
    [InlineData("bridge", "eth0", "eth1", "--capture", "/tmp")]
    [InlineData("bridge", "eth0", "eth1", "--capture")]
    [InlineData("bridge", "eth0", "eth1", "--flows", "many")]
    [InlineData("bridge", "eth0", "eth1", "--flows", "-1")]
    [InlineData("bridge", "eth0", "eth1", "--flows", "16777217")]
    [InlineData("bridge", "eth0", "eth1", "--stats-flows", "1.5")]
    [InlineData("bridge", "eth0", "eth1", "--stats-interval", "0")]
    [InlineData("bridge", "eth0", "eth1", "--stats-interval", "often")]
    [InlineData("bridge", "eth0", "eth1", "--log-limit", "0")]
    [InlineData("bridge", "eth0", "eth1", "--stats-flows", "65537")]
    [InlineData("bridge", "eth0", "eth1", "--workers", "2")]
    [InlineData("bridge", "eth0", "eth1", "--metrics", "9464")]
    [InlineData("bridge", "eth0", "eth1", "--capture-ring", "10x100M")]
    [InlineData("bridge", "eth0", "eth1", "--capture-filter", "tcp port 80")]
    [InlineData("bridge", "eth0", "eth1", "--capture", "/tmp/x.pcapng", "--capture-filter", "tcp prt 80")]
    [InlineData("bridge", "eth0", "eth1", "--on-exit", "ajar")]
    [InlineData("bridge", "eth0", "eth1", "--capture", "/tmp/x.pcapng", "--capture-ring", "10")]
    [InlineData("bridge", "tap:a/b", "none")]
    [InlineData("doctor", "eth0")]
    [InlineData("doctor", "none", "none")]
    [InlineData("doctor", "tap:a/b", "none")]
    [InlineData("doctor", "eth0", "eth1", "--watch", "0")]
    [InlineData("doctor", "eth0", "eth1", "--rules", "/nonexistent/rules")]
    [InlineData("check")]
    [InlineData("check", "/nonexistent/rules")]
    [InlineData("lab", "--stats", "json")]
    [InlineData("replay", "-o", "/tmp/out.pcapng")]
    [InlineData("replay", "/proc/version")]
    [InlineData("replay", "/nonexistent/in.pcap", "-o", "/tmp/out.pcapng")]
    [InlineData("replay", "/tmp", "-o", "/tmp/out.pcapng")]
    [InlineData("replay", "/proc/version", "-o", "/tmp/out.pcapng", "--left", "eth0")]
    [InlineData("replay", "/proc/version", "-o", "/tmp/out.pcapng", "--seed", "-1")]
    [InlineData("replay", "/proc/version", "-o", "/tmp/out.pcapng", "--linger", "long")]
    [InlineData("replay", "/proc/version", "-o", "/tmp/out.pcapng", "--mtu", "67")]
    public void UsageErrorIsOneLineAndStatus2(params string[] arguments)
    {
        using var fluke = new FlukeProcess(arguments);
        Assert.Equal(2, fluke.WaitForExit());
        string line = Assert.Single(fluke.Errors);
        Assert.StartsWith("fluke6: ", line);
        Assert.Empty(fluke.Output);
    }

    [Theory]
    [InlineData("frobnicate", "'frobnicate'", "'fluke6 --help'")]
    [InlineData("bridge eth0", "RIGHT", "'fluke6 bridge --help'")]
    [InlineData("bridge eth0 eth1 --duration soon", "'--duration soon'", "'fluke6 bridge --help'")]
    [InlineData("capture /tmp/a.pcapng --stop", "'--stop'", "'fluke6 capture --help'")]
    [InlineData("status --bogus", "'--bogus'", "'fluke6 status --help'")]
    [InlineData("chekc rules/", "did you mean check?", "'fluke6 --help'")]
    [InlineData("bridge eth0 eth1 --headles", "did you mean --headless?", "'fluke6 bridge --help'")]
    [InlineData("check /tmp --param", "'--param' is no option here", "'fluke6 check --help'")]
    public void UsageErrorNamesTheCulpritAndTheHelp(string line, string culprit, string help)
    {
        using var fluke = new FlukeProcess(line.Split(' '));
        fluke.WaitForExit();
        Assert.Contains(culprit, fluke.Errors[0]);
        Assert.Contains(help, fluke.Errors[0]);
    }

    [Theory]
    [InlineData("--help", "bridge <LEFT> <RIGHT>", "check <PATH>", "lab", "Exit status: 0 done", "fluke6 lab ")]
    [InlineData("bridge --help", "tap:NAME@NETNS", "--rules <PATH>", "--set <NAME=VALUE>", "--on-fault <pass|drop>", "--fault-limit <N>",
        "--capture <FILE>", "--flows <N>", "--stats-flows <N>", "--no-offload", "--duration <SECONDS>", "--stats <json|text|none>", "--stats-interval <SECONDS>", "--log-limit <N>", "--headless", "fluke6 bridge eth1 eth2 -r rules/")]
    [InlineData("check --help", "fluke6 check rules/")]
    [InlineData("replay --help", "-o, --output <OUT>", "--left <ADDRESS|PREFIX|MAC,...>", "--seed <N>", "--linger <SECONDS>", "--mtu <BYTES>", "fluke6 replay in.pcap -o out.pcapng")]
    [InlineData("lab --help", "--rules <PATH>", "--capture <FILE>", "--flows <N>", "fluke6 lab < /dev/null")]
    public void HelpShowsOptionsAndExamples(string line, params string[] expected)
    {
        using var fluke = new FlukeProcess(line.Split(' '));
        Assert.Equal(0, fluke.WaitForExit());
        string help = string.Join('\n', fluke.Output);
        Assert.All(expected, part => Assert.Contains(part, help));
        Assert.DoesNotContain("--workers", help);
        Assert.Empty(fluke.Errors);
    }

    [Fact]
    public void AloneItPrintsTheHelpWithStatus2()
    {
        using var alone = new FlukeProcess();
        using var asked = new FlukeProcess("--help");
        Assert.Equal(2, alone.WaitForExit());
        Assert.Equal(0, asked.WaitForExit());
        Assert.Equal(asked.Output, alone.Output);
        Assert.Contains(alone.Output, line => line.Contains("begin here", StringComparison.Ordinal));
        Assert.Empty(alone.Errors);
    }

    [Fact]
    public void LabsHelpNamesTheExamplesThatItRuns()
    {
        using var fluke = new FlukeProcess("lab", "--help");
        Assert.Equal(0, fluke.WaitForExit());
        string help = string.Join(' ', fluke.Output);
        Match runs = Regex.Match(help, @"it runs (\d+) of the examples, which go together: ([a-z0-9, -]+)\.");
        string[] names = runs.Groups[2].Value.Split(", ");
        Assert.Equal(runs.Groups[1].Value, $"{names.Length}");
        Assert.All(names, name => Assert.True(File.Exists(FlukeProcess.Example(name)), name));
    }

    [Fact]
    public void VersionHasTheCommitThatItWasBuiltOf()
    {
        using var fluke = new FlukeProcess("--version");
        Assert.Equal(0, fluke.WaitForExit());
        // Sources without git have no commit.
        Assert.Matches(@"^\d+\.\d+\.\d+(\+[0-9a-f]{12})?$", Assert.Single(fluke.Output));
    }

    [Fact]
    public void ExamplesPassCheck()
    {
        using var fluke = new FlukeProcess("check", FlukeProcess.Examples);
        Assert.Equal(0, fluke.WaitForExit());
        Assert.Empty(fluke.Errors);
        Assert.Equal($"{Directory.GetFiles(FlukeProcess.Examples, "*.csx").Length} rules, no errors", Assert.Single(fluke.Output));
    }

    [Fact]
    public void CheckListsWhatThereIsToSet()
    {
        using var rules = new RuleFolder();
        rules.Write("10-none.csx", "void Apply(ref Frame frame) { }\n");
        rules.Write("20-clamp.csx", """
            var mss = Param<ushort>("mss", 1220, "the largest MSS, in bytes", 536, 9000);
            var to = Param("addresses", new[] { Ipv6Address.Parse("::1") });
            void Apply(ref Frame frame) { }

            """);
        rules.Write("30-made-up.csx", "var x = Param($\"x{1 + 1}\", 1);\nvoid Apply(ref Frame frame) { }\n");
        using var fluke = new FlukeProcess("check", rules.Path, "--params");
        Assert.Equal(0, fluke.WaitForExit());
        Assert.Equal(
            [
                "20-clamp",
                "  parameter  type             default  range        what it is",
                "  addresses  Ipv6Address,...  ::1",
                "  mss        ushort           1220     536 to 9000  the largest MSS, in bytes",
                "",
                "30-made-up makes up names of parameters as it runs: its text does not tell them",
                "",
                "3 rules, no errors",
            ],
            fluke.Output);
    }

    [Fact]
    public void CheckTellsOfFilesThatAreNoRules()
    {
        using var rules = new RuleFolder();
        rules.Write("50.CSX", "");
        rules.Write("60.cs", "");
        rules.Write("notes.txt", "");
        using var fluke = new FlukeProcess("check", rules.Path);
        Assert.Equal(0, fluke.WaitForExit());
        Assert.Equal(["0 rules, no errors"], fluke.Output);
        Assert.Equal(
            [
                $"fluke6: {Path.Combine(rules.Path, "50.CSX")} is no rule: its name does not end in .csx",
                $"fluke6: {Path.Combine(rules.Path, "60.cs")} is no rule: its name does not end in .csx",
                $"fluke6: there is no rule in {rules.Path}: a rule is a file whose name ends in .csx",
            ],
            fluke.Errors);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("bridge", "tap:fl6m", "none", "-r")]
    public void FileThatIsNoRuleIsRefusedInOneLine(params string[] command)
    {
        using var rules = new RuleFolder();
        string readme = rules.Write("README.md", "# What the rules here are for\n");
        using var fluke = new FlukeProcess([.. command, readme]);
        Assert.Equal(2, fluke.WaitForExit());
        Assert.StartsWith($"fluke6: {readme} is no rule: its name does not end in .csx", Assert.Single(fluke.Errors));
    }

    [Fact]
    public void BridgeWarnsOfFilesThatAreNearlyRight()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "without root, there is no port to open");
        using var rules = new RuleFolder();
        rules.Write("10-clamp.csx", "readonly ushort mss = Param(\"mss\", (ushort)1220);\nvoid Apply(ref Frame frame) { }\n");
        string misnamed = rules.Write("50.CSX", "");
        using var fluke = new FlukeProcess("bridge", "tap:fl6n", "none", "-r", rules.Path, "--set", "mss=1300", "--duration", "0");
        Assert.Equal(0, fluke.WaitForExit());
        Assert.Equal($"fluke6: warning: {misnamed} is no rule: its name does not end in .csx", Assert.Single(fluke.Errors));
    }

    [Theory]
    [InlineData("mms=1300", "no rule asks for a parameter 'mms'; did you mean --set mss=...?")]
    [InlineData("20-clamp.mss=1300", "no rule asks for a parameter '20-clamp.mss'; did you mean --set 10-clamp.mss=...?")]
    [InlineData("lifetime=5", "no rule asks for a parameter 'lifetime'; the rules ask for mss")]
    public void ParameterThatIsForNobodyIsAnErrorBeforeAnyFramePasses(string setting, string error)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "without root, there is no port to open");
        using var rules = new RuleFolder();
        rules.Write("10-clamp.csx", "readonly ushort mss = Param(\"mss\", (ushort)1220);\nvoid Apply(ref Frame frame) { }\n");
        using var fluke = new FlukeProcess("bridge", "tap:fl6nb", "none", "-r", rules.Path, "--set", setting, "--duration", "0");
        Assert.Equal(2, fluke.WaitForExit());
        Assert.Equal($"fluke6: {error}", Assert.Single(fluke.Errors));
        Assert.DoesNotContain("ready", string.Concat(fluke.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void CheckOutlivesAFileThatEndsTheCompiler()
    {
        using var rules = new RuleFolder();
        rules.Write("10-deep.csx", "void Apply(ref Frame frame) { }\nint" + new string('*', 50_000) + " x;\n");
        using var fluke = new FlukeProcess("check", rules.Path);
        Assert.Equal(3, fluke.WaitForExit());
        Assert.StartsWith("10-deep.csx(1,1): error FLUKE006: too deep for the compiler", Assert.Single(fluke.Errors));
    }

    [Fact]
    public void ShellsListOfRulesIsTaken()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "without root, there is no port to open");
        using var rules = new RuleFolder();
        string one = rules.Write("10-one.csx", "void Apply(ref Frame frame) { }");
        string two = rules.Write("20-two.csx", "nonsense");
        using var fluke = new FlukeProcess("bridge", "-r", one, two, "tap:fl6g", "none");
        Assert.Equal(3, fluke.WaitForExit());
        Assert.StartsWith("fluke6: 20-two.csx(1,1): error", fluke.Errors[0]);
    }

    [Fact]
    public void CheckPrintsFileLineAndColumnAndEndsWith3()
    {
        using var rules = new RuleFolder();
        rules.Write("10-broken.csx", "Verdict Apply(ref Frame frame)\n{\n    return Verdict.Continue\n}\n");
        rules.Write("20-whole.csx", "void Apply(ref Frame frame) => frame.Hit();\n");
        using var fluke = new FlukeProcess("check", rules.Path);
        Assert.Equal(3, fluke.WaitForExit());
        Assert.Equal("10-broken.csx(3,28): error CS1002: ; expected", Assert.Single(fluke.Errors));
    }

    [Fact]
    public void MissingInterfaceIsOneLineAndStatus1()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "without root, the answer is about rights");
        using var fluke = new FlukeProcess("bridge", "nonexistent0", "none");
        Assert.Equal(1, fluke.WaitForExit());
        string line = Assert.Single(fluke.Errors);
        Assert.Contains("nonexistent0", line);
        Assert.Contains("ip link", line);
    }

    [Fact]
    public void MissingRightIsOneLineAndStatus4()
    {
        using var fluke = Environment.IsPrivilegedProcess
            ? FlukeProcess.Unprivileged("bridge", "tap:fl6a", "none")
            : new FlukeProcess("bridge", "tap:fl6a", "none");
        Assert.Equal(4, fluke.WaitForExit());
        Assert.Contains("run as root", Assert.Single(fluke.Errors));
    }
}
