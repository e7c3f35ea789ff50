
namespace Fluke6.Dashboard.Tests;

/// <summary>A rule that ends the bridge's process while the dashboard is open: the terminal is as it was, and a line names the rule.</summary>
public sealed class CrashTests : BridgedHosts
{
    public static TheoryData<string, int> Statements => RuleThatEndsTheProcess.Statements;

    [Theory]
    [MemberData(nameof(Statements))]
    public void TerminalIsAsItWasAndTheRuleIsNamed(string statement, int status)
    {
        Rules.Write("20-ends.csx", RuleThatEndsTheProcess.At(statement));
        using TerminalScreen screen = Open();
        PingOnceWithoutAnswer();
        Assert.Equal(status, screen.WaitForEnd());
        screen.WaitFor("fluke6: rule 20-ends: ");
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void SupervisedItOpensAgainAndTheSecondTimeWithoutTheRule(string statement, int status)
    {
        _ = status;
        Rules.Write("20-ends.csx", RuleThatEndsTheProcess.At(statement));
        using TerminalScreen screen = Open(options: "--supervise");
        for (int i = 0; i < 2; i++)
        {
            PingOnceWithoutAnswer();
            screen.WaitFor("forwarding again after");
        }

        screen.WaitFor("disabled");
        Ping();
        screen.Quit();
    }

    [Fact]
    public void KilledBridgeLeavesTheTerminalAsItWas()
    {
        using TerminalScreen screen = Open();
        string parent = screen.ProgramId;
        string bridge = File.ReadAllText($"/proc/{parent}/task/{parent}/children").Trim();
        System.Diagnostics.Process.Start("kill", ["-KILL", bridge]).WaitForExit();
        Assert.Equal(128 + 9, screen.WaitForEnd());
        screen.WaitFor("SIGKILL");
    }

    [Fact]
    public void KilledParentLeavesTheTerminalAsItWas()
    {
        using TerminalScreen screen = Open();
        screen.Signal("KILL");
        screen.WaitFor(_ => !screen.IsOpen && screen.HasEnded, "the screen to be left");
        screen.WaitFor("stopped after");
    }

    private void PingOnceWithoutAnswer() => _namespaces.Exec(Left, "sh", "-c", $"ping -c 1 -W 1 {RightAddress} || true");
}
