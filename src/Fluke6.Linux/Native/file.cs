using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary><c>sys/file.h</c>, which Tmds.LibC lacks.</summary>
internal static partial class FileLocks
{
    /// <summary>Nobody else has the lock.</summary>
    public const int LOCK_EX = 2;

    /// <summary>Does not wait for whoever has it.</summary>
    public const int LOCK_NB = 4;

    /// <summary>flock(2).</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int flock(int fd, int operation);
}
