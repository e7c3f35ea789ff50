namespace Fluke6.Dashboard.Tests;

/// <summary>However the screen is left, the terminal is as it was: its settings, its main screen, cursor and mouse, its reader.</summary>
public sealed class LeavingTests : BridgedHosts
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public void SignalLeavesTheTerminalAsItWas(string signal)
    {
        using TerminalScreen screen = Open();
        screen.Signal(signal);
        Assert.Equal(0, screen.WaitForEnd());
        screen.WaitFor("stopped after");
    }

    [Fact]
    public void QuitSignalEndsTheProcessAndNotTheTerminal()
    {
        using TerminalScreen screen = Open();
        screen.Signal("QUIT");
        Assert.Equal(128 + 3, screen.WaitForEnd());
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void HeadlessBridgeThatWarnsNeverTouchesTheTerminal(string signal)
    {
        Rules.Write("10-x.CSX", "");
        using var screen = new TerminalScreen("", $"{Command} --headless");
        screen.WaitFor("warning: ");
        screen.Signal(signal);
        Assert.Equal(0, screen.WaitForEnd());
        Assert.DoesNotContain("\e", screen.Written, StringComparison.Ordinal);
    }

    [Fact]
    public void ControlCQuitsAtOnce()
    {
        using TerminalScreen screen = Open();
        screen.Press("C-c");
        Assert.Equal(0, screen.WaitForEnd());
    }

    [Fact]
    public void ProgramEndsWithItsTerminal()
    {
        using TerminalScreen screen = Open();
        screen.HangUp();
    }

    [Fact]
    public void BridgeThatFailsIsSaidOnTheTerminalAsItWas()
    {
        // Nothing that the network or the kernel does ends the bridge, so a rule takes away what it needs.
        Rules.Write("break.csx", """
            using System.Reflection;

            Verdict Apply(ref Frame frame)
            {
                if (frame.TryGetIcmpv4(out _))
                {
                    var inside = BindingFlags.Instance | BindingFlags.NonPublic;
                    object services = typeof(Fluke6.Engine.RuleInstance).GetField("_services", inside).GetValue(((Action<string>)Log).Target);
                    services.GetType().GetField("<Timers>k__BackingField", inside).SetValue(services, null);
                }
                return Verdict.Continue;
            }
            """);
        using TerminalScreen screen = Open();
        PingOnceWithoutAnswer();
        Assert.Equal(1, screen.WaitForEnd());
        screen.WaitFor("fluke6: the bridge stopped: Object reference not set");
    }

    [Theory]
    [InlineData("Environment.Exit(9)", 9)]
    public void RuleThatEndsTheProcessLeavesTheTerminalAsItWas(string statement, int status)
    {
        WriteAtEcho(statement);
        using TerminalScreen screen = Open();
        PingOnceWithoutAnswer();
        Assert.Equal(status, screen.WaitForEnd());
    }

    [Theory]
    [InlineData("new System.Threading.Thread(() => throw new InvalidOperationException(\"from a thread\")).Start()")]
    [InlineData("new System.Threading.Timer(_ => throw new InvalidOperationException(\"from a thread\"), null, 0, -1)")]
    public void ExceptionOnARulesOwnThreadIsSaidAndTheScreenStays(string statement)
    {
        WriteAtEcho(statement);
        using TerminalScreen screen = Open();
        Ping(count: 1);
        screen.WaitFor(text => System.Text.RegularExpressions.Regex.IsMatch(text, @"fault end( at \S+)?: [^\n]*InvalidOperationException:\s+from\s+a\s+thread"), "the fault");
        Ping(count: 1);
        screen.Quit();
    }

    [Fact]
    public void InterfaceThatGoesIsShownAndTheScreenStays()
    {
        using TerminalScreen screen = Open();
        _namespaces.Ip(Right, "link delete eth0");
        screen.WaitFor("right port eth0 is gone");
        screen.WaitFor(text => System.Text.RegularExpressions.Regex.IsMatch(text, @"← \S+ +gone"), "the port's state");
        screen.Quit();
    }

    [Fact]
    public void SuspendingIsRefusedInWords()
    {
        using TerminalScreen screen = Open();
        screen.Press("C-z");
        screen.WaitFor("to suspend would stop the traffic");
        // The bar's message, and the log's line, which comes of a signal from elsewhere.
        screen.Signal("TSTP");
        screen.WaitFor(text => System.Text.RegularExpressions.Regex.IsMatch(text, @"\d\d:\d\d:\d\d to suspend would stop the traffic"), "the log's line");
        screen.Quit();
    }

    [Fact]
    public void RuleThatDoesNotCompileIsSaidBeforeTheScreenOpens()
    {
        Rules.Write("broken.csx", "this is not C#");
        Assert.Contains("fluke6: broken.csx(1,", ErrorBeforeTheScreen("", Command, 3), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingPrivilegesAreSaidBeforeTheScreenOpens() => Assert.Contains(
        "fluke6: ", ErrorBeforeTheScreen("setpriv --bounding-set=-all --inh-caps=-all --", "bridge tap:fluke0 tap:fluke1", 4), StringComparison.Ordinal);

    private void WriteAtEcho(string statement) => Rules.Write("end.csx", $$"""
        Verdict Apply(ref Frame frame)
        {
            if (frame.TryGetIcmpv4(out _))
                {{statement}};
            return Verdict.Continue;
        }
        """);

    private void PingOnceWithoutAnswer() => _namespaces.Exec(Left, "sh", "-c", $"ping -c 1 -W 1 {RightAddress} || true");

    /// <summary>What it says at the terminal, which is what it says without one.</summary>
    private static string ErrorBeforeTheScreen(string environment, string command, int status)
    {
        string[] texts = new string[2];
        for (int i = 0; i < texts.Length; i++)
        {
            using var screen = new TerminalScreen(environment, i == 0 ? command : $"{command} --headless", width: 250);
            screen.WaitFor(_ => screen.HasEnded, "the end");
            texts[i] = screen.Text.TrimEnd();
            Assert.Equal(status, screen.WaitForEnd());
            Assert.DoesNotContain("\e[?1049h", screen.Written, StringComparison.Ordinal);
        }

        Assert.Equal(texts[1], texts[0]);
        return texts[0];
    }
}
