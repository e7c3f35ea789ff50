using System.Text.RegularExpressions;

namespace Fluke6.Dashboard.Tests;

/// <summary>The real program at a terminal, between two hosts: what it shows, what its keys do, how it leaves.</summary>
public sealed class ScreenTests : BridgedHosts
{
    [Fact]
    public void TrafficAppearsAndTheFilterChoosesFlows()
    {
        using TerminalScreen screen = Open();
        Ping();
        screen.WaitFor(text => Regex.IsMatch(text, @"ICMP +10\.67\.0\.1:\d+ +10\.67\.0\.2:\d+"), "the ping's flow");
        screen.WaitFor(text => Regex.IsMatch(text, @"ARP +\w\w:"), "the ARP exchange");
        screen.Press("/");
        screen.WaitFor(text => text.Split('\n').Any(line => line.StartsWith("/▏", StringComparison.Ordinal)), "a place to type");
        screen.Type("10.67.0.0/24 icmp");
        screen.Press("Enter");
        screen.WaitFor(text => text.Contains(", 1 match /10.67.0.0/24 icmp", StringComparison.Ordinal) && !text.Contains("ARP", StringComparison.Ordinal),
            "the ping alone");
        screen.Press("m");
        screen.WaitFor(text => text.Contains("·.·.·.1:", StringComparison.Ordinal) && !text.Contains("10.67.0", StringComparison.Ordinal), "masked addresses");
        screen.Quit();
    }

    [Fact]
    public void RuleThatIsSwitchedOffLetsNewConnectionsUseSackAgain()
    {
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open();
        Assert.DoesNotContain(" sack ", SocketOfAConnection(5001), StringComparison.Ordinal);
        screen.WaitFor(text => Regex.IsMatch(text, @"strip +live +\d+ +[1-9]"), "the rule's hits");

        screen.Press("Space");
        screen.WaitFor(text => Regex.IsMatch(text, @"strip +disabled"), "the rule to be off");
        Assert.Contains(" sack ", SocketOfAConnection(5002), StringComparison.Ordinal);

        // The ledger of the connection from before says what was done to it.
        screen.Press("/");
        screen.Type("5001");
        screen.Press("Enter");
        screen.WaitFor("2 match /5001");
        screen.Press("Tab", "Enter");
        screen.WaitFor(text => Regex.IsMatch(text, @"SACK permitted +yes +- !"), "offered and not delivered");
        screen.Press("End");
        screen.WaitFor(text => Regex.IsMatch(text, "tcp option sack-permitted +there +→ +removed"), "what the rule did, field by field");
        screen.Press("Escape");
        screen.WaitFor("▶ Flows");
        screen.Quit();
    }

    [Fact]
    public void ScriptThatBreaksShowsItsDiagnosticAndRunsAgainOnceMended()
    {
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.WaitFor(text => Regex.IsMatch(text, "strip +live"), "a live rule");
        Rules.Write("strip.csx", StripSack.Replace("return Verdict.Continue;", "return Verdict.Continue"));
        screen.WaitFor(text => Regex.IsMatch(text, "strip +stale"), "a stale rule");
        screen.WaitFor("strip.csx(5,28): error CS1002");

        screen.Press("Enter");
        screen.WaitFor(text => Regex.IsMatch(text, @"►   5     return Verdict\.Continue\s+\^ CS1002: ; expected"), "the diagnostic at its line");
        Rules.Write("strip.csx", StripSack + "\n// mended");
        screen.WaitFor(text => text.Contains("live  the file's version runs", StringComparison.Ordinal) && !text.Contains('►'), "the mended rule");
        screen.Press("Escape");
        screen.WaitFor(text => Regex.IsMatch(text, "reloaded strip in [0-9]+ ms"), "the reload in the log");
        screen.Quit();
    }

    [Fact]
    public void FirstLoadIsNotCalledAnother()
    {
        Rules.Write("a.csx", StripSack);
        using TerminalScreen screen = Open();
        Rules.Write("b.csx", "Verdict Apply(ref Frame frame) => nothing;");
        screen.WaitFor(text => Regex.IsMatch(text, @"\d b cannot be loaded; no version of it runs"), "what became of the new rule");
        Rules.Write("b.csx", StripSack);
        screen.WaitFor(text => Regex.IsMatch(text, @"\d loaded b in \d+ ms"), "its first load");
        Rules.Write("b.csx", StripSack + "// again");
        screen.WaitFor(text => Regex.IsMatch(text, @"\d reloaded b in \d+ ms"), "its second");
        Rules.Write("b.csx", "Verdict Apply(ref Frame frame) => nothing;");
        screen.WaitFor(text => Regex.IsMatch(text, @"\d b cannot be loaded; its last good version runs on"), "that the version before runs");
        screen.Quit();
    }

    [Fact]
    public void RulesMoveAndKeysSayWhatTheyCannotDo()
    {
        Rules.Write("a.csx", StripSack);
        Rules.Write("b.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.Press("+");
        screen.WaitFor("a is the first rule already");
        screen.Press("-");
        screen.WaitFor(text => Regex.IsMatch(text, @"1 b +live[^\n]*\n +2 a +live"), "b before a");
        screen.Press("Tab", "Space");
        screen.WaitFor("this is for rules");
        screen.Press("x");
        screen.WaitFor("x does nothing");
        screen.Quit();
    }

    [Fact]
    public void CaptureBeginsAndEnds()
    {
        using TerminalScreen screen = Open();
        screen.Press("c");
        screen.WaitFor(text => Regex.IsMatch(text, @"● fluke6-.*…?.*pcapng 0:00:\d\d, \d+ packets?, .* 0 lost"), "the capture's file and clock");
        Ping();
        screen.WaitFor(text => Regex.IsMatch(text, "pcapng 0:00:.., [1-9][0-9]* packets"), "packets in the capture");
        screen.Press("c");
        screen.WaitFor("no capture");
        FileInfo file = Assert.Single(new DirectoryInfo(screen.Folder).GetFiles("fluke6-*.pcapng"));
        Assert.Equal(0x0A0D0D0Au, BitConverter.ToUInt32(File.ReadAllBytes(file.FullName)));
        screen.Quit();
    }

    [Fact]
    public void CaptureOfTheCommandLineIsShownAndCanBeEnded()
    {
        string file = Path.Combine(Rules.Path, "seen.pcapng");
        using TerminalScreen screen = Open(options: $"--capture {file}");
        screen.WaitFor("● seen.pcapng");
        screen.WaitFor($"capturing to {file}; c ends it");
        Ping();
        screen.WaitFor(text => Regex.IsMatch(text, "seen.pcapng 0:0.:.., [1-9][0-9]* packets"), "packets in the capture");
        screen.Press("c");
        screen.WaitFor("no capture");
        screen.WaitFor("capture ended: ");
        Assert.Equal(0x0A0D0D0Au, BitConverter.ToUInt32(File.ReadAllBytes(file)));
        Assert.Empty(new DirectoryInfo(screen.Folder).GetFiles("*.pcapng"));
        screen.Quit();
    }

    [Theory]
    [InlineData("--headless")]
    [InlineData("--stats json")]
    public void ReportInsteadOfTheScreen(string option)
    {
        using var screen = new TerminalScreen("", $"{Command} {option} --duration 1");
        screen.WaitFor("ready");
        Assert.False(screen.IsOpen);
        Assert.Equal(0, screen.WaitForEnd());
    }
}
