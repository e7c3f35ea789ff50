using System.ComponentModel;
using System.Diagnostics;
using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Terminals;

/// <summary>A program that has the terminal while the screen is closed for it: the user's editor, or a shell in one of the hosts.</summary>
internal sealed class TerminalProgram
{
    private const int DiedOfASignal = 128;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    private readonly string _command;
    private readonly string[] _arguments;
    private readonly HostShell? _host;

    private TerminalProgram(string command, string[] arguments, HostShell? host = null)
    {
        _command = command;
        _arguments = arguments;
        _host = host;
    }

    // As the shell takes it: the variable may hold options.
    private static string EditorCommand =>
        Environment.GetEnvironmentVariable("VISUAL") is { Length: > 0 } visual ? visual
        : Environment.GetEnvironmentVariable("EDITOR") is { Length: > 0 } editor ? editor
        : "vi";

    private static string UsersShell => Environment.GetEnvironmentVariable("SHELL") is { Length: > 0 } shell ? shell : "/bin/sh";

    /// <summary>The user's editor: <c>VISUAL</c>, <c>EDITOR</c>, or vi.</summary>
    /// <param name="path">The file.</param>
    public static TerminalProgram Editor(string path) => new($"{EditorCommand} \"$@\"", [path]);

    /// <summary>The user's shell as a host.</summary>
    public static TerminalProgram Shell(HostShell host) => new("\"$@\"", [.. host.Enter, UsersShell], host);

    /// <summary>Waits until the user is through with it.</summary>
    /// <param name="terminal">How the terminal is to be afterwards.</param>
    /// <param name="meanwhile">To be called again and again.</param>
    /// <param name="stop">Ends the program.</param>
    /// <returns>The reason why it did not work; null if it did.</returns>
    public string? Run(TerminalState terminal, Action meanwhile, CancellationToken stop)
    {
        try
        {
            if (_host is not null)
            {
                if (Refusal(_host) is { } refusal)
                    return refusal;
                Console.WriteLine($"fluke6: a shell in {_host.Name}; 'exit' comes back to the dashboard");
            }

            // Through a shell, which is to outlive the program, whatever is sent to both; what it traps, other than what it would ignore,
            // its children take as ever.
            using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"trap : INT QUIT HUP; {_command}", "sh", .. _arguments]))!;
            bool suspended;
            using (new KeyboardSignals())
                suspended = Wait(process, meanwhile, stop);

            // A program that a signal ended had no time to leave the screen that it drew on.
            if (process.ExitCode > DiedOfASignal)
                terminal.Leave();
            else
                terminal.Restore();
            return Outcome(process.ExitCode, suspended);
        }
        // No process can be started at all.
        catch (Win32Exception exception)
        {
            return $"cannot start {(_host is null ? EditorCommand : "a shell")}: {exception.Message}";
        }
    }

    // A shell's status is that of the last command in it, which the user saw.
    private string? Outcome(int status, bool suspended) =>
        suspended ? $"{(_host is null ? EditorCommand : "a shell here")} could not be suspended: the traffic would stop with it"
        : status == 0 || _host is not null ? null
        : $"{EditorCommand} ended with status {status}; set EDITOR to another if it is missing";

    /// <returns>Why nothing can run as the host; null if something can.</returns>
    private static string? Refusal(HostShell host)
    {
        // Not from the current directory, where .NET would look first.
        using Process process = Process.Start(new ProcessStartInfo("/usr/bin/env", [.. host.Enter, "true"]) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"no shell in {host.Name}: {error.Trim().ReplaceLineEndings("; ")}";
    }

    /// <returns>Whether it tried to suspend itself.</returns>
    private static bool Wait(Process process, Action meanwhile, CancellationToken stop)
    {
        bool suspended = false;
        int[] told = [];
        long since = 0;
        using (stop.Register(() =>
        {
            Volatile.Write(ref since, Stopwatch.GetTimestamp());
            Volatile.Write(ref told, ProcessTree.HangUp(process.Id));
        }))
        {
            while (!process.WaitForExit(BridgeWatch.Interval))
            {
                meanwhile();
                // This process does not stop with an editor that suspends its group, and no shell is there to let the editor go on.
                suspended |= ProcessTree.Continue(process.Id);
                if (stop.IsCancellationRequested && Stopwatch.GetElapsedTime(Volatile.Read(ref since)) > s_patience)
                    ProcessTree.Kill(ProcessTree.Of(process.Id));
            }
        }

        // A script around an editor may end first.
        while (told.Any(ProcessTree.Runs) && Stopwatch.GetElapsedTime(since) < s_patience)
            Thread.Sleep(s_interval);
        ProcessTree.Kill(told);
        return suspended;
    }
}
