using Fluke6.Command.Streams;
using static Tmds.Linux.LibC;

namespace Fluke6.Command;

/// <summary>
/// The end of the process once its command is done. .NET waits for foreground threads, handlers of <c>ProcessExit</c> and the finalizer, any
/// of which a rule may have left hanging.
/// </summary>
internal static class ProcessEnd
{
    private const int SignalStatus = 128;

    /// <summary>How long .NET may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Runs what rules have a part in. Where one of them ends the process by <c>Environment.Exit</c> before that is done, the process says so and fails:
    /// whoever asked for its status would take that rule's 0 for success.
    /// </summary>
    /// <param name="what">What was not yet so by then, for the message.</param>
    /// <param name="run">What to run; gives the exit status.</param>
    public static int Guard(string what, Func<int> run)
    {
        void Tell(object? sender, EventArgs arguments)
        {
            // A program that a signal ends says so by its status.
            if (Environment.ExitCode >= SignalStatus)
                return;

            StandardStreams.Error.WriteLine($"fluke6: Environment.Exit({Environment.ExitCode}) of a rule ended the program before {what}");
            StandardStreams.Flush();
            if (Environment.ExitCode == ExitCode.Done)
                Environment.ExitCode = ExitCode.Failed;
        }

        AppDomain.CurrentDomain.ProcessExit += Tell;
        try
        {
            return run();
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= Tell;
        }
    }

    /// <summary>Sees to it that the process ends, by .NET if that does not take too long.</summary>
    /// <param name="patience">How long it may take.</param>
    /// <param name="status">The exit status.</param>
    /// <returns>The same.</returns>
    public static int Within(TimeSpan patience, int status)
    {
        new Thread(() =>
        {
            Thread.Sleep(patience);
            StandardStreams.Flush();
            _exit(status);
        })
        { IsBackground = true, Name = "end" }.Start();
        return status;
    }
}
