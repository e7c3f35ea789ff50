using System.Text.RegularExpressions;

namespace Fluke6.Dashboard.Tests;

/// <summary>The mouse, as the terminal reports it.</summary>
public sealed class MouseTests : BridgedHosts
{
    [Fact]
    public void ClickSelectsAndSecondClickOpens()
    {
        Rules.Write("a.csx", StripSack);
        Rules.Write("b.csx", StripSack);
        using TerminalScreen screen = Open();
        Ping();
        screen.WaitFor("ICMP ");
        screen.Click(10, screen.LineOf("ICMP "));
        screen.WaitFor("▶ Flows");
        screen.Press("Enter");
        screen.WaitFor("▶ Flow 10.67.0.1");
        screen.Press("Escape");
        screen.WaitFor("▶ Flows");

        screen.Click(5, screen.LineOf(" 2 b "));
        screen.WaitFor("▶ Rules");
        screen.Press("Space");
        screen.WaitFor(text => Regex.IsMatch(text, "2 b +disabled"), "the rule that was clicked to be off");
        int line = screen.LineOf(" 1 a ");
        screen.Click(5, line);
        screen.Click(5, line);
        screen.WaitFor("▶ Rule a");
        screen.Quit();
    }

    [Fact]
    public void ClickOnAHeadingSorts()
    {
        using TerminalScreen screen = Open();
        Ping();
        screen.WaitFor("ICMP ");
        foreach ((string heading, string order) in ((string, string)[])[(" bytes", "by bytes ↓"), (" bytes", "by bytes ↑"), ("proto", "by protocol ↑"), (" to ", "by to ↑")])
        {
            int line = screen.LineOf("from  ");
            int column = screen.Text.Split('\n')[line].IndexOf(heading, StringComparison.Ordinal) + 2;
            screen.Click(column, line);
            screen.WaitFor(order);
            // Another click there, soon after, would be the second of two.
            screen.Click(10, screen.LineOf(" Log ") + 1);
            screen.WaitFor("▶ Log");
        }

        screen.Click(10, screen.LineOf(" # rule"));
        screen.WaitFor("rules stand in the chain's order");
        screen.Quit();
    }

    [Fact]
    public void WheelScrollsTheLogBackAndEndFollowsAgain()
    {
        Rules.Write("log.csx", """
            int n = 0;
            void Apply(ref Frame frame) { if (frame.TryGetIcmpv4(out var icmp) && icmp.IsEchoRequest) Log($"ping number {++n}"); }
            """);
        using TerminalScreen screen = Open();
        Ping(count: 20);
        screen.WaitFor("ping number 20");
        int line = screen.LineOf("ping number 20");
        screen.Wheel(10, line, up: true);
        screen.Wheel(10, line, up: true);
        screen.WaitFor(text => text.Contains("Log, 6 lines further (End)", StringComparison.Ordinal) && !text.Contains("ping number 20", StringComparison.Ordinal), "older lines");

        // What comes meanwhile does not move them.
        string first = Regex.Match(screen.Text, @"ping number \d+").Value;
        Ping(count: 2);
        screen.WaitFor(text => Regex.IsMatch(text, @"Log, 8 lines further \(End\)"), "more lines further on");
        Assert.Equal(first, Regex.Match(screen.Text, @"ping number \d+").Value);
        screen.Press("Tab", "Tab", "End");
        screen.WaitFor("ping number 22");
        Ping(count: 1);
        screen.WaitFor("ping number 23");
        screen.Quit();
    }
}
