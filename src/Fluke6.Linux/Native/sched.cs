using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary><c>gettid</c> and <c>setpriority</c>, which Tmds.LibC lacks.</summary>
internal static unsafe partial class Scheduler
{
    /// <summary>gettid(2).</summary>
    [LibraryImport("libc")]
    public static partial int gettid();

    /// <summary>The second argument of <see cref="setpriority"/> is a thread's number.</summary>
    public const int PRIO_PROCESS = 0;

    /// <summary>setpriority(2).</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int setpriority(int which, int who, int niceness);
}
