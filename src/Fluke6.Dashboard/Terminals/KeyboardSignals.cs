using System.Runtime.InteropServices;

namespace Fluke6.Dashboard.Terminals;

/// <summary>
/// While this lives, Ctrl-C and Ctrl-\ are the editor's alone. The terminal sends their signals to the whole process group that has it,
/// and the editor shares this process's: in a group of its own it would be the only one to learn that the terminal went away.
/// </summary>
/// <remarks>
/// Ignored in the kernel, as git and crontab do, rather than in a handler: a handler may run when the editor of that signal has ended.
/// Made after the editor was started, which would inherit it.
/// </remarks>
internal sealed unsafe partial class KeyboardSignals : IDisposable
{
    private const nint Ignore = 1;                          // SIG_IGN of signal.h
    private static readonly int[] s_signals = [2, 3];       // SIGINT, SIGQUIT
    private readonly byte[][] _before = [.. s_signals.Select(_ => new byte[256])];      // struct sigaction, which is shorter

    public KeyboardSignals()
    {
        for (int i = 0; i < s_signals.Length; i++)
        {
            fixed (byte* before = _before[i])
                sigaction(s_signals[i], null, before);
            signal(s_signals[i], Ignore);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = 0; i < s_signals.Length; i++)
        {
            fixed (byte* before = _before[i])
                sigaction(s_signals[i], before, null);
        }
    }

    [LibraryImport("libc")]
    private static partial void sigaction(int signal, byte* action, byte* before);

    [LibraryImport("libc")]
    private static partial nint signal(int signal, nint handler);
}
