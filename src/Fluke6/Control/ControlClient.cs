using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fluke6.Snapshots;

namespace Fluke6.Command.Control;

/// <summary>A connection to a bridge's control socket, line by line. One thread reads; any may write.</summary>
internal sealed class ControlClient : IDisposable
{
    // A snapshot with all that a thousand flows could show.
    private const int MaxLine = 64 * 1024 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly Socket _socket;
    private readonly LineBuffer _lines = new(MaxLine);
    private readonly Lock _lock = new();
    private long _id;

    /// <summary>A connection that has been made.</summary>
    public ControlClient(Socket socket)
    {
        _socket = socket;
        _socket.SendTimeout = (int)s_patience.TotalMilliseconds;
    }

    /// <summary>Reads the next line.</summary>
    /// <returns>Null at the connection's end.</returns>
    public ReadOnlyMemory<byte>? ReadLine()
    {
        while (true)
        {
            if (_lines.TryTake(out ReadOnlyMemory<byte> line))
                return line;

            Span<byte> room = _lines.Room();
            if (room.IsEmpty)
                return null;

            if (Receive(room) is not (> 0 and int count))
                return null;

            _lines.Add(count);
        }
    }

    // Nothing at the end, whoever made it.
    private int Receive(Span<byte> room)
    {
        try
        {
            while (true)
            {
                int count = _socket.Receive(room, SocketFlags.None, out SocketError error);
                if (error != SocketError.Interrupted)
                    return error == SocketError.Success ? count : 0;
            }
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>The type of a line; empty for what is none of a bridge's.</summary>
    public static string TypeOf(ReadOnlyMemory<byte> line) => TryRead(line, ControlJson.Default.ControlLine)?.Type ?? "";

    /// <summary>Reads a line as an object; null if it is none.</summary>
    public static T? TryRead<T>(ReadOnlyMemory<byte> line, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads the first line, which says which bridge this is.</summary>
    /// <exception cref="CommandFailure">The bridge refuses this client, or it is no bridge.</exception>
    public ReadyRecord ReadReady()
    {
        if (ReadLine() is not { } line)
            throw new CommandFailure(ExitCode.Failed, "the bridge ended before it said anything");
        if (TypeOf(line) != "ready" || TryRead(line, SnapshotJson.Default.ReadyRecord) is not { } ready)
            throw new CommandFailure(ExitCode.Failed, "what listens there is no bridge of Fluke6's");
        return ready;
    }

    /// <summary>Writes a request.</summary>
    /// <param name="request">The request; its number is given here.</param>
    /// <param name="numbered">Told the number before the request is on its way.</param>
    /// <returns>Whether it is on its way: otherwise the connection is lost.</returns>
    public bool TrySend(ControlRequest request, Action<long>? numbered = null)
    {
        lock (_lock)
        {
            request = request with { Id = ++_id };
            numbered?.Invoke(_id);
            byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(request, ControlJson.Default.ControlRequest), (byte)'\n'];
            try
            {
                for (int sent = 0; sent < line.Length;)
                    sent += _socket.Send(line.AsSpan(sent));
                return true;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <summary>Writes a request and waits for what comes of it; other lines are passed over.</summary>
    /// <exception cref="CommandFailure">The connection is lost before.</exception>
    public ControlReply Ask(ControlRequest request)
    {
        long id = 0;
        TrySend(request, number => id = number);
        while (ReadLine() is { } line)
        {
            if (TypeOf(line) == "reply" && TryRead(line, ControlJson.Default.ControlReply) is { } reply && (reply.Id == id || reply.Id == 0))
                return reply;
        }

        throw new CommandFailure(ExitCode.Failed, "the bridge ended, or closed the connection, before it answered");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A thread that reads is woken. The other end, or another thread, may have been first.
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Then there is nothing left to end.
        }

        _socket.Dispose();
    }
}
