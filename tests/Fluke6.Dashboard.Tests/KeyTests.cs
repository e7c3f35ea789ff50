using System.Text.RegularExpressions;

namespace Fluke6.Dashboard.Tests;

/// <summary>Each key of the help does what the help says, and says what it cannot do now.</summary>
public sealed class KeyTests : BridgedHosts
{
    [Fact]
    public void HelpFitsASmallScreenAndNamesEveryKey()
    {
        using TerminalScreen screen = Open();
        screen.Press("?");
        screen.WaitFor(text => text.Contains("▶ Help (Esc closes) ─", StringComparison.Ordinal), "the help, whole");
        foreach (string key in (string[])["Tab, Shift+Tab", "↑ ↓ PgUp PgDn", "Enter", "Esc", "space", "+ -", "r  e", "s  S", "/", "n", "p", "c", "z  m", "q, Ctrl+C"])
            Assert.Contains($"\n {key} ", screen.Text, StringComparison.Ordinal);
        Assert.Contains("switched off here", screen.Text, StringComparison.Ordinal);
        screen.Press("Escape");
        screen.WaitFor("▶ Rules (0)");
        screen.Quit();
    }

    [Fact]
    public void TabGoesRoundThePanesBothWays()
    {
        using TerminalScreen screen = Open();
        foreach (string pane in (string[])["▶ Flows", "▶ Log", "▶ Rules"])
        {
            screen.Press("Tab");
            screen.WaitFor(pane);
        }

        screen.Press("BTab");
        screen.WaitFor("▶ Log");
        screen.Quit();
    }

