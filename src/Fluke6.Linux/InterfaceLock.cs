using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Fluke6.Linux;

/// <summary>
/// Keeps a second Fluke6 off an interface, which would forward every frame once more. An abstract socket address is one per network
/// namespace whatever files a process sees, needs no right, and goes with the process however that ends. unix(7).
/// </summary>
internal sealed class InterfaceLock : IDisposable
{
    // sys/socket.h; struct ucred begins with the pid. socket(7).
    private const int SOL_SOCKET = 1, SO_PEERCRED = 17, CredentialsLength = 12;

    // A process that is just being started has a copy of every descriptor until it becomes its program.
    private const int Tries = 10, TryMilliseconds = 20;

    private readonly System.Net.Sockets.Socket _socket;

    private InterfaceLock(System.Net.Sockets.Socket socket) => _socket = socket;

    /// <summary>A lock that another program took, which may have it, too.</summary>
    public static InterfaceLock Adopt(Microsoft.Win32.SafeHandles.SafeFileHandle handle)
    {
        nint descriptor = handle.DangerousGetHandle();
        handle.SetHandleAsInvalid();
        return new InterfaceLock(new System.Net.Sockets.Socket(new SafeSocketHandle(descriptor, ownsHandle: true)));
    }

    /// <summary>The listening socket.</summary>
    public int Descriptor => (int)_socket.Handle;

    /// <summary>Takes an interface of the calling thread's network namespace.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="specification">The port, for the message.</param>
    /// <param name="mayWait">Whether to wait a fifth of a second for one that is about to be free.</param>
    /// <exception cref="PortException">A Fluke6 has it, maybe this one.</exception>
    public static InterfaceLock Take(int index, string specification, bool mayWait)
    {
        var address = new UnixDomainSocketEndPoint($"\0fluke6 interface {index}");
        for (int tries = 1; ; tries++)
        {
            System.Net.Sockets.Socket? socket = null;
            try
            {
                socket = new System.Net.Sockets.Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                socket.Bind(address);
                socket.Listen();
                return new InterfaceLock(socket);
            }
            catch (SocketException exception)
            {
                socket?.Dispose();
                if (exception.SocketErrorCode != SocketError.AddressAlreadyInUse)
                    throw new PortException($"{specification}: locking the interface against another fluke6: {exception.Message}");
                if (!mayWait || tries == Tries)
                    throw Taken(address, specification);
                Thread.Sleep(TryMilliseconds);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static PortException Taken(UnixDomainSocketEndPoint address, string specification)
    {
        int process = HolderOf(address);
        return new PortException(process switch
        {
            _ when process == Environment.ProcessId =>
                $"{specification}: both ports are the same interface; name two, or `none` for a bridge that answers by itself",
            > 0 => $"{specification}: another fluke6 (pid {process}) bridges it, so every frame would go out twice: "
                + $"end that (`kill {process}`), or name another interface",
            _ => $"{specification}: another fluke6, in another container, bridges it, so every frame would go out twice: "
                + "end that, or name another interface",
        });
    }

    /// <summary>The process that listens at an address; 0 if it is not seen from here or just ended.</summary>
    private static int HolderOf(UnixDomainSocketEndPoint address)
    {
        using var socket =
            new System.Net.Sockets.Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(address);
            Span<byte> credentials = stackalloc byte[CredentialsLength];
            socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, credentials);
            return MemoryMarshal.Read<int>(credentials);
        }
        catch (SocketException)
        {
            // It ended since, or its queue of connections is full: whoever asks is told all the same, but for the number.
            return 0;
        }
    }
}
