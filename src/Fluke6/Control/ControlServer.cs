using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Fluke6.Command.Streams;
using Fluke6.Snapshots;
using Fluke6.Watching;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Control;

/// <summary>
/// Serves the control socket: one thread for all clients, which sleeps while there are none. It reads what <see cref="BridgePublisher"/> has and hands on what
/// is to be done; the bridge's thread has no part in it.
/// </summary>
internal sealed unsafe class ControlServer : IDisposable
{
    /// <summary>How many clients there may be.</summary>
    public const int MostConnections = 64;

    private const int AcceptedAtOnce = 16;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_lastWords = TimeSpan.FromMilliseconds(200);
    private readonly ControlListener _listener;
    private readonly BridgePublisher _publisher;
    private readonly IBridgeCommands _commands;
    private readonly List<ControlConnection> _connections = [];
    private readonly ConcurrentQueue<(ControlConnection Connection, ControlReply Reply)> _replies = new();
    private readonly Thread _thread;
    private readonly int _wake;
    private volatile bool _stopping;
    private long _acceptAfter;

    /// <summary>A server that is yet to begin.</summary>
    /// <param name="listener">The socket, which stays its maker's.</param>
    /// <param name="publisher">Tells of the bridge.</param>
    /// <param name="commands">Does what clients ask for.</param>
    public ControlServer(ControlListener listener, BridgePublisher publisher, IBridgeCommands commands)
    {
        _listener = listener;
        _publisher = publisher;
        _commands = commands;
        _wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (_wake < 0)
            throw new CommandFailure(ExitCode.Failed, "no descriptors are left for the control socket: raise 'ulimit -n', or use --control none");

        _thread = new Thread(Serve) { IsBackground = true, Name = "control" };
    }

    /// <summary>Begins to serve.</summary>
    public void Start() => _thread.Start();

    /// <summary>Tells the clients that the bridge ends, and ends.</summary>
    public void Dispose()
    {
        _stopping = true;
        Wake();
        if (_thread.ThreadState.HasFlag(System.Threading.ThreadState.Unstarted) || _thread.Join(TimeSpan.FromSeconds(1)))
            _ = close(_wake);
    }

    private void Serve()
    {
        while (!_stopping)
        {
            try
            {
                Wait();
                Accept();
                foreach (ControlConnection connection in _connections)
                    Handle(connection);
                while (_replies.TryDequeue(out (ControlConnection Connection, ControlReply Reply) done))
                    done.Connection.Finish(done.Reply);
                foreach (ControlConnection connection in _connections)
                    Send(connection);
                Drop();
            }
            // The traffic does not end with those who look on.
            catch (Exception exception)
            {
                StandardStreams.Error.WriteLine($"fluke6: warning: the control socket failed and begins anew, please report this: {exception.GetType().Name}: {exception.Message}");
                _connections.ForEach(connection => connection.Dispose());
                _connections.Clear();
            }
        }

        End();
    }

    private void Handle(ControlConnection connection)
    {
        if (!connection.MayRead || connection.Read() is not { } request || connection.TryAnswer(request))
            return;

        var command = new WatcherCommand
        {
            Name = request.Command, Rule = request.Rule, Places = request.Places, Parameter = request.Parameter, Value = request.Value, File = request.File, Filter = request.Filter,
            Packets = request.Packets, Bytes = request.Bytes,
        };
        connection.Expect();
        // On the command's own thread: rules may keep those of the pool.
        _commands.Do(command).ContinueWith(
            done =>
            {
                CommandOutcome outcome = done.IsCompletedSuccessfully ? done.Result : new CommandOutcome(false, $"did not work: {done.Exception?.InnerException?.Message}");
                _replies.Enqueue((connection, new ControlReply { Id = request.Id, Ok = outcome.Ok, Message = outcome.Message }));
                Wake();
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private static void Send(ControlConnection connection)
    {
        if (connection.IsOver)
            return;

        connection.Fill();
        connection.Write();
    }

    private void Accept()
    {
        if (Stopwatch.GetTimestamp() < _acceptAfter)
            return;

        for (int i = 0; i < AcceptedAtOnce; i++)
        {
            Socket socket;
            try
            {
                socket = _listener.Socket.Accept();
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.Interrupted or SocketError.ConnectionAborted)
            {
                return;
            }
            // No descriptors left, for instance: clients wait in the kernel's queue.
            catch (SocketException)
            {
                _acceptAfter = Stopwatch.GetTimestamp() + Stopwatch.Frequency;
                return;
            }

            Admit(socket);
        }
    }

    private void Admit(Socket socket)
    {
        PeerCredentials peer;
        try
        {
            peer = PeerCredentials.Of(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return;
        }

        var connection = new ControlConnection(socket, _publisher);
        if (!peer.MayControl(PeerCredentials.OwnUser))
        {
            connection.Refuse($"this bridge is another user's: only that user and root control it, and you are user {peer.User}");
        }
        else if (_connections.Count >= MostConnections)
        {
            // Whoever says nothing, or takes nothing, has the least to lose.
            if (_connections.Find(other => other.IsIdle) is { } idle)
            {
                _connections.Remove(idle);
                idle.Dispose();
            }
            else
            {
                connection.Refuse($"{MostConnections} clients watch this bridge already: end one of them");
            }
        }

        _connections.Add(connection);
    }

    private void Wait()
    {
        int count = _connections.Count + 2;
        Span<pollfd> polled = stackalloc pollfd[count];
        polled[0] = new pollfd { fd = _wake, events = POLLIN };
        polled[1] = new pollfd { fd = Stopwatch.GetTimestamp() < _acceptAfter ? -1 : _listener.Descriptor, events = POLLIN };
        for (int i = 0; i < _connections.Count; i++)
        {
            ControlConnection connection = _connections[i];
            polled[i + 2] = new pollfd
            {
                fd = connection.Descriptor,
                events = (short)((connection.MayRead ? POLLIN : 0) | (connection.HasOutput ? POLLOUT : 0)),
            };
        }

        fixed (pollfd* first = polled)
            _ = poll(first, (uint)count, _connections.Count == 0 ? -1 : (int)s_look.TotalMilliseconds);
        for (int i = 0; i < _connections.Count; i++)
        {
            if ((polled[i + 2].revents & (POLLHUP | POLLERR)) != 0)
                _connections[i].NoteHangUp();
        }

        ulong wakes;
        _ = read(_wake, &wakes, sizeof(ulong));
    }

    private void Drop()
    {
        for (int i = _connections.Count - 1; i >= 0; i--)
        {
            if (!_connections[i].IsOver)
                continue;

            _connections[i].Dispose();
            _connections.RemoveAt(i);
        }
    }

    private void End()
    {
        long start = Stopwatch.GetTimestamp();
        foreach (ControlConnection connection in _connections)
        {
            // What happened until now, as far as there is room.
            connection.Fill();
            connection.End();
            connection.Write();
        }

        while (_connections.Exists(connection => connection.HasOutput && !connection.IsOver) && Stopwatch.GetElapsedTime(start) < s_lastWords)
        {
            Thread.Sleep(1);
            _connections.ForEach(connection => connection.Write());
        }

        _connections.ForEach(connection => connection.Dispose());
    }

    private void Wake()
    {
        ulong one = 1;
        _ = write(_wake, &one, sizeof(ulong));
    }
}
