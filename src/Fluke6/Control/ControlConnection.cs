using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fluke6.Snapshots;
using Fluke6.Watching;

namespace Fluke6.Command.Control;

/// <summary>
/// One client of the control socket. Whatever it does, or does not do, costs bounded memory: a line has a limit, requests have a rate, and what is to be
/// sent is made only when there is room for it, so that a client that stalls finds a gap in the events. The server's thread alone uses it.
/// </summary>
internal sealed class ControlConnection : IDisposable
{
    /// <summary>The longest line that a client may write, in bytes.</summary>
    public const int MaxLine = 64 * 1024;

    private const int MaxLayers = 100;
    private const int MaxNeighbors = 1344;
    private const int LeastInterval = 100;

    // From here on nothing is added to what waits to be sent. One snapshot may go beyond.
    private const int MostWaiting = 256 * 1024;

    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(5);
    private readonly Socket _socket;
    private readonly BridgePublisher _publisher;
    private readonly LineBuffer _lines = new(MaxLine);
    private ArrayBufferWriter<byte> _output = new();
    private int _sent;
    private long _heardAt = Stopwatch.GetTimestamp();
    private long _movedAt = Stopwatch.GetTimestamp();
    private long _readAfter;
    private bool _hasAsked;
    private bool _asksNoMore;
    private int _unanswered;
    private bool _ended;
    private ControlRequest _watch = new();
    private long _nextSnapshot;
    private long _events;
    private long _handshakes;

    /// <summary>A client that has just connected.</summary>
    public ControlConnection(Socket socket, BridgePublisher publisher)
    {
        _socket = socket;
        _socket.Blocking = false;
        _publisher = publisher;
        Send(publisher.Ready(), SnapshotJson.Default.ReadyRecord);
    }

    /// <summary>The socket's descriptor.</summary>
    public int Descriptor => (int)_socket.SafeHandle.DangerousGetHandle();

    /// <summary>Whether it is to be taken off.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether there is something to send.</summary>
    public bool HasOutput => _sent < _output.WrittenCount;

    /// <summary>Whether anything is sent to it by itself.</summary>
    public bool IsWatching => _watch.Events || _watch.Handshakes || _watch.Interval > 0;

    /// <summary>Whether it may be read from now.</summary>
    public bool MayRead => !_ended && !_asksNoMore && Waiting < MostWaiting && Stopwatch.GetTimestamp() >= _readAfter;

    private int Waiting => _output.WrittenCount - _sent;

    /// <summary>Whether it may go for another one's sake: it never asked for anything, or takes nothing.</summary>
    public bool IsIdle => !_hasAsked || (HasOutput && Stopwatch.GetElapsedTime(_movedAt) > s_silence);

    /// <summary>Reads what is there, and takes one request.</summary>
    /// <returns>The request; null if there is none that is whole.</returns>
    public ControlRequest? Read()
    {
        if (!_lines.TryTake(out ReadOnlyMemory<byte> line))
        {
            Span<byte> room = _lines.Room();
            if (room.IsEmpty)
            {
                Refuse($"a line is longer than {MaxLine} bytes");
                return null;
            }

            int count = _socket.Receive(room, SocketFlags.None, out SocketError error);
            if (error is SocketError.WouldBlock or SocketError.Interrupted)
                return null;
            if (error != SocketError.Success)
            {
                IsOver = true;
                return null;
            }

            _lines.Add(count);
            // Scripts close their side after the request (socat, nc -N), and wait for what comes of it.
            _asksNoMore = count == 0;
            if (!(_asksNoMore ? _lines.TryTakeRest(out line) : _lines.TryTake(out line)))
                return null;
        }

        _heardAt = Stopwatch.GetTimestamp();
        Wait(s_pace);
        try
        {
            ControlRequest request = JsonSerializer.Deserialize(line.Span, ControlJson.Default.ControlRequest) ?? throw new JsonException("null is no request");
            _hasAsked = true;
            return request;
        }
        catch (JsonException exception)
        {
            Reply(new ControlReply { Message = $"this is no request: {exception.Message.ReplaceLineEndings(" ")}" });
            return null;
        }
    }

    /// <summary>Does what the connection itself can: watching, and a snapshot.</summary>
    /// <returns>False if the request is for the bridge.</returns>
    public bool TryAnswer(ControlRequest request)
    {
        if (request.Command is not (ControlRequest.Watch or ControlRequest.Snapshot))
            return false;

        SnapshotRequest want = Bounded(request.Want ?? SnapshotRequest.FiguresAlone);
        if (_publisher.Misread(want.Filter) is { } trouble)
        {
            Reply(new ControlReply { Id = request.Id, Message = trouble });
            return true;
        }

        if (request.Command == ControlRequest.Snapshot)
        {
            long start = Stopwatch.GetTimestamp();
            Reply(new ControlReply { Id = request.Id, Ok = true, Message = "", Snapshot = _publisher.Take(want) });
            // A client that asks for nothing else leaves the processor to others for most of the time.
            Wait(4 * Stopwatch.GetElapsedTime(start) + s_pace);
            return true;
        }

        if (!_watch.Events || request.After is not null)
            _events = request.After ?? _publisher.Events.Last;
        if (!_watch.Handshakes)
            _handshakes = _publisher.Handshakes.Last;
        _watch = request with { Want = want, Interval = request.Interval <= 0 ? 0 : Math.Max(LeastInterval, request.Interval) };
        _nextSnapshot = 0;
        Reply(new ControlReply { Id = request.Id, Ok = true, Message = "watching" });
        return true;
    }

