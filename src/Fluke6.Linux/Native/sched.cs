using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary><c>sched.h</c> and <c>gettid</c>, which Tmds.LibC lacks.</summary>
internal static unsafe partial class Scheduler
{
    /// <summary>Runs only when nothing else wants the processor. sched(7).</summary>
    public const int SCHED_IDLE = 5;

    /// <summary>gettid(2).</summary>
    [LibraryImport("libc")]
    public static partial int gettid();

    /// <summary>sched_setscheduler(2), which takes threads' numbers.</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int sched_setscheduler(int thread, int policy, in int priority);
}