    [Fact]
    public void RuleIsSwitchedMovedAndLoadedAnew()
    {
        Rules.Write("a.csx", StripSack);
        Rules.Write("b.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.Press("+");
        screen.WaitFor("a is the first rule already");
        screen.Press("-");
        screen.WaitFor(text => Regex.IsMatch(text, @"1 b +live[^\n]*\n +2 a +live"), "b before a");
        screen.Press("-");
        screen.WaitFor("a is the last rule already");
        screen.Press("+");
        screen.WaitFor(text => Regex.IsMatch(text, @"1 a +live[^\n]*\n +2 b +live"), "a before b");
        screen.Press("Space");
        screen.WaitFor(text => Regex.IsMatch(text, "1 a +disabled"), "a to be off");
        screen.Press("Space");
        screen.WaitFor(text => Regex.IsMatch(text, "1 a +live"), "a to be on");
        screen.Press("r");
        screen.WaitFor("a was loaded anew");
        screen.WaitFor(text => Regex.IsMatch(text, @"reloaded a in \d+ ms"), "the log's line");
        screen.Quit();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void KeysBeforeTheNextLookCountEach(bool paused)
    {
        foreach (string name in (string[])["a", "b", "c"])
            Rules.Write($"{name}.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.WaitFor("3 c ");
        if (paused)
        {
            screen.Press("p");
            screen.WaitFor("PAUSED");
        }

        // In one burst, so that the screen is still the one of before.
        screen.Type("--");
        screen.WaitFor("a is number 3 now");
        screen.Type("  ");
        screen.WaitFor("a is on");
        if (paused)
            screen.Press("p");
        screen.WaitFor(text => Regex.IsMatch(text, @"1 b +live[^\n]*\n +2 c +live[^\n]*\n +3 a +live"), "b, c, a, all of them on");
        screen.Quit();
    }

    [Fact]
    public void KeysSayWhatTheyCannotDoNow()
    {
        using TerminalScreen screen = Open();
        foreach ((string key, string answer) in ((string, string)[])
        [
            ("Space", "there is no rule; start with -r PATH"), ("+", "there is no rule"), ("-", "there is no rule"), ("r", "there is no rule"),
            ("e", "there is no rule"), ("x", "x does nothing; ? shows what the keys do"), ("Enter", "nothing is selected"),
            ("Escape", "nothing is open, and no filter is set"), ("Z", "Z does nothing"),
        ])
        {
            screen.Press(key);
            screen.WaitFor(answer);
        }

        screen.Quit();
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(200, 50)]
    public void EnterOnALineOfTheLogShowsItWhole(int width, int height)
    {
        // Longer than the pane is high.
        string words = string.Join(' ', Enumerable.Range(1, 150).Select(number => $"word{number}"));
        Rules.Write("a.csx", $$"""
            Log("the first line");
            Log("{{words}}");
            Log("the last line");
            void Apply(ref Frame frame) { if (frame.TryGetIcmpv4(out var icmp) && icmp.IsEchoRequest) Log("a ping"); }
            """);
        using TerminalScreen screen = Open();
        screen.Resize(width, height);
        screen.WaitFor("the last line");
        screen.Press("Tab", "Tab", "Up", "Enter");
        // On a wide screen it has the right half.
        int column = width < 150 ? 0 : width / 2;
        screen.WaitFor(
            text => text.Contains("Log line (Esc closes)", StringComparison.Ordinal)
                && Regex.Replace(string.Concat(text.Split('\n').Select(line => $" {line[Math.Min(column, line.Length)..]}")), " +", " ").Contains(words, StringComparison.Ordinal),
            "all of it");

        // The selection stays where it is, whatever comes.
        screen.Press("Escape");
        screen.WaitFor("▶ Log");
        Ping(count: 2);
        screen.WaitFor(text => Regex.IsMatch(text, @"▶ Log, \d+ lines further \(End\)") || text.Contains("a ping", StringComparison.Ordinal), "more lines");
        screen.Press("Enter");
        screen.WaitFor("word150");
        screen.Press("Escape", "Down", "Enter");
        screen.WaitFor(text => text.Contains("Log line (Esc closes)", StringComparison.Ordinal) && text.Contains("the last line", StringComparison.Ordinal), "the next line");
        screen.Press("Escape", "Home", "Enter");
        screen.WaitFor(text => text.Contains("Log line (Esc closes)", StringComparison.Ordinal) && text.Contains("the first line", StringComparison.Ordinal), "the first line");
        screen.Press("Escape", "End", "Enter");
        screen.WaitFor(text => text.Contains("Log line (Esc closes)", StringComparison.Ordinal) && text.Contains("a ping", StringComparison.Ordinal), "the last line");
        screen.Quit();
    }

    [Fact]
    public void RuleKeysOutsideTheRulesChangeNothing()
    {
        Rules.Write("a.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.Press("Tab");
        foreach (string key in (string[])["Space", "+", "-", "r", "e"])
        {
            screen.Press(key);
            screen.WaitFor("this is for rules: Tab to theirs first");
            screen.Press("Z");
            screen.WaitFor("Z does nothing");
        }

        screen.Quit();
    }

    [Fact]
    public void PausedViewStandsStillWhileTrafficGoesOn()
    {
        using TerminalScreen screen = Open();
        Ping(count: 2);
        screen.WaitFor(text => Regex.IsMatch(text, @"ICMP .* 392 "), "the ping's octets");
        screen.Press("p");
        screen.WaitFor("PAUSED");
        Ping(RightAddress6);
        // What the next two looks would show is there: the pause is drawn after each of them.
        screen.Press("Z");
        screen.WaitFor("Z does nothing");
        Assert.DoesNotContain("ICMPv6 [2001", screen.Text, StringComparison.Ordinal);
        screen.Press("p");
        screen.WaitFor(text => text.Contains("ICMPv6 [2001", StringComparison.Ordinal) && !text.Contains("PAUSED", StringComparison.Ordinal), "the second ping");
        screen.Quit();
    }

    [Fact]
    public void PausedLogKeepsWhatItShowsHoweverMuchComes()
    {
        Rules.Write("log.csx", """
            int n = 0;
            void Apply(ref Frame frame)
            {
                if (frame.TryGetIcmpv4(out var icmp) && icmp.IsEchoRequest)
                    for (int i = 0; i < 50; i++)
                        Log($"line {++n}");
            }
            """);
        using TerminalScreen screen = Open(options: "--log-limit 100000");
        Ping(count: 1);
        screen.WaitFor("line 50");
        screen.Press("p");
        screen.WaitFor("Log, paused, 0 lines since");
        string[] shown = LogLines(screen.Text);
        // More than the log keeps, no faster than it is read.
        _namespaces.Exec(Left, "ping", "-q", "-c", "130", "-i", "0.05", RightAddress);
        screen.WaitFor(text => Regex.IsMatch(text, "Log, paused, 6,500 lines since"), "more lines than are kept");
        Assert.Equal(shown, LogLines(screen.Text));

        // What was there before can be read, too; what came since is there once the view goes on.
        screen.Press("Tab", "Tab", "Home");
        screen.WaitFor(text => Regex.IsMatch(text, @"paused, 6,500 lines since, \d\d lines further \(End\)") && Regex.IsMatch(text, @"line 1\s*\n.*line 2\s*\n"), "its beginning");
        screen.Press("End", "p");
        screen.WaitFor(text => text.Contains("line 6550", StringComparison.Ordinal) && text.Contains("Log ─", StringComparison.Ordinal), "the end");
        screen.Quit();
    }

    [Fact]
    public void ZeroCountsAnew()
    {
        Rules.Write("count.csx", "void Apply(ref Frame frame) { if (frame.TryGetIcmpv4(out _)) frame.Hit(); }");
        using TerminalScreen screen = Open();
        Ping();
        screen.WaitFor(text => Regex.IsMatch(text, @"1 count +live +\d+ +4 +0"), "four hits");
        screen.Press("z");
        screen.WaitFor(text => Regex.IsMatch(text, @"1 count +live +\d +0 +0"), "no hits");
        Ping();
        screen.WaitFor(text => Regex.IsMatch(text, @"1 count +live +\d+ +4 +0"), "four hits again");
        screen.Quit();
        // The bridge itself counted on.
        Assert.Contains("hits 8", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void NeighboursAreListed()
    {
        using TerminalScreen screen = Open();
        Ping(RightAddress6);
        screen.Press("n");
        screen.WaitFor(text => Regex.IsMatch(text, $@"{RightAddress6} +1 +1 +1 +0 (\w\w:){{5}}\w\w *\n"), "who was asked for, and who answered");
        screen.Quit();
    }

    [Fact]
    public void FlowsAreSortedByEveryColumnBothWays()
    {
        using TerminalScreen screen = Open();
        screen.Resize(200, 50);
        screen.WaitFor("rules that hit");
        Ping(count: 3);
        Ping(RightAddress6, count: 1);
        screen.WaitFor(text => Regex.IsMatch(text, @"ICMP +10\.67.* 6 +588 "), "the pings");
        foreach (string column in (string[])
            ["rules that hit", "protocol", "from", "to", "state", "frames", "bytes", "rewritten", "dropped", "age", "idle"])
        {
            screen.Press("s");
            screen.WaitFor(text => Regex.IsMatch(text, $"by {column} [↓↑]"), $"flows by {column}");
            string before = Regex.Match(screen.Text, "by .* ([↓↑])").Groups[1].Value;
            // The heading has the arrow, too, and S turns both.
            Assert.Matches($"(proto|from|to|state|frames|bytes|rewr\\.|drop|age|idle|rules that hit){before}", screen.Text);
            screen.Press("S");
            string after = before == "↓" ? "↑" : "↓";
            screen.WaitFor(text => Regex.IsMatch(text, $"by {column} {after}") && Regex.IsMatch(text, $"(proto|from|to|state|frames|bytes|rewr\\.|drop|age|idle|rules that hit){after}"), $"flows by {column}, the other way");
        }

        // Now for what it makes of the rows: largest and smallest first.
        while (!screen.Text.Contains("by frames ↓", StringComparison.Ordinal))
        {
            string was = Regex.Match(screen.Text, @"\), by .*?[↓↑]").Value;
            screen.Press("s");
            screen.WaitFor(text => Regex.Match(text, @"\), by .*?[↓↑]").Value != was, "the next column");
        }

        screen.WaitFor(text => IsSorted(Frames(text), descending: true), "most frames first");
        screen.Press("S");
        screen.WaitFor(text => text.Contains("by frames ↑", StringComparison.Ordinal) && IsSorted(Frames(text), descending: false), "fewest frames first");
        screen.Quit();
    }

    private static string[] LogLines(string text) => [.. text.Split('\n').Where(line => line.Contains(" log: line ", StringComparison.Ordinal))];

    /// <summary>The frames of the flows, as they stand in rows of a wide screen.</summary>
    private static int[] Frames(string text) =>
        [.. Regex.Matches(text, @"^[ *×] (?:ICMP|ICMPv6|ARP) .* (\d+) +\d+ +\d+ +\d+ +\S+ \w+ +\S+ \w+ *$", RegexOptions.Multiline)
            .Select(match => int.Parse(match.Groups[1].ValueSpan))];

    private static bool IsSorted(int[] frames, bool descending) =>
        frames.Length >= 3 && frames.Distinct().Count() > 1 && frames.SequenceEqual(descending ? frames.OrderDescending() : frames.Order());
}
