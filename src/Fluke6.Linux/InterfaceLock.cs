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
        UnixDomainSocketEndPoint address = AddressOf(index);
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
                {
                    int holder = Holder(index) ?? 0;
                    throw new PortException((holder == Environment.ProcessId ? PortTrouble.Same(specification)
                        : PortTrouble.Taken(specification, holder)).Line);
                }

                Thread.Sleep(TryMilliseconds);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>The Fluke6 that has an interface of the calling thread's namespace: its process, 0 if that is in another container; null
    /// if none has it.</summary>
    public static int? Holder(int index)
    {
        using var socket =
            new System.Net.Sockets.Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(AddressOf(index));
            Span<byte> credentials = stackalloc byte[CredentialsLength];
            socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, credentials);
            return MemoryMarshal.Read<int>(credentials);
        }
        catch (SocketException exception)
        {
            // Its queue of connections is full: whoever asks is told all the same, but for the number.
            return exception.SocketErrorCode == SocketError.ConnectionRefused ? null : 0;
        }
    }

    private static UnixDomainSocketEndPoint AddressOf(int index) => new($"\0fluke6 interface {index}");
}
