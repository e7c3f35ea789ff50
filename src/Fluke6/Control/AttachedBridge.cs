using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using Fluke6.Snapshots;

namespace Fluke6.Command.Control;

/// <summary>
/// A bridge of another process, as this one's screen sees it. A thread of its own reads the socket, and connects again when the connection is
/// lost; nobody waits for it.
/// </summary>
internal sealed class AttachedBridge : IWatchedBridge, IDisposable
{
    private const int Interval = 250;
    private const int MostEvents = 10_000;
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(500);
    private static readonly CommandOutcome s_lost = new(false, "the connection was lost before the bridge answered");
    private readonly string _path;
    private readonly ConcurrentQueue<BridgeEvent> _events = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<ControlReply>> _asked = new();
    private readonly ManualResetEventSlim _closing = new();
    private readonly Thread _thread;
    private volatile ControlClient? _client;
    private volatile ReadyRecord _ready;
    private volatile BridgeSnapshot _latest = BridgeSnapshot.Empty;
    private volatile string? _trouble;
    private volatile string _wanted = "";
    private volatile SnapshotRequest _want = SnapshotRequest.FiguresAlone;
    private long _lastEvent;
    private long _missing;

    /// <summary>A bridge that is connected to.</summary>
    /// <param name="path">Its socket.</param>
    /// <param name="client">The connection.</param>
    /// <param name="ready">Its first line.</param>
    /// <param name="readOnly">Whether to change nothing.</param>
    public AttachedBridge(string path, ControlClient client, ReadyRecord ready, bool readOnly)
    {
        _path = path;
        _ready = ready;
        Watch(client, after: 0);
        _client = client;
        IsReadOnly = readOnly;
        _thread = new Thread(Run) { IsBackground = true, Name = "attach" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public ReadyRecord Ready => _ready;

    /// <inheritdoc/>
    public bool EndsWithWatcher => false;

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    /// <inheritdoc/>
    public bool HasEnded => false;

    /// <inheritdoc/>
    public string? Trouble => _trouble;

    /// <inheritdoc/>
    public BridgeSnapshot Look(SnapshotRequest request)
    {
        string wanted = JsonSerializer.Serialize(request, SnapshotJson.Default.SnapshotRequest);
        if (wanted != _wanted)
        {
            (_want, _wanted) = (request, wanted);
            if (_client is { } client)
                Watch(client, after: null);
        }

        return _latest;
    }

    /// <inheritdoc/>
    public async Task<BridgeSnapshot> Take(SnapshotRequest request) =>
        (await Ask(new ControlRequest { Command = ControlRequest.Snapshot, Want = request }).ConfigureAwait(false)).Snapshot ?? _latest;

    /// <inheritdoc/>
    public long ReadEvents(Queue<BridgeEvent> events)
    {
        while (_events.TryDequeue(out BridgeEvent? next))
            events.Enqueue(next);
        return Interlocked.Exchange(ref _missing, 0);
    }

    /// <inheritdoc/>
    public async Task<CommandOutcome> Do(WatcherCommand command)
    {
        ControlReply reply = await Ask(new ControlRequest
        {
            Command = command.Name, Rule = command.Rule, Places = command.Places, Parameter = command.Parameter, Value = command.Value, File = command.File,
            Filter = command.Filter, Packets = command.Packets, Bytes = command.Bytes,
        }).ConfigureAwait(false);
        return new CommandOutcome(reply.Ok, reply.Message);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closing.Set();
        _client?.Dispose();
        _thread.Join();
        _closing.Dispose();
    }

    private async Task<ControlReply> Ask(ControlRequest request)
    {
        var asked = new TaskCompletionSource<ControlReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        long id = 0;
        if (_client is not { } client || !client.TrySend(request, number => _asked[id = number] = asked))
        {
            _asked.TryRemove(id, out _);
            return new ControlReply { Message = s_lost.Message };
        }

        return await asked.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        while (!_closing.IsSet)
        {
            if (_client is { } client)
            {
                string why = ReadUntilItEnds(client);
                client.Dispose();
                _client = null;
                FailWhatWasAsked();
                _trouble = $"not connected: {why}; trying again";
            }

            if (!_closing.Wait(_trouble is null ? TimeSpan.Zero : s_retry))
                Connect();
        }
    }

    // With events, so that the numbers of those that were missed show.
    private void Watch(ControlClient client, long? after) =>
        client.TrySend(new ControlRequest { Command = ControlRequest.Watch, Interval = Interval, Events = true, After = after, Want = _want });

    private void Connect()
    {
        if (ControlTarget.TryConnect(_path, out _) is not { } socket)
            return;

        var client = new ControlClient(socket);
        try
        {
            ReadyRecord ready = client.ReadReady();
            // Another bridge numbers its events anew.
            if (ready.Process != _ready.Process || Math.Abs((ready.Started - _ready.Started).TotalSeconds) > 1)
                _lastEvent = 0;
            _ready = ready;
            Watch(client, _lastEvent);
            // Only now: another request to watch goes on from where this one begins.
            _client = client;
            _trouble = null;
        }
        catch (CommandFailure failure)
        {
            client.Dispose();
            _trouble = $"not connected: {failure.Message}; trying again";
        }
    }

    private string ReadUntilItEnds(ControlClient client)
    {
        string why = "the connection was lost";
        while (client.ReadLine() is { } line)
        {
            switch (ControlClient.TypeOf(line))
            {
                case "stats" when ControlClient.TryRead(line, SnapshotJson.Default.BridgeSnapshot) is { } snapshot:
                    _latest = snapshot;
                    break;
                case "reply" when ControlClient.TryRead(line, ControlJson.Default.ControlReply) is { } reply:
                    if (_asked.TryRemove(reply.Id, out TaskCompletionSource<ControlReply>? asked))
                        asked.SetResult(reply);
                    else if (!reply.Ok)
                        why = reply.Message;
                    break;
                case "end":
                    why = "the bridge was ended";
                    break;
                case "ready" or "lost":
                    break;
                default:
                    if (ControlClient.TryRead(line, SnapshotJson.Default.BridgeEvent) is { Sequence: > 0 } happened)
                        Note(happened);
                    break;
            }
        }

        return why;
    }

    // Whatever was lost on the way shows in the numbers.
    private void Note(BridgeEvent happened)
    {
        // The first is the oldest that the bridge still has.
        if (_lastEvent > 0)
            Interlocked.Add(ref _missing, Math.Max(0, happened.Sequence - _lastEvent - 1));
        _lastEvent = happened.Sequence;
        _events.Enqueue(happened);
        if (_events.Count > MostEvents && _events.TryDequeue(out _))
            Interlocked.Increment(ref _missing);
    }

    private void FailWhatWasAsked()
    {
        foreach (long id in _asked.Keys)
        {
            if (_asked.TryRemove(id, out TaskCompletionSource<ControlReply>? asked))
                asked.SetResult(new ControlReply { Message = s_lost.Message });
        }
    }
}
