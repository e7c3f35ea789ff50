using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Fluke6.Linux.Native;

/// <summary><c>poll.h</c>: Tmds.LibC's poll waits for whole milliseconds.</summary>
internal static unsafe partial class Poll
{
    /// <summary>ppoll(2).</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int ppoll(pollfd* fds, nuint nfds, timespec* timeout, void* signals);
}
