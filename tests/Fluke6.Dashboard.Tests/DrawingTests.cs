using System.Text.RegularExpressions;
using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Tests;

/// <summary>What is written to the terminal: how much, in which colours, and what a script's log cannot do to it.</summary>
public sealed class DrawingTests : BridgedHosts
{
    [Fact]
    public void WhatDoesNotChangeIsNotDrawnAgain()
    {
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open();
        Ping();
        screen.WaitFor(text => Regex.IsMatch(text, @"ICMP +10\.67"), "the ping's flow");
        const int Seconds = 6;
        (int start, int written) = (Clock(screen.Text), screen.Written.Length);
        screen.WaitFor(text => Clock(text) >= start + Seconds, "the screen's own clock to go on");
        string steady = screen.Written[written..];

        // The whole screen has some 3,000 octets, four times a second.
        Assert.InRange(steady.Length, 1, 3000 * (Seconds + 1));
        Assert.DoesNotContain("\e[2J", screen.Written[Math.Max(0, screen.Written.IndexOf("Rules (1)", StringComparison.Ordinal))..], StringComparison.Ordinal);
        screen.Quit();
    }

    [Fact]
    public void NothingIsColouredWhereTheUserWantsNoColour()
    {
        Rules.Write("strip.csx", StripSack);
        using (TerminalScreen coloured = Open())
        {
            Assert.Matches(@"\e\[[0-9;]*3[0-7]m", coloured.Written);
            coloured.Quit();
        }

        using TerminalScreen plain = Open("NO_COLOR=1");
        plain.Press("Enter");
        plain.WaitFor("▶ Rule strip");
        plain.Quit();
        Assert.DoesNotMatch(@"\e\[([0-9]+;)*(3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]", plain.Written);
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 40)]
    [InlineData(200, 50)]
    public void ColoursStandOutOnLightAndOnDarkBackgrounds(int width, int height)
    {
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open(width: width, height: height);
        screen.Press("Enter");
        screen.WaitFor("▶ Rule strip");
        screen.Press("Escape");
        screen.WaitFor("▶ Rules (1)");
        screen.Quit();
        // No background but the terminal's own, and of its colours neither black, white, the greys, nor yellow, which vanish on one or the other.
        Assert.DoesNotMatch(@"\e\[([0-9]+;)*(4[0-8]|10[0-7])(;[0-9]+)*m", screen.Written);
        Assert.DoesNotMatch(@"\e\[([0-9]+;)*(30|33|37|38|90|93|97)(;[0-9]+)*m", screen.Written);
    }

    [Fact]
    public void ScriptsLogCannotHarmTheScreen()
    {
        Rules.Write("log.csx", """
            Verdict Apply(ref Frame frame)
            {
                if (frame.TryGetIcmpv4(out var icmp) && icmp.IsEchoRequest)
                {
                    Log("bell\a clear\e[2J up\e[A\r\n mark");
                    Log("日本語の長い行" + new string('語', 60) + "end");
                    Log("right\u202eleft");
                }
                return Verdict.Continue;
            }
            """);
        using TerminalScreen screen = Open(height: 40);
        Ping(count: 1);
        screen.WaitFor(@"log: bell\x07 clear\e[2J up\e[A\r\n mark");
        screen.WaitFor("log: 日本語の長い行");
        screen.WaitFor(@"log: right\u{202e}left");
        string[] lines = screen.Text.TrimEnd('\n').Split('\n');
        Assert.Equal(40, lines.Length);
        Assert.Contains("? help", lines[^1], StringComparison.Ordinal);
        // What does not fit goes on in the next line.
        Assert.Matches(@"日本語の長い行語+ *\n {9}語+end *\n", screen.Text);
        Assert.DoesNotContain("\e[A", screen.Written, StringComparison.Ordinal);
        screen.Quit();
    }

    [Fact]
    public void KeyBarShowsQuitAndHelpAtEveryWidth()
    {
        // With every key there is, those for shells too.
        using TerminalScreen screen = Open(options: "--keep-privileges");
        foreach (int width in (int[])[20, 40, 79, 109, 110, 120, 130, 149, 150, 200, 300])
        {
            screen.Resize(width, 24);
            screen.WaitFor(
                text => text.TrimEnd('\n').Split('\n') is { Length: 24 } lines && lines[^1].TrimEnd() == KeyTable.Bar(width, _ => true),
                $"the whole bar in {width} columns");
        }

        screen.Resize(80, 24);
        screen.Quit();
    }

    [Fact]
    public void LogIsReadToItsEndWhereverItsLinesBreak()
    {
        string words = string.Join(' ', Enumerable.Range(1, 40).Select(number => $"word{number}"));
        Rules.Write("throw.csx", $$"""
            int frames = 0;
            void Apply(ref Frame frame)
            {
                if (frame.TryGetIcmpv4(out var icmp) && icmp.IsEchoRequest && ++frames == 1)
                    throw new InvalidOperationException("{{words}}");
                if (frames > 1)
                    Log($"{frame.From} after");
            }
            """);
        using TerminalScreen screen = Open();
        Ping(count: 1);
        screen.WaitFor("word40");
        screen.Press("Tab", "Tab", "Home");
        foreach ((int width, int height) in ((int, int)[])[(80, 60), (120, 40), (50, 60)])
        {
            screen.Resize(width, height);
            screen.WaitFor(text => Regex.Replace(text, @"\s+", " ").Contains($"fault throw at throw.csx:5: InvalidOperationException: {words} ", StringComparison.Ordinal), "the fault's reason, whole");
        }

        screen.Resize(80, 24);
        screen.Quit();
    }

    [Fact]
    public void LongNamesAndAddressesKeepBothEnds()
    {
        Rules.Write("a-rule-with-a-name-that-is-much-too-long-for-the-column.csx", StripSack);
        using TerminalScreen screen = Open();
        Ping(RightAddress6);
        screen.WaitFor(text => Regex.IsMatch(text, @"1 a-rul\S+…\S*olumn +live"), "the rule's name");
        screen.WaitFor(text => Regex.IsMatch(text, @"ICMPv6 \[2001:db8:1::1\]:\d+|ICMPv6 \[2001:d\S*…\S*\]?:\d+"), "the flow");
        Assert.All(screen.Text.TrimEnd('\n').Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        screen.Quit();
    }

    [Fact]
    public void RulesBelowTheEdgeAreSaid()
    {
        for (int rule = 1; rule <= 8; rule++)
            Rules.Write($"{rule}.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.WaitFor("▶ Rules (8), 3 further down ─");
        screen.Press("End");
        screen.WaitFor(text => text.Contains("▶ Rules (8) ─", StringComparison.Ordinal) && Regex.IsMatch(text, "^ 8 8 +live", RegexOptions.Multiline), "the last rule");
        screen.Quit();
    }

    [Fact]
    public void FiguresStandNearTheirRuleOnAWideScreen()
    {
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.Resize(200, 50);
        screen.WaitFor(text => Regex.IsMatch(text, "^ 1 strip {35}live ", RegexOptions.Multiline), "the state in column 44");
        screen.Quit();
    }

    [Fact]
    public void EveryPaneIsThereAtEverySize()
    {
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open();
        foreach ((int width, int height) in ((int, int)[])[(200, 50), (80, 24), (120, 30), (60, 15), (80, 24)])
        {
            screen.Resize(width, height);
            screen.WaitFor(
                text =>
                {
                    string[] lines = text.TrimEnd('\n').Split('\n');
                    return lines.Length == height && (lines[^1].Contains("? help", StringComparison.Ordinal) || width < 80)
                        && lines.Any(line => line.Contains("Rules (1) ─", StringComparison.Ordinal) && line.Length == width)
                        && text.Contains("─ Flows (", StringComparison.Ordinal) && text.Contains("─ Log ─", StringComparison.Ordinal);
                },
                $"all panes at {width}x{height}");
        }

        screen.Quit();
    }

    /// <summary>The seconds that the screen says it is up.</summary>
    private static int Clock(string text)
    {
        Match clock = Regex.Match(text, @"^up (\d+):(\d+):(\d+)", RegexOptions.Multiline);
        return clock.Groups.Values.Skip(1).Aggregate(0, (sum, group) => (sum * 60) + int.Parse(group.ValueSpan));
    }
}
