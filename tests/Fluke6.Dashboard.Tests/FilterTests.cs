using System.Text.RegularExpressions;

namespace Fluke6.Dashboard.Tests;

/// <summary>The filter at the screen: it chooses, refuses what means nothing, and goes away again.</summary>
public sealed class FilterTests : BridgedHosts
{
    [Fact]
    public void FilterChoosesKeepsAndClears()
    {
        Rules.Write("mark-echo.csx", "void Apply(ref Frame frame) { if (frame.TryGetIcmpv4(out _)) frame.Hit(); }");
        using TerminalScreen screen = Open();
        Ping();
        Ping(RightAddress6);
        screen.WaitFor("ICMPv6 [2001");
        Filter(screen, "2001:db8:1::/64");
        screen.WaitFor(text => text.Contains("match /2001:db8:1::/64", StringComparison.Ordinal) && !text.Contains("ARP ", StringComparison.Ordinal)
            && !text.Contains("10.67.0", StringComparison.Ordinal), "the prefix's flows alone");
        screen.Press("/");
        screen.WaitFor("/2001:db8:1::/64▏");
        screen.Press("C-u");
        screen.Type("10.67.0.0/40");
        screen.Press("Enter");
        const string Refusal = "'40' in '10.67.0.0/40' is no prefix length; it goes from 0 to 32; the filter is as before";
        screen.WaitFor(text => Regex.Replace(text, @"\s+", " ").Contains(Refusal, StringComparison.Ordinal), "the whole message");
        Assert.Contains("match /2001:db8:1::/64", screen.Text, StringComparison.Ordinal);

        // By the rule that hit, by part of its name.
        Filter(screen, "mark-e");
        screen.WaitFor(text => Regex.IsMatch(text, @"1 match /mark-e") && Regex.IsMatch(text, @"\* ICMP +10\.67"), "the rule's flow alone");
        Assert.DoesNotContain("the filter is as before", screen.Text, StringComparison.Ordinal);

        // Esc clears, at the prompt and elsewhere.
        screen.Press("/");
        screen.WaitFor("/mark-e▏");
        screen.Press("Escape");
        screen.WaitFor(text => !text.Contains("match /", StringComparison.Ordinal) && text.Contains("ARP ", StringComparison.Ordinal), "all flows");
        Filter(screen, "arp");
        screen.WaitFor("match /arp");
        screen.Press("Escape");
        screen.WaitFor(text => !text.Contains("match /", StringComparison.Ordinal), "all flows again");
        screen.Quit();
    }

    [Fact]
    public void FlowsThatAreNotKeptAreNotSaidToBeNone()
    {
        using TerminalScreen screen = Open(options: "--flows 0");
        Ping();
        screen.WaitFor("flows are not kept (--flows 0)");
        Assert.DoesNotContain("nothing has passed yet", screen.Text, StringComparison.Ordinal);
        screen.Quit();
    }

    private static void Filter(TerminalScreen screen, string text)
    {
        screen.Press("/");
        screen.WaitFor(shown => shown.Contains('▏'), "a place to type");
        screen.Press("C-u");
        screen.Type(text);
        screen.Press("Enter");
    }
}
