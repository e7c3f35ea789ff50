using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Fluke6.Linux.Native;

/// <summary><c>sys/socket.h</c>, what Tmds.LibC lacks of it.</summary>
internal static unsafe partial class Socket
{
    public const int SO_SNDBUFFORCE = 32;

    /// <summary>recvmmsg(2).</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int recvmmsg(int sockfd, mmsghdr* msgvec, uint vlen, int flags, timespec* timeout);

    /// <summary>sendmmsg(2).</summary>
    [LibraryImport("libc", SetLastError = true)]
    public static partial int sendmmsg(int sockfd, mmsghdr* msgvec, uint vlen, int flags);
}
