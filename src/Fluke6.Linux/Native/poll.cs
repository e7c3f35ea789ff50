using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Fluke6.Linux.Native;

/// <summary><c>poll.h</c>: Tmds.LibC's poll does not keep errno.</summary>
internal static unsafe partial class Poll
{
    /// <summary>poll(2).</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(pollfd* fds, nuint nfds, int timeout);
}