    /// <summary>Notes that a request is the bridge's to do, and its reply is yet to come.</summary>
    public void Expect() => _unanswered++;

    /// <summary>Tells what the bridge did.</summary>
    public void Finish(ControlReply reply)
    {
        _unanswered--;
        Reply(reply);
    }

    /// <summary>The client is gone, so that nobody reads what is sent. What it wrote before is done all the same.</summary>
    public void NoteHangUp() => IsOver |= _asksNoMore;

    /// <summary>Tells what came of a request.</summary>
    public void Reply(ControlReply reply) => Send(reply, ControlJson.Default.ControlReply);

    /// <summary>Says why the client is not served, and ends with that.</summary>
    public void Refuse(string why)
    {
        Reply(new ControlReply { Message = why });
        _ended = true;
    }

    /// <summary>Says that the bridge ends.</summary>
    public void End()
    {
        Send(new ControlEnd(), ControlJson.Default.ControlEnd);
        _ended = true;
    }

    /// <summary>Adds what the client watches, as far as there is room.</summary>
    public void Fill()
    {
        if (!_hasAsked && !_ended && Stopwatch.GetElapsedTime(_heardAt) > s_silence)
            Refuse("no request came for 10 seconds");
        if (_ended)
            return;

        if (_watch.Events)
            Fill(_publisher.Events, ref _events, events: true);
        if (_watch.Handshakes)
            Fill(_publisher.Handshakes, ref _handshakes, events: false);
        long now = Stopwatch.GetTimestamp();
        // The one before is gone, or this one would be old when it comes.
        if (_watch.Interval == 0 || now < _nextSnapshot || HasOutput)
            return;

        Send(_publisher.Take(_watch.Want!), SnapshotJson.Default.BridgeSnapshot);
        // Where there are so many flows that it takes long, it is made less often.
        TimeSpan took = Stopwatch.GetElapsedTime(now), interval = TimeSpan.FromMilliseconds(_watch.Interval);
        _nextSnapshot = now + Ticks(interval > 4 * took ? interval : 4 * took);
    }

    /// <summary>Sends as much as the client takes.</summary>
    public void Write()
    {
        while (HasOutput)
        {
            int count = _socket.Send(_output.WrittenSpan[_sent..], SocketFlags.None, out SocketError error);
            if (error is SocketError.WouldBlock or SocketError.Interrupted)
            {
                Compact();
                return;
            }

            if (error != SocketError.Success)
            {
                IsOver = true;
                return;
            }

            _sent += count;
            _movedAt = Stopwatch.GetTimestamp();
        }

        // What a large snapshot took is not kept for small ones.
        if (_output.Capacity > MostWaiting)
            _output = new ArrayBufferWriter<byte>();
        else
            _output.ResetWrittenCount();
        _sent = 0;
        IsOver |= _ended || (_asksNoMore && _unanswered == 0 && !IsWatching);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // A client that is never quite through must not keep all that it was ever sent.
    private void Compact()
    {
        if (_sent < MostWaiting)
            return;

        var rest = new ArrayBufferWriter<byte>(Math.Max(1, Waiting));
        rest.Write(_output.WrittenSpan[_sent..]);
        (_output, _sent) = (rest, 0);
    }

    private static SnapshotRequest Bounded(SnapshotRequest want) => want with
    {
        Flows = Math.Min(want.Flows, BridgePublisher.MaxWatchedFlows),
        Neighbors = Math.Min(want.Neighbors, MaxNeighbors),
        Layers = [.. want.Layers.OfType<string>().Take(MaxLayers)],
    };

    private static long Ticks(TimeSpan span) => (long)(span.TotalSeconds * Stopwatch.Frequency);

    private void Wait(TimeSpan span) => _readAfter = Math.Max(_readAfter, Stopwatch.GetTimestamp() + Ticks(span));

    private void Fill(EventLog log, ref long after, bool events)
    {
        while (Waiting < MostWaiting && log.Next(ref after, out long lost) is { } next)
        {
            if (lost > 0)
                Send(events ? new ControlLoss { Events = lost } : new ControlLoss { Handshakes = lost }, ControlJson.Default.ControlLoss);
            Send(next, SnapshotJson.Default.BridgeEvent);
        }
    }

    private void Send<T>(T value, JsonTypeInfo<T> type)
    {
        if (_ended)
            return;

        using (var json = new Utf8JsonWriter(_output))
            JsonSerializer.Serialize(json, value, type);
        _output.Write("\n"u8);
    }
}
