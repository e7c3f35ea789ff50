using System.Net.Sockets;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace Fluke6.Linux;

/// <summary>Hands a descriptor to another process by a Unix socket. unix(7), <c>SCM_RIGHTS</c>.</summary>
internal static unsafe class DescriptorMessage
{
    private const int SolSocket = 1, ScmRights = 1;

    /// <summary>Sends a datagram.</summary>
    /// <param name="socket">A connected Unix socket.</param>
    /// <param name="text">What it says; at least a byte.</param>
    /// <param name="descriptor">A descriptor that goes along; −1 for none.</param>
    /// <exception cref="SocketException">It was not sent.</exception>
    public static void Send(System.Net.Sockets.Socket socket, ReadOnlySpan<byte> text, int descriptor = -1)
    {
        if (descriptor < 0)
        {
            socket.Send(text);
            return;
        }

        // struct cmsghdr: its length, a level and a type; then what it carries.
        int length = sizeof(nuint) + (3 * sizeof(int));
        byte* control = stackalloc byte[sizeof(nuint) * 4];
        *(nuint*)control = (nuint)length;
        int* fields = (int*)(control + sizeof(nuint));
        (fields[0], fields[1], fields[2]) = (SolSocket, ScmRights, descriptor);
        fixed (byte* first = text)
        {
            var vector = new iovec { iov_base = first, iov_len = text.Length };
            mmsghdr message = default;
            // The first field of both.
            var header = (msghdr*)&message;
            header->msg_iov = &vector;
            header->msg_iovlen = 1;
            header->msg_control = control;
            header->msg_controllen = (length + sizeof(nuint) - 1) / sizeof(nuint) * sizeof(nuint);
            if (Native.Socket.sendmmsg((int)socket.Handle, &message, 1, 0) < 0)
                throw new SocketException(Marshal.GetLastPInvokeError());
        }
    }
}
