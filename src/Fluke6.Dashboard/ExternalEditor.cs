using System.Diagnostics;

namespace Fluke6.Dashboard;

/// <summary>The user's editor, while the screen is closed for it.</summary>
internal static class ExternalEditor
{
    private const int DiedOfASignal = 128;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    /// <summary>The command line, as the shell takes it: <c>VISUAL</c>, <c>EDITOR</c>, or vi.</summary>
    public static string Command =>
        Environment.GetEnvironmentVariable("VISUAL") is { Length: > 0 } visual ? visual
        : Environment.GetEnvironmentVariable("EDITOR") is { Length: > 0 } editor ? editor
        : "vi";

    /// <summary>Waits until the user is through.</summary>
    /// <param name="path">The file.</param>
    /// <param name="terminal">How the terminal is to be afterwards.</param>
    /// <param name="meanwhile">To be called again and again.</param>
    /// <param name="stop">Ends the editor.</param>
    /// <returns>What went wrong; null if nothing did.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no shell.</exception>
    public static string? Edit(string path, TerminalState terminal, Action meanwhile, CancellationToken stop)
    {
        // Through the shell, as others do: the variable may hold options. The shell is to outlive its editor, whatever is sent to both;
        // what it traps, other than what it would ignore, its children take as ever.
        using Process process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"trap : INT QUIT HUP; {Command} \"$1\"", "sh", path]))!;
        bool suspended;
        using (new KeyboardSignals())
            suspended = Wait(process, meanwhile, stop);

        // Who died of a signal had no time to leave the screen that it drew on.
        if (process.ExitCode > DiedOfASignal)
            terminal.Leave();
        else
            terminal.Restore();
        return process.ExitCode == 0 ? suspended ? $"{Command} could not be suspended: the traffic would stop with it" : null
            : $"{Command} ended with status {process.ExitCode}; set EDITOR to another if it is missing";
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
            while (!process.WaitForExit(Model.BridgeWatch.Interval))
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
