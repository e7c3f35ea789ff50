using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary>
/// <c>unistd.h</c>, for the frame path. Tmds.LibC's read and write clear and keep errno around every call and leave and enter the
/// garbage collector's mode: 20 ns each, 4 % of what a 60-octet frame costs. These do neither. They are for descriptors that never
/// block; errno is <see cref="Marshal.GetLastSystemError"/>, to be asked at once.
/// </summary>
internal static unsafe partial class Unistd
{
    /// <summary>read(2).</summary>
    [LibraryImport("libc")]
    [SuppressGCTransition]
    public static partial nint read(int fd, void* buf, nuint count);

    /// <summary>write(2).</summary>
    [LibraryImport("libc")]
    [SuppressGCTransition]
    public static partial nint write(int fd, void* buf, nuint count);
}
