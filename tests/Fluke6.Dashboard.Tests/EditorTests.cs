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
    public void KeyboardsSignalsAreTheEditors()
    {
        using TerminalScreen screen = OpenEditor("trap 'touch interrupted' INT; trap 'touch quit' QUIT; touch ready; until [ -e done ]; do sleep 0.1; done");
        foreach ((string key, string file) in ((string, string)[])[("C-c", "interrupted"), ("C-\\", "quit")])
        {
            screen.Press(key);
            Namespaces.Until(() => File.Exists(Path.Combine(screen.Folder, file)), $"the editor to be {file}");
        }

        Ping();
        File.WriteAllText(Path.Combine(screen.Folder, "done"), "");
        Namespaces.Until(() => screen.IsOpen, "the screen");
        // Afterwards they mean the bridge again.
        screen.Signal("INT");
        Assert.Equal(0, screen.WaitForEnd());
        screen.WaitFor("stopped after");
    }

    [Fact]
    public void EditorThatTheKeyboardEndsIsSaid()
    {
        using TerminalScreen screen = OpenEditor("touch ready; exec sleep 1000");
        screen.Press("C-c");
        screen.WaitFor("ended with status 130");
        screen.Quit();
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public void SignalLetsTheEditorSaveAndLeave(string signal)
    {
        // As a script around an editor may be: it ends at once, and what it started has the terminal a little longer.
        using TerminalScreen screen = OpenEditor("""
            bash -c '
                printf "\e[?1049h\e[?1003h"
                trap "touch saved; printf \"\e[?1003l\e[?1049l\"; exit 1" HUP
                touch ready
                until false; do sleep 0.1; done'
            """);
        screen.Signal(signal);
        Assert.Equal(0, screen.WaitForEnd());
        screen.WaitFor("stopped after");
        Assert.True(File.Exists(Path.Combine(screen.Folder, "saved")));
    }

    [Fact]
    public void SignalEndsAnEditorThatDoesNotLeaveAndTheTerminalIsAsItWas()
    {
        using TerminalScreen screen = OpenEditor("""
            trap "" HUP TERM
            stty raw -echo
            printf "\e[?1049h\e[?1003h\e[?25l\e[?1h\e="
            touch ready
            until false; do sleep 0.1; done
            """);
        screen.Signal("TERM");
        Assert.Equal(0, screen.WaitForEnd());
        screen.WaitFor("stopped after");
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

    /// <summary>The program with an editor of these commands, which has the terminal and made a file <c>ready</c>.</summary>
    private TerminalScreen OpenEditor(string commands)
    {
        Rules.Write("strip.csx", StripSack);
        TerminalScreen screen = Open(Editor(commands));
        screen.WaitFor("strip");
        screen.Press("e");
        Namespaces.Until(() => File.Exists(Path.Combine(screen.Folder, "ready")), "the editor");
        return screen;
    }

    /// <summary>A variable that names an editor of these commands, whose <c>$1</c> is the file.</summary>
    private string Editor(string commands)
    {
        string path = Path.Combine(Rules.Path, "editor");
        File.WriteAllText(path, $"{commands}\n");
        return $"EDITOR='bash {path}'";
    }
}
