using System.Diagnostics;

namespace Fluke6.Dashboard.Tests;

/// <summary><c>&lt;</c> and <c>&gt;</c>: a shell in either host, while the traffic goes on; afterwards the screen and the terminal are as before.</summary>
public sealed class ShellTests : BridgedHosts
{
    [Theory]
    [InlineData("<", LeftAddress)]
    [InlineData(">", RightAddress)]
    public void ShellIsInThatHostAndExitComesBack(string key, string address)
    {
        using TerminalScreen screen = Open("SHELL=/bin/bash", "--keep-privileges");
        screen.Type(key);
        screen.WaitFor("'exit' comes back to the dashboard");
        Namespaces.Until(() => !screen.IsOpen, "the screen to be closed");
        screen.Type("ip -br -4 address show eth0; ping -c 2 -i 0.2 10.67.0.2 | grep received; false\n");
        screen.WaitFor(address);
        screen.WaitFor("2 received");
        screen.Type("exit\n");
        Namespaces.Until(() => screen.IsOpen, "the screen");
        screen.WaitFor("? help");
        // What the last command in it ended with is the user's business.
        Assert.DoesNotContain("status", screen.Text, StringComparison.Ordinal);
        screen.Quit();
    }

    [Theory]
    [InlineData("kill -9 $$")]
    [InlineData("stty raw -echo; printf '\\e[?1049h\\e[?1003h\\e[?25l'; kill -9 $$")]
    [InlineData("suspend")]
    public void ShellThatDiesOrStopsGivesTheTerminalBack(string command)
    {
        using TerminalScreen screen = Open("SHELL=/bin/bash", "--keep-privileges");
        screen.Type("<");
        screen.WaitFor("'exit' comes back to the dashboard");
        screen.Type($"{command}\n");
        if (command == "suspend")
            screen.Type("exit\n");
        // One of the commands opens the alternate screen by itself: only the dashboard's own words show that it is back.
        screen.WaitFor("? help");
        screen.Press("?");
        screen.WaitFor("▶ Help");
        screen.Quit();
    }

    [Fact]
    public void ControlCAndControlZInTheShellAreItsAlone()
    {
        using TerminalScreen screen = Open("SHELL=/bin/bash", "--keep-privileges");
        screen.Type(">");
        screen.WaitFor("'exit' comes back to the dashboard");
        screen.Type("sleep 1000\n");
        Namespaces.Until(() => _namespaces.Exec(Right, "sh", "-c", "ip netns pids $0 | xargs -r ps -o args= -p", Right).Contains("sleep 1000", StringComparison.Ordinal), "the sleep");
        screen.Press("C-c");
        screen.Type("echo ended $?\n");
        screen.WaitFor("ended 130");
        Ping();
        screen.Type("exit\n");
        screen.WaitFor("? help");
        screen.Quit();
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public void SignalEndsTheShellToo(string signal)
    {
        using TerminalScreen screen = Open("SHELL=/bin/bash", "--keep-privileges");
        screen.Type("<");
        screen.WaitFor("'exit' comes back to the dashboard");
        screen.Type("cat\n");
        screen.Signal(signal);
        Assert.Equal(0, screen.WaitForEnd());
        screen.WaitFor("stopped after");
    }

    [Fact]
    public void HostThatIsGoneIsSaid()
    {
        string host = $"{Left}-gone";
        Process.Start("ip", ["netns", "add", host]).WaitForExit();
        using var screen = new TerminalScreen("SHELL=/bin/bash", $"bridge tap:eth0@{host} none --keep-privileges");
        screen.WaitFor("? help");
        Process.Start("ip", ["netns", "delete", host]).WaitForExit();
        screen.Type("<");
        screen.WaitFor($"no shell in {host}: Cannot open network namespace");
        screen.Quit();
    }

    [Fact]
    public void WithoutTheRightToEnterNamespacesNothingIsOffered()
    {
        using var screen = new TerminalScreen("", Command, width: 200, height: 50);
        screen.WaitFor("? help");
        Assert.DoesNotContain("shell", screen.Text, StringComparison.Ordinal);
        screen.Quit();
    }

    [Fact]
    public void WhereNoHostIsNothingIsOffered()
    {
        using var screen = new TerminalScreen("", $"bridge tap:eth0@{Left} none --keep-privileges", width: 200, height: 50);
        screen.WaitFor("? help");
        Assert.DoesNotContain("> shell", screen.Text, StringComparison.Ordinal);
        screen.Type(">");
        screen.WaitFor("> does nothing; ? shows what the keys do");
        screen.Quit();
    }
}
