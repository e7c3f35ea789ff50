using System.Text.RegularExpressions;

namespace Fluke6.Dashboard.Tests;

/// <summary>Every key counts, however fast they come, and none does what was not meant.</summary>
public sealed class TypingTests : BridgedHosts
{
    [Fact]
    public void KeysRightAfterEscCountEach()
    {
        Rules.Write("a.csx", StripSack);
        Rules.Write("b.csx", StripSack);
        using TerminalScreen screen = Open();
        // Esc and what follows, in one read each time.
        screen.Type("\e?");
        screen.WaitFor("▶ Help");
        screen.Type("\e/icmp\r");
        screen.WaitFor(text => text.Contains("match /icmp", StringComparison.Ordinal) && text.Contains("▶ Rules (2)", StringComparison.Ordinal), "the help closed, and the filter");
        Assert.DoesNotContain("PAUSED", screen.Text, StringComparison.Ordinal);
        screen.Type("\e-");
        screen.WaitFor(text => Regex.IsMatch(text, @"1 b +live[^\n]*\n +2 a +live") && !text.Contains("match /", StringComparison.Ordinal), "the filter gone, b before a");
        screen.Type("\e ");
        screen.WaitFor(text => Regex.IsMatch(text, "2 a +disabled"), "a to be off");
        screen.Type("\e\t");
        screen.WaitFor("▶ Flows");
        screen.Type("\e\t\e\t");
        screen.WaitFor("▶ Rules");
        screen.Press("M-/");
        screen.WaitFor("/▏");
        screen.Type("abc");
        screen.WaitFor("/abc▏");
        screen.Press("M-?");
        screen.WaitFor("▶ Help");
        screen.Type("\e\e[B\e[A");
        screen.WaitFor("▶ Rules");
        screen.Press("M-C-c");
        Assert.Equal(0, screen.WaitForEnd());
    }

    [Fact]
    public void ArrowsAndFunctionKeysAreNoLetters()
    {
        Rules.Write("a.csx", StripSack);
        using TerminalScreen screen = Open();
        foreach (string key in (string[])["F1", "F5", "F12", "IC", "DC", "C-Up", "S-F5"])
        {
            screen.Press(key);
            screen.WaitFor("does nothing; ? shows what the keys do");
            Assert.DoesNotContain("PAUSED", screen.Text, StringComparison.Ordinal);
            Assert.Contains("▶ Rules (1)", screen.Text, StringComparison.Ordinal);
            screen.Press("z");
            screen.WaitFor("counting from zero");
        }

        screen.Quit();
    }

    [Fact]
    public void PastedTextGoesIntoTheFilterAndIsNeverTakenForCommands()
    {
        using TerminalScreen screen = Open();
        screen.Type("\e[200~qpc\e[201~");
        screen.WaitFor("pasted text is for the filter: press / first");
        Assert.DoesNotContain("PAUSED", screen.Text, StringComparison.Ordinal);
        screen.Press("/");
        screen.WaitFor("/▏");
        screen.Type("\e[200~2001:db8:1::/64\nicmpv6\e[201~");
        screen.WaitFor("/2001:db8:1::/64 icmpv6▏");
        screen.Press("Enter");
        screen.WaitFor("match /2001:db8:1::/64 icmpv6");
        screen.Quit();
    }

    [Fact]
    public void ControlLDrawsTheScreenAnew()
    {
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.WaitFor("1 strip ");
        screen.Spoil("\e[3;1Hsomebody else's words\e[20;30Hand more");
        screen.WaitFor("somebody else's words");
        screen.Press("C-l");
        screen.WaitFor(text => !text.Contains("somebody", StringComparison.Ordinal) && !text.Contains("and more", StringComparison.Ordinal)
            && Regex.IsMatch(text, @"^← tap:eth0", RegexOptions.Multiline), "the screen as it was");
        screen.Quit();
    }
}
