using System.Text.RegularExpressions;

namespace Fluke6.Dashboard.Tests;

/// <summary>A whole sitting, as a user has it.</summary>
public sealed class AcceptanceTests : BridgedHosts
{
    [Theory]
    [InlineData(80, 24)]
    [InlineData(200, 50)]
    public void TrafficRuleOffBrokenMendedFilterDetailQuit(int width, int height)
    {
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.Resize(width, height);
        screen.WaitFor(text => text.TrimEnd('\n').Split('\n').Length == height, "the size");

        // Traffic appears, and the rule takes SACK out of it.
        Ping();
        screen.WaitFor(text => Regex.IsMatch(text, @"ICMP +10\.67\.0\.1:\d+ +10\.67\.0\.2:\d+"), "the ping's flow");
        Assert.DoesNotContain(" sack ", SocketOfAConnection(5001), StringComparison.Ordinal);
        screen.WaitFor(text => Regex.IsMatch(text, @"1 strip +live +\d+ +2 +2 "), "the SYNs of iperf3's two connections");

        // Off, and SACK is back for new connections; on again.
        screen.Press("Space");
        screen.WaitFor(text => Regex.IsMatch(text, "1 strip +disabled"), "the rule to be off");
        Assert.Contains(" sack ", SocketOfAConnection(5002), StringComparison.Ordinal);
        screen.Press("Space");
        screen.WaitFor(text => Regex.IsMatch(text, "1 strip +live"), "the rule to be on");

        // Broken: the version before runs on; mended.
        Rules.Write("strip.csx", StripSack.Replace("return Verdict.Continue;", "return Verdict.Continue", StringComparison.Ordinal));
        screen.WaitFor(text => Regex.IsMatch(text, "1 strip +stale"), "a stale rule");
        screen.WaitFor("strip.csx(5,28): error CS1002");
        Assert.DoesNotContain(" sack ", SocketOfAConnection(5003), StringComparison.Ordinal);
        screen.Press("Enter");
        screen.WaitFor(text => Regex.IsMatch(text, @"►   5     return Verdict\.Continue *\n.*\^ CS1002: ; expected"), "the diagnostic at its line");
        Rules.Write("strip.csx", StripSack + "\n// mended");
        screen.WaitFor(text => text.Contains("live  the file's version runs", StringComparison.Ordinal) && !text.Contains('►'), "the mended rule");
        // Terminals send Esc and the beginning of other keys' names alike, so what comes right behind it could be taken for one.
        screen.Press("Escape");
        screen.WaitFor("▶ Rules");

        // The ledger of the connection of before, found by its port.
        screen.Press("/");
        screen.Type("5001 tcp");
        screen.Press("Enter");
        screen.WaitFor("2 match /5001 tcp");
        screen.Press("Tab", "Enter");
        screen.WaitFor(text => Regex.IsMatch(text, @"SACK permitted +yes +- !"), "offered and not delivered");
        screen.Press("End");
        screen.WaitFor(text => Regex.IsMatch(text, "tcp option sack-permitted +there +→ +removed"), "what the rule did, field by field");
        screen.Press("Escape");
        screen.WaitFor("match /5001 tcp");
        screen.Press("Escape");
        screen.WaitFor(text => text.Contains("▶ Flows", StringComparison.Ordinal) && !text.Contains("match /", StringComparison.Ordinal), "all flows");
        screen.Quit();
        screen.WaitFor("stopped after");
    }
}
