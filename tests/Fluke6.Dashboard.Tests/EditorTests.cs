using System.Text.RegularExpressions;

namespace Fluke6.Dashboard.Tests;

/// <summary><c>e</c>: the editor has the terminal, the traffic goes on, and afterwards the screen is there again, whatever the editor did.</summary>
public sealed class EditorTests : BridgedHosts
{
    [Fact]
    public void EditorOpensTheRuleAndTheScreenComesBack()
    {
        string rule = Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open(Editor($"{TerminalScreen.Settings} > settings; ping -c 1 -W 20 10.67.0.2 > /dev/null; echo // edited >> \"$1\""));
        screen.WaitFor("strip");
        screen.Press("e");
        Namespaces.Until(() => File.ReadAllText(rule).Contains("// edited", StringComparison.Ordinal), "the editor to run");
        screen.WaitFor("reloaded strip");
        Assert.True(screen.IsOpen);
        Assert.Equal(File.ReadAllText(Path.Combine(screen.Folder, "before")), File.ReadAllText(Path.Combine(screen.Folder, "settings")));
        screen.Quit();
    }

    [Fact]
    public void TrafficGoesOnWhileTheEditorIsOpen()
    {
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open(Editor("until [ -e done ]; do sleep 0.1; done"));
        screen.WaitFor("strip");
        screen.Press("e");
        Namespaces.Until(() => !screen.IsOpen, "the screen to be closed");
        Ping();
        File.WriteAllText(Path.Combine(screen.Folder, "done"), "");
        screen.WaitFor(text => Regex.IsMatch(text, @"ICMP +10\.67\.0\.1:\d+ +10\.67\.0\.2:\d+ +392 "), "both requests and both replies");
        screen.Quit();
    }

    [Fact]
    public void EditorThatIsMissingIsSaid()
    {
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open("EDITOR=no-such-editor");
        screen.WaitFor("strip");
        screen.Press("e");
        screen.WaitFor("no-such-editor ended with status 127; set EDITOR to another");
        screen.Quit();
    }

    [Fact]
    public void KilledEditorThatTookTheTerminalGivesItBack()
    {
        // With job control the shell gives the terminal to its child's process group; neither gives it back.
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open(Editor("set -m; stty raw -echo; printf '\\\\e[?1003h'; sh -c 'kill -9 $PPID; sleep 0.2'"));
        screen.WaitFor("strip");
        screen.Press("e");
        screen.WaitFor("ended with status 137");
        Namespaces.Until(() => screen.IsOpen, "the screen");
        screen.Press("?");
        screen.WaitFor("▶ Help");
        screen.Quit();
    }

    [Fact]
    public void EditorThatSuspendsGoesOn()
    {
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open(Editor("kill -TSTP 0; echo // edited >> \"$1\""));
        screen.WaitFor("strip");
        screen.Press("e");
        screen.WaitFor("reloaded strip");
        screen.WaitFor("could not be suspended");
        screen.Quit();
    }

    /// <summary>A variable that names an editor of these commands, whose <c>$1</c> is the file.</summary>
    private string Editor(string commands)
    {
        string path = Path.Combine(Rules.Path, "editor");
        File.WriteAllText(path, $"{commands}\n");
        return $"EDITOR='bash {path}'";
    }
}
