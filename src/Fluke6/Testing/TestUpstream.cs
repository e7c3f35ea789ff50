using System.Net;
using System.Net.Sockets;

namespace Fluke6.Command.Testing;

/// <summary>
/// Somebody whom a rule asks over the network: on loopback, and answering what a test says. Of real time it takes as little as it can.
/// </summary>
internal sealed class TestUpstream : IDisposable
{
    private const int MaxMessage = 65_535;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    /// <summary>Serves on a port that the system chooses.</summary>
    /// <param name="patience">How long it waits to be asked.</param>
    public TestUpstream(TimeSpan patience)
    {
        _socket.ReceiveTimeout = (int)patience.TotalMilliseconds;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Waits for the next query and answers it.</summary>
    /// <param name="message">The answer; its identifier becomes the query's, which whoever asks chooses anew.</param>
    /// <returns>False if no query came.</returns>
    public bool TryAnswer(ReadOnlySpan<byte> message)
    {
        byte[] query = new byte[MaxMessage];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        try
        {
            _socket.ReceiveFrom(query, ref from);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return false;
        }

        byte[] answer = [.. query.AsSpan(0, Math.Min(sizeof(ushort), message.Length)), .. message[Math.Min(sizeof(ushort), message.Length)..]];
        _socket.SendTo(answer, from);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
