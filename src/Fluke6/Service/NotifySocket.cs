using System.Net.Sockets;
using System.Text;
using Fluke6.Command.Streams;
using Fluke6.Linux;

namespace Fluke6.Command.Service;

/// <summary>The socket of the service manager that started this program, such as systemd where the unit has <c>Type=notify</c>. sd_notify(3).</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket _socket;

    private NotifySocket(Socket socket) => _socket = socket;

    /// <summary>Connects to the socket that <c>NOTIFY_SOCKET</c> names; null where nobody asks.</summary>
    public static NotifySocket? TryConnect()
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not [var first, _, ..] path)
            return null;

        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            // A name in the abstract namespace begins with a zero, which no environment can hold. unix(7).
            socket.Connect(new UnixDomainSocketEndPoint(first == '@' ? $"\0{path[1..]}" : path));
            return new NotifySocket(socket);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            StandardStreams.Error.WriteLine($"fluke6: warning: the service manager at {path} cannot be told that the bridge runs: {exception.Message}");
            return null;
        }
    }

    /// <summary>Tells it something.</summary>
    /// <param name="state">Lines of <c>NAME=VALUE</c>.</param>
    /// <param name="descriptor">A descriptor that goes along; −1 for none.</param>
    /// <returns>Whether it was told; otherwise a warning said why not.</returns>
    public bool Tell(string state, int descriptor = -1)
    {
        try
        {
            DescriptorMessage.Send(_socket, Encoding.UTF8.GetBytes(state), descriptor);
            return true;
        }
        catch (SocketException exception)
        {
            StandardStreams.Error.WriteLine($"fluke6: warning: the service manager was not told {state.Split('\n')[0]}: {exception.Message}");
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
