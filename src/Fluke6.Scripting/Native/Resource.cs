using System.Runtime.InteropServices;

namespace Fluke6.Scripting.Native;

/// <summary><c>sys/resource.h</c>, which Tmds.LibC lacks. setpriority(2).</summary>
internal static partial class Resource
{
    /// <summary>With it, the second argument of <see cref="setpriority"/> is a thread; 0 is the one that calls.</summary>
    public const int PRIO_PROCESS = 0;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setpriority(int which, int who, int prio);
}
