using System.Runtime.InteropServices;

namespace Fluke6.Scripting.Native;

/// <summary><c>dirent.h</c>, which Tmds.LibC lacks. getdents(2).</summary>
internal static unsafe partial class Dirent
{
    /// <summary>Where a <c>struct dirent64</c> holds its length, and where its name begins, which ends with a zero.</summary>
    public const int LengthAt = 16, NameAt = 19;

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint getdents64(int fd, void* buffer, nuint length);
}
