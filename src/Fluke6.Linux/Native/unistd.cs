using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary>
/// <c>unistd.h</c>, for the frame path. Tmds.LibC's read and write keep errno and leave and enter the garbage collector's mode around
/// every call, and libc's own are cancellation points, which takes two atomic operations in a process with threads: together a
/// twentieth of what a 60-octet frame costs. These do neither. They are for descriptors that never block; errno is
/// <see cref="Marshal.GetLastSystemError"/>, to be asked at once.
/// </summary>
internal static unsafe partial class Unistd
{
    private static readonly bool NumbersAreThoseOfX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    // asm/unistd_64.h; asm-generic/unistd.h.
    private static readonly nint ReadNumber = NumbersAreThoseOfX64 ? 0 : 63;
    private static readonly nint WriteNumber = NumbersAreThoseOfX64 ? 1 : 64;

    /// <summary>read(2).</summary>
    public static nint read(int fd, void* buf, nuint count) => syscall(ReadNumber, fd, buf, count);

    /// <summary>write(2).</summary>
    public static nint write(int fd, void* buf, nuint count) => syscall(WriteNumber, fd, buf, count);

    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial nint syscall(nint number, nint fd, void* buf, nuint count);
}
