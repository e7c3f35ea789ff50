using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Fluke6.Dashboard.Tests;

/// <summary>What there is to say about one rule, and what the screen asks and refuses.</summary>
public sealed class DetailTests : BridgedHosts
{
    [Fact]
    public void RuleShowsItsParametersAndItsLastExceptionAtItsLine()
    {
        Rules.Write("throw.csx", """
            ushort port = Param("port", (ushort)1);
            Verdict Apply(ref Frame frame)
            {
                if (frame.TryGetIcmpv4(out _))
                    throw new InvalidOperationException($"not for {port}");
                return Verdict.Continue;
            }
            """);
        using TerminalScreen screen = Open(options: "--set port=4711");
        Ping(count: 1);
        screen.WaitFor(text => Regex.IsMatch(text, @"1 throw +live +\d+ +0 +0 +0 +0 +2 "), "two faults");
        screen.WaitFor("fault throw at throw.csx:5: ");
        screen.Press("Enter");
        screen.WaitFor("parameters: port = 4711");
        screen.WaitFor("last fault at throw.csx:5: ");
        screen.WaitFor(text => Regex.IsMatch(text, @"►   5         throw new Invalid.*\n +\^ .*not for 4711"), "the exception at its line");
        Assert.Contains("live  the file's version runs", screen.Text, StringComparison.Ordinal);
        screen.Quit();
    }

    [Fact]
    public void ThreadThatARuleDidNotGiveBackIsShownWithWhatItCosts()
    {
        Rules.Write("hang.csx", """
            void Apply(ref Frame frame)
            {
                // A loop of the script's own would end at its next statement.
                if (frame.TryGetIcmpv4(out _))
                    Enumerable.Repeat(1, int.MaxValue).SelectMany(n => Enumerable.Repeat(n, int.MaxValue)).LongCount();
            }
            """);
        using TerminalScreen screen = Open();
        Ping(count: 1);
        screen.WaitFor(text => Regex.IsMatch(text, @"^up .*  1 thread left behind, (0\.[1-9]|1\.\d) CPU ", RegexOptions.Multiline), "the thread, and what it costs");
        screen.WaitFor(text => Regex.IsMatch(text, "1 hang +bypassed"), "the rule's state");
        screen.Press("Enter");
        screen.WaitFor("1 thread left behind in it");
        screen.Quit();
    }

    [Fact]
    public void WhatIsWrongIsReadToItsEnd()
    {
        Rules.Write("throw.csx", """
            void Apply(ref Frame frame)
            {
                if (frame.TryGetIcmpv4(out _))
                    throw new InvalidOperationException("this has " + string.Join(' ', Enumerable.Repeat("much", 20)) + " to say");
            }
            """);
        using TerminalScreen screen = Open();
        Ping(count: 1);
        screen.WaitFor(text => Regex.IsMatch(text, @"1 throw +live +\d+ +0 +0 +0 +0 +2 "), "two faults");
        screen.Press("Enter");
        screen.WaitFor(text => Regex.IsMatch(text, @"last fault at throw\.csx:4: .*this has( much|\s+much){20}\s+to say\s*\n"), "the whole message");
        screen.WaitFor(text => Regex.IsMatch(text, @"\^ .*this has( much|\s+much){20}\s+to say\s*\n"), "the whole message under its line");
        screen.Quit();
    }

    [Fact]
    public void SidewaysEndsAtTheLongestLineAndBeginsAnewWithEachDetail()
    {
        string longest = $"// {new string('-', 84)} end";
        Rules.Write("strip.csx", $"{longest}\n{StripSack}");
        using TerminalScreen screen = Open();
        screen.Press("Enter");
        screen.WaitFor("    1 // ---");
        screen.Press([.. Enumerable.Repeat("Right", 10)]);
        screen.WaitFor(text => text.Split('\n').Any(line => line.Length == 80 && line.EndsWith("-- end", StringComparison.Ordinal)), "its end at the edge");
        screen.Press("Left");
        screen.WaitFor(text => !text.Contains("-- end", StringComparison.Ordinal) && text.Contains("--…", StringComparison.Ordinal), "eight columns back");
        screen.Press("Right");
        screen.WaitFor("-- end");

        // There is room for all of it here.
        screen.Resize(200, 50);
        screen.WaitFor(text => Regex.IsMatch(text, $"    1 {longest} *\n"), "the whole line");
        screen.Resize(80, 24);
        screen.WaitFor(text => Regex.IsMatch(text, "    1 // -+… *\\n"), "its beginning on the small screen");
        screen.Press("Right", "Right", "Right");
        screen.WaitFor(text => text.Contains("-- end", StringComparison.Ordinal) && !text.Contains("    1 //", StringComparison.Ordinal), "its end again");
        screen.Press("Escape");
        screen.WaitFor("▶ Rules (1)");
        screen.Press("?");
        screen.WaitFor(text => text.Contains("\n Tab, Shift+Tab ", StringComparison.Ordinal), "the help from its first column on");
        screen.Press("Escape");
        screen.WaitFor("▶ Rules (1)");
        screen.Press("Enter");
        screen.WaitFor("    1 // ---");
        screen.Quit();
    }

    [Fact]
    public void SourceIsHighlighted()
    {
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.Press("Enter");
        screen.WaitFor("▶ Rule strip");
        // A keyword in bold blue, as tmux tells it.
        screen.WaitFor(_ => Regex.IsMatch(screen.Coloured, @"\e\[(1;34|34;1)m\e?\[?[0-9;]*m?return|\e\[1m\e\[34m(\e\[49m)?return"), "a keyword in its colour");
        screen.Quit();
    }

    [Fact]
    public void RuleWhoseFileGoesLeavesTheScreen()
    {
        string path = Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.Press("Enter");
        screen.WaitFor("▶ Rule strip");
        File.Delete(path);
        screen.WaitFor("The rule left the chain: its file is gone.");
        screen.Press("e");
        screen.WaitFor("there is no rule");
        screen.Quit();
    }

    [Fact]
    public void QuitAsksWhileTrafficFlows()
    {
        using TerminalScreen screen = Open();
        using var ping = Process.Start("ip", ["netns", "exec", Left, "sh", "-c", $"exec ping -i 0.2 {RightAddress} > /dev/null"]);
        try
        {
            screen.WaitFor(text => Regex.IsMatch(text, @"→ \S+ +up +on +[1-9]"), "frames a second");
            screen.Press("q");
            screen.WaitFor("Traffic flows, and stops with the bridge. Quit? y/n");
            screen.Press("n");
            screen.WaitFor("? help");
            screen.Press("q");
            screen.WaitFor("Quit? y/n");
            screen.Press("y");
            Assert.Equal(0, screen.WaitForEnd());
        }
        finally
        {
            ping.Kill();
        }
    }

    [Fact]
    public void CaptureThatCannotBeginIsSaid()
    {
        using TerminalScreen screen = Open();
        // The second of its name in one second is the first one's file, so a folder stands where each of the next minute's would.
        for (DateTime at = DateTime.Now, end = at.AddMinutes(1); at < end; at = at.AddSeconds(1))
            Directory.CreateDirectory(Path.Combine(screen.Folder, $"fluke6-{at:yyyyMMdd-HHmmss}.pcapng"));
        screen.Press("c");
        screen.WaitFor("cannot capture to /");
        Assert.Contains("no capture", screen.Text, StringComparison.Ordinal);
        screen.Quit();
    }
}
