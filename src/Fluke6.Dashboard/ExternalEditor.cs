using System.Diagnostics;

namespace Fluke6.Dashboard;

/// <summary>The user's editor, while the screen is closed for it.</summary>
internal static class ExternalEditor
{
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
        // Through the shell, as others do: the variable may hold options.
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{Command} \"$1\"", "sh", path]))!;
        bool suspended = false;
        while (!process.WaitForExit(Model.BridgeWatch.Interval))
        {
            meanwhile();
            // This process does not stop with an editor that suspends its group, and no shell is there to let the editor go on.
            suspended |= TerminalState.Continue(process.Id);
            if (stop.IsCancellationRequested)
                process.Kill(entireProcessTree: true);
        }

        terminal.Restore();
        return process.ExitCode == 0 ? suspended ? $"{Command} could not be suspended: the traffic would stop with it" : null
            : $"{Command} ended with status {process.ExitCode}; set EDITOR to another if it is missing";
    }
}
