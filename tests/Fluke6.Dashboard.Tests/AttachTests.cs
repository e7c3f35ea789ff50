namespace Fluke6.Dashboard.Tests;

/// <summary><c>fluke6 attach</c> at a terminal: another process's bridge, across that one's end and the next one's beginning.</summary>
public sealed class AttachTests : BridgedHosts
{
    [Fact]
    public void AttachedScreenShowsFlowsSurvivesARestartAndLeavesTheTerminalAsItWas()
    {
        Rules.Write("10-sack.csx", StripSack);
        string socket = Rules["bridge.sock"];
        using FlukeProcess bridge = Begin(socket);
        _namespaces.Address(Left, "eth0", LeftAddress, LeftAddress6);
        _namespaces.Address(Right, "eth0", RightAddress, RightAddress6);
        using var screen = new TerminalScreen("", $"attach {socket}", width: 120);
        screen.WaitFor($"attached to {socket}");
        Ping();
        screen.WaitFor(LeftAddress);
        // Nobody told the client: the connection ends in the middle of whatever it was.
        bridge.Signal("KILL");
        bridge.WaitForExit();
        screen.WaitFor("NOT CONNECTED");
        using FlukeProcess next = Begin(socket);
        screen.WaitFor(text => !text.Contains("NOT CONNECTED", StringComparison.Ordinal), "the connection to the next bridge");
        screen.WaitFor("connected again");
        // What the keys do, the bridge does: the rule is switched off by the screen of another process.
        screen.Press("Space");
        screen.WaitFor("10-sack is off");
        Assert.Contains(next.Output, line => line.Contains("10-sack", StringComparison.Ordinal));
        screen.Quit();
        next.Signal("INT");
        Assert.Equal(0, next.WaitForExit());
    }

    [Fact]
    public void ScreenToLookOnRefusesInWordsWhatWouldChangeTheBridge()
    {
        Rules.Write("10-sack.csx", StripSack);
        string socket = Rules["bridge.sock"];
        using FlukeProcess bridge = Begin(socket);
        using var screen = new TerminalScreen("", $"attach --read-only {socket}", width: 120);
        using var other = new TerminalScreen("", $"attach {socket}", width: 120);
        screen.WaitFor("to look on only");
        screen.WaitFor("10-sack");
        screen.Press("Space");
        screen.WaitFor("this view changes nothing: it was opened with --read-only");
        // Several look on at once, and one that leaves takes nobody along.
        screen.Quit();
        other.WaitFor("10-sack");
        other.Quit();
        bridge.Signal("INT");
        Assert.Equal(0, bridge.WaitForExit());
    }

    private FlukeProcess Begin(string socket)
    {
        var bridge = new FlukeProcess(["bridge", .. Command.Split(' ')[1..], "--headless", "--stats", "json", "--control", socket]);
        bridge.WaitForJson("ready", _ => true);
        return bridge;
    }
}
