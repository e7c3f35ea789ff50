using System.Net.Sockets;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Control;

/// <summary>Whose process is at the other end of a Unix socket, as the kernel says. unix(7), SO_PEERCRED.</summary>
/// <param name="Process">The process.</param>
/// <param name="User">Its effective user, when it connected.</param>
internal readonly record struct PeerCredentials(int Process, uint User)
{
    private const int Length = 12, UserOffset = 4;

    /// <summary>The user of this process.</summary>
    public static uint OwnUser => geteuid();

    /// <summary>Asks the kernel.</summary>
    /// <exception cref="SocketException">The connection is none any more.</exception>
    public static PeerCredentials Of(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[Length];
        socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, credentials);
        return new PeerCredentials(
            BitConverter.ToInt32(credentials), BitConverter.ToUInt32(credentials[UserOffset..]));
    }

    /// <summary>Whether the process may control a bridge of a user: that user and root may.</summary>
    public bool MayControl(uint owner) => User == owner || User == 0;
}
