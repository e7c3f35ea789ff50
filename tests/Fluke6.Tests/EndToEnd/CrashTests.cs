using System.Diagnostics;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>A rule that ends the bridge's process: one line says which it was.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly RuleFolder _rules = new();

    public CrashTests() => _rules.Write("10-watches.csx", "void Apply(ref Frame frame) => frame.Hit();\n");

    public static TheoryData<string, int> Statements => RuleThatEndsTheProcess.Statements;

    public void Dispose() => _rules.Dispose();

    [Theory]
    [MemberData(nameof(Statements))]
    public void OneLineNamesTheRuleAndTheStatusIsTheProcesss(string statement, int status)
    {
        _rules.Write("20-ends.csx", RuleThatEndsTheProcess.At(statement));
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path);
        Assert.Throws<InvalidOperationException>(() => hosts.Exec(hosts.Left, "ping", "-c", "1", "-W", "1", TwoHosts.RightAddress));
        Assert.Equal(status, hosts.Bridge.WaitForExit());
        string line = Assert.Single(hosts.Bridge.Errors, line => line.StartsWith("fluke6:", StringComparison.Ordinal));
        Assert.StartsWith("fluke6: rule 20-ends: ", line);
        Assert.Equal(status == 9, line.Contains("Environment.Exit(9)", StringComparison.Ordinal));
        Assert.Contains(RuleThatEndsTheProcess.Lines(statement), at => line.Contains($", at {at};", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Every(TimeSpan.FromMilliseconds(1), () => Environment.FailFast(\"from a timer\"));")]
    [InlineData("int once = new[] { 1 }.Sum(); Post(() => Environment.Exit(7));")]
    public void WorkBetweenFramesIsItsRules(string statement)
    {
        _rules.Write("20-ends.csx", $"{statement}\nvoid Apply(ref Frame frame) {{ }}\n");
        using var fluke = new FlukeProcess("bridge", $"tun:flc{Environment.ProcessId % 100000}", "none", "--headless", "-r", _rules.Path);
        Assert.Contains(fluke.WaitForExit(), (int[])[134, 7]);
        Assert.StartsWith("fluke6: rule 20-ends: ", Assert.Single(fluke.Errors, line => line.StartsWith("fluke6:", StringComparison.Ordinal)));
    }

    [Fact]
    public void TopLevelThatEndsTheProcessIsNamed()
    {
        _rules.Write("20-ends.csx", "Environment.Exit(5);\nvoid Apply(ref Frame frame) { }\n");
        using var fluke = new FlukeProcess("bridge", $"tun:flt{Environment.ProcessId % 100000}", "none", "--headless", "-r", _rules.Path);
        Assert.Equal(5, fluke.WaitForExit());
        Assert.StartsWith("fluke6: rule 20-ends, while it was being loaded: Environment.Exit(5)", Assert.Single(fluke.Errors));
    }

    [Fact]
    public void KilledBridgeBlamesNoRule()
    {
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path);
        hosts.Bridge.Signal("KILL");
        hosts.Bridge.WaitForExit();
        Assert.StartsWith("fluke6: no rule was at work", Assert.Single(hosts.Bridge.Errors));
    }

    [Fact]
    public void BridgeThatEndsAsItShouldSaysNothing()
    {
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path);
        string witness = Assert.Single(hosts.Bridge.Children, child => File.ReadAllText($"/proc/{child}/comm") == "sh\n");
        hosts.Bridge.Signal("TERM");
        Assert.Equal(0, hosts.Bridge.WaitForExit());
        Assert.Empty(hosts.Bridge.Errors);
        Namespaces.Until(() => !Directory.Exists($"/proc/{witness}") || File.ReadAllText($"/proc/{witness}/stat").Contains(") Z ", StringComparison.Ordinal), "the witness's end");
    }
}
