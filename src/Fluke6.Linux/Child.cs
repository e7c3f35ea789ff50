using System.Runtime.InteropServices;
using Fluke6.Linux.Native;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>A process that <see cref="ProgramStart"/> started. Only its starter's process may wait for it.</summary>
internal sealed unsafe class Child
{
    private const int Stopped = 0x7F;

    internal Child(int id) => Id = id;

    /// <summary>The process's number.</summary>
    public int Id { get; }

    /// <summary>
    /// The signal by which a process learns that its parent has ended; it may come several times, as the parent's threads end one by one.
    /// Whoever does not listen to it ends.
    /// </summary>
    public static int ParentEnded => SIGUSR1;

    /// <summary>Sends this process <see cref="ParentEnded"/> when the thread that started it ends. prctl(2), PR_SET_PDEATHSIG.</summary>
    /// <param name="parent">The process that started this one.</param>
    /// <returns>False if that one has ended already.</returns>
    public static bool EndsWithParent(int parent)
    {
        _ = Prctl.prctl(Prctl.PR_SET_PDEATHSIG, (nuint)ParentEnded, 0, 0, 0);
        return getppid() == parent;
    }

    /// <summary>Waits until the process ends or is stopped, as Ctrl-Z does.</summary>
    public ChildStatus Wait()
    {
        int status;
        while (Spawn.waitpid(Id, &status, Spawn.WUNTRACED) < 0)
        {
            // Another thread of the runtime was quicker: nobody knows any more how it ended.
            if (Marshal.GetLastPInvokeError() != EINTR)
                return new ChildStatus(null, 1);
        }

        int low = status & 0x7F, high = status >> 8 & 0xFF;
        return (status & 0xFF) == Stopped ? new ChildStatus(null, null)
            : low == 0 ? new ChildStatus(high, null)
            : new ChildStatus(null, low);
    }

    /// <summary>Sends the process a signal, by number; one that ended meanwhile needs none.</summary>
    public void Signal(int number) => _ = kill(Id, number);
}

/// <summary>The end of a process; neither if it is stopped.</summary>
/// <param name="ExitStatus">What it exited with; null if it did not.</param>
/// <param name="Signal">The signal that ended it; null if none did.</param>
internal readonly record struct ChildStatus(int? ExitStatus, int? Signal)
{
    /// <summary>Whether the process is stopped and may go on.</summary>
    public bool IsStopped => ExitStatus is null && Signal is null;

    /// <summary>The status as a shell has it.</summary>
    public int ShellStatus => ExitStatus ?? 128 + (Signal ?? 0);

    /// <summary>The signal's name, such as <c>SIGSEGV</c>; empty if none ended the process.</summary>
    public string SignalName => Signal is not { } number ? "" : Names.TryGetValue(number, out string? name) ? name : $"signal {number}";

    private static Dictionary<int, string> Names { get; } = new()
    {
        [SIGHUP] = nameof(SIGHUP),
        [SIGINT] = nameof(SIGINT),
        [SIGQUIT] = nameof(SIGQUIT),
        [SIGILL] = nameof(SIGILL),
        [SIGABRT] = nameof(SIGABRT),
        [SIGBUS] = nameof(SIGBUS),
        [SIGFPE] = nameof(SIGFPE),
        [SIGKILL] = nameof(SIGKILL),
        [SIGSEGV] = nameof(SIGSEGV),
        [SIGTERM] = nameof(SIGTERM),
    };
}
