using System.Diagnostics;
using System.Globalization;

// The tests start the real program at a real terminal; side by side they would wait for each other's processor time.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Fluke6.Dashboard.Tests;

/// <summary>The real program in a pseudo-terminal of tmux, whose settings are noted before and after. Killed afterwards if it still runs.</summary>
internal sealed class TerminalScreen : IDisposable
{
    /// <summary>Prints the terminal's settings, whatever size it was given meanwhile.</summary>
    public const string Settings = "stty -a | sed 's/ rows [0-9]*; columns [0-9]*;//'";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static int s_screens;

    private readonly string _server = $"fluke6-{Environment.ProcessId}-{Interlocked.Increment(ref s_screens)}";
    private readonly string _folder = Directory.CreateTempSubdirectory("fluke6-screen-").FullName;

    /// <summary>Starts the program.</summary>
    /// <param name="environment">Such as <c>NO_COLOR=1</c>; may be empty.</param>
    /// <param name="command">What comes after the program's name, for a shell.</param>
    /// <param name="width">The terminal's, in columns.</param>
    /// <param name="height">The terminal's, in lines.</param>
    public TerminalScreen(string environment, string command, int width = 80, int height = 24)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tmux") || File.Exists("/bin/tmux"), "tmux is not installed; ./run.sh test installs it");
        string script = Path.Combine(_folder, "script.sh");
        File.WriteAllText(script, $"""
            set -m
            cd "{_folder}"
            until [ -e recording ]; do sleep 0.05; done
            {Settings} > before
            env -u NO_COLOR XDG_DATA_HOME="{_folder}" {environment} "{AppContext.BaseDirectory}fluke6" {command}
            echo $? > status
            {Settings} > after && touch ended
            exec cat
            """);
        // As an interactive shell does it: the program has a process group of its own, and the shell goes on if it is suspended.
        Tmux("-f", "/dev/null", "new-session", "-d", "-x", Number(width), "-y", Number(height), $"bash {script}");
        Tmux("pipe-pane", $"exec cat > {_folder}/written");
        File.WriteAllText(Path.Combine(_folder, "recording"), "");
    }

    /// <summary>What the terminal shows.</summary>
    public string Text => Tmux("capture-pane", "-p");

    /// <summary>What the terminal shows, with its colours as escape sequences.</summary>
    public string Coloured => Tmux("capture-pane", "-p", "-e");

    /// <summary>All that was written to the terminal, an octet a character.</summary>
    public string Written => File.ReadAllText(Path.Combine(_folder, "written"), System.Text.Encoding.Latin1);

    /// <summary>Whether the program has the terminal's other screen, on which it draws.</summary>
    public bool IsOpen => Tmux("display-message", "-p", "#{alternate_on}").Trim() == "1";

    /// <summary>Whether the program ended.</summary>
    public bool HasEnded => File.Exists(Path.Combine(_folder, "ended"));

    /// <summary>The folder that the program runs in.</summary>
    public string Folder => _folder;

    /// <summary>The program's process.</summary>
    public string ProgramId
    {
        get
        {
            string shell = Tmux("display-message", "-p", "#{pane_pid}").Trim();
            return File.ReadAllText($"/proc/{shell}/task/{shell}/children").Trim();
        }
    }

    /// <summary>Presses keys, by tmux's names.</summary>
    public void Press(params string[] keys) => Tmux(["send-keys", .. keys]);

    /// <summary>Types a text.</summary>
    public void Type(string text) => Tmux("send-keys", "-l", "--", text);

    /// <summary>Writes to the terminal as another program would.</summary>
    public void Spoil(string text) => File.WriteAllText(Tmux("display-message", "-p", "#{pane_tty}").Trim(), text);

    /// <summary>Clicks with the left button, as a terminal that reports the mouse says it.</summary>
    /// <param name="column">From 0.</param>
    /// <param name="line">From 0.</param>
    public void Click(int column, int line)
    {
        Type($"\e[<0;{column + 1};{line + 1}M");
        Type($"\e[<0;{column + 1};{line + 1}m");
    }

    /// <summary>Turns the wheel by one notch.</summary>
    public void Wheel(int column, int line, bool up) => Type($"\e[<{(up ? 64 : 65)};{column + 1};{line + 1}M");

    /// <summary>The line on which something stands, from 0.</summary>
    public int LineOf(string text) => Array.FindIndex(Text.Split('\n'), line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Gives the terminal another size.</summary>
    public void Resize(int width, int height) => Tmux(
        "resize-window", "-x", Number(width), "-y", Number(height));

    /// <summary>Waits until the terminal shows something.</summary>
    public void WaitFor(string text) => WaitFor(screen => screen.Contains(text, StringComparison.Ordinal), $"'{text}'");

    /// <summary>Waits until what the terminal shows is as it should be.</summary>
    public void WaitFor(Func<string, bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        for (string screen = Text; !condition(screen); screen = Text)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, $"waited for {what}; the terminal shows:\n{screen}");
            Thread.Sleep(20);
        }
    }

    /// <summary>Quits, also while traffic flows, and checks that the terminal is as it was.</summary>
    public void Quit()
    {
        Press("q");
        WaitFor(screen => HasEnded || screen.Contains("Quit? y/n", StringComparison.Ordinal), "the end, or a question");
        if (!HasEnded)
            Press("y");
        Assert.Equal(0, WaitForEnd());
    }

    /// <summary>Waits until the program ended, and checks that the terminal is as it was.</summary>
    /// <returns>The exit status.</returns>
    public int WaitForEnd()
    {
        WaitFor(_ => HasEnded, "the end");
        Assert.False(IsOpen, Text);
        Assert.Equal(File.ReadAllText(Path.Combine(_folder, "before")), File.ReadAllText(Path.Combine(_folder, "after")));
        Assert.Equal("1", Tmux("display-message", "-p", "#{cursor_flag}").Trim());
        Assert.Equal("0", Tmux("display-message", "-p", "#{mouse_any_flag}").Trim());
        // Both in application mode: what a shell that does not expect it reads as letters.
        Assert.Equal("0 0", Tmux("display-message", "-p", "#{keypad_cursor_flag} #{keypad_flag}").Trim());
        // A line is typed, shown, and read again, as at any shell.
        Type("usable");
        Press("Enter");
        WaitFor(screen => screen.Split("usable").Length == 3, "the echo of a line, and the line");
        return int.Parse(File.ReadAllText(Path.Combine(_folder, "status")), CultureInfo.InvariantCulture);
    }

    /// <summary>Sends the program a signal, such as <c>TERM</c>.</summary>
    public void Signal(string name) => Run("kill", $"-{name}", ProgramId);

    /// <summary>Takes the terminal away, as a closed window or a lost connection does, and waits until the program ended.</summary>
    public void HangUp()
    {
        string program = ProgramId;
        Run("tmux", "-L", _server, "kill-server");
        Namespaces.Until(() => !Directory.Exists($"/proc/{program}"), "the program's end");
    }

    public void Dispose()
    {
        // A program that still runs ends by the terminal's hangup.
        Run("tmux", "-L", _server, "kill-server");
        Directory.Delete(_folder, recursive: true);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string Tmux(params string[] arguments) => Run("tmux", ["-L", _server, .. arguments]);

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // A shell's own TMUX would name another server, and its TERM is not this terminal's.
        start.Environment.Remove("TMUX");
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
