using Fluke6.Command.Streams;
using static Tmds.Linux.LibC;

namespace Fluke6.Command;

/// <summary>
/// The end of the process once its command is done. .NET waits for foreground threads, handlers of <c>ProcessExit</c> and the finalizer, any
/// of which a rule may have left hanging.
/// </summary>
internal static class ProcessEnd
{
    /// <summary>How long .NET may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

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
