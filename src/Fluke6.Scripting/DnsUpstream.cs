using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Scripting;

/// <summary>
/// Asks a resolver. Each query leaves by a connected socket of its own, from a random port and with a random identifier, so that who
/// cannot see it has to guess both; an answer counts only with both, from the resolver's address, and with the question as it was asked,
/// letter case included. RFC 5452 §9.
/// </summary>
internal sealed class DnsUpstream
{
    /// <summary>How many queries may be under way at once, each with a socket.</summary>
    public const int Places = 256;

    /// <summary>The longest query, in octets.</summary>
    public const int MaxQuery = 1600;

    // One more than is ever passed on to a client, so that a longer answer is known to be longer: Frame.AnswerDns cuts it off.
    private const int MaxAnswer = 4096 + 1;

    // RFC 5452 §9.2: ports as many as there are. RFC 6335 §6: those below are the system's.
    private const int FirstPort = 1024, PortTries = 8;

    // As long as clients commonly wait before they ask again, and again.
    private static readonly TimeSpan[] s_patience = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)];

    private readonly RuleContext _rule;
    private readonly IPEndPoint _resolver;
    private readonly ReplyHandler _reply;
    private readonly Action<int, long> _end;
    private readonly UpstreamFailures _failures;

    // A ring from the bridge's thread to the task: with two places fewer in the channel, none is overwritten while the task copies it.
    private readonly WaitingQuery[] _ring = new WaitingQuery[Places];
    private readonly Channel<int> _toAsk =
        Channel.CreateBounded<int>(new BoundedChannelOptions(Places - 2) { SingleReader = true, SingleWriter = true });

    private readonly Lock _lock = new();
    private readonly Underway?[] _underway = new Underway?[Places];
    private int _next;

    /// <summary>Asks in the name of a rule, until that ends.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="resolver">Whom to ask.</param>
    /// <param name="reply">Gets an answer, on the bridge's thread.</param>
    /// <param name="end">Is told that a query is over, after its answer or without one, on the bridge's thread.</param>
    public DnsUpstream(RuleContext rule, IPEndPoint resolver, ReplyHandler reply, Action<int, long> end)
    {
        (_rule, _resolver, _reply, _end) = (rule, resolver, reply, end);
        _failures = new UpstreamFailures(rule, resolver);
        for (int i = 0; i < Places; i++)
            _ring[i].Octets = new byte[MaxQuery];
        _ = AskAll();
    }

    /// <summary>Takes the answer to a query: its place, its number, the message.</summary>
    public delegate void ReplyHandler(int place, long number, ReadOnlySpan<byte> answer);

    /// <summary>Asks soon; a query that has the same place is given up. Bridge's thread.</summary>
    /// <param name="place">From 0 to below <see cref="Places"/>.</param>
    /// <param name="number">Tells it from others in the place.</param>
    /// <param name="query">The message, whose identifier is replaced.</param>
    /// <param name="questionEnd">Where the question ends in the message.</param>
    /// <returns>False if too many wait to be asked.</returns>
    public bool TryAsk(int place, long number, ReadOnlySpan<byte> query, int questionEnd)
    {
        if (_toAsk.Reader.Count < Places - 2)
        {
            ref WaitingQuery asked = ref _ring[_next];
            (asked.Place, asked.Number, asked.Length, asked.QuestionEnd) = (place, number, query.Length, questionEnd);
            query.CopyTo(asked.Octets);
            if (_toAsk.Writer.TryWrite(_next))
            {
                _next = (_next + 1) % Places;
                return true;
            }
        }

        _failures.Failed("more at once than can be sent");
        return false;
    }

    private async Task AskAll()
    {
        try
        {
            await foreach (int position in _toAsk.Reader.ReadAllAsync(_rule.Stopped).ConfigureAwait(false))
            {
                WaitingQuery asked = _ring[position];
                byte[] query = asked.Octets[..asked.Length];
                if (Begin(asked.Place, query) is { } underway)
                    _ = Ask(underway, asked.Number, query, asked.QuestionEnd);
                else
                    _rule.Post(() => _end(asked.Place, asked.Number));
            }
        }
        catch (OperationCanceledException)
        {
            // The rule was reloaded, or is gone.
        }
    }

    /// <summary>Opens a socket for a query and gives it an identifier.</summary>
    /// <returns>Null if there is no socket to be had, which is logged.</returns>
    private Underway? Begin(int place, byte[] query)
    {
        try
        {
            Socket socket = Open();
            Underway? before;
            Underway underway;
            lock (_lock)
            {
                underway = new Underway(socket, place, NewId());
                before = _underway[place];
                _underway[place] = underway;
            }

            before?.Socket.Dispose();
            if (DnsMessage.TryRead(query, out DnsMessage message))
                message.Id = underway.Id;
            return underway;
        }
        catch (SocketException exception)
        {
            _failures.Failed(exception.Message);
            return null;
        }
    }

    private Socket Open()
    {
        for (int tries = 0; ; tries++)
        {
            var socket = new Socket(_resolver.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                // The system's choice where so many random ones are in use.
                int port = tries < PortTries ? RandomNumberGenerator.GetInt32(FirstPort, ushort.MaxValue + 1) : 0;
                socket.Bind(new IPEndPoint(_resolver.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, port));
                socket.Connect(_resolver);
                // Datagrams that came from anybody before it was connected.
                Span<byte> nothing = stackalloc byte[1];
                while (socket.Available > 0)
                    socket.Receive(nothing);
                return socket;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse && tries < PortTries)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    // One that no other query has: two of them would both take a forged answer that has it.
    private ushort NewId()
    {
        while (true)
        {
            var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
            if (!Array.Exists(_underway, other => other?.Id == id))
                return id;
        }
    }

    private async Task Ask(Underway underway, long number, byte[] query, int questionEnd)
    {
        byte[] received = ArrayPool<byte>.Shared.Rent(MaxAnswer);
        try
        {
            int length = await AskAgain(underway.Socket, query, questionEnd, received).ConfigureAwait(false);
            if (length > 0)
            {
                byte[] answer = received[..length];
                _rule.Post(() => _reply(underway.Place, number, answer));
            }
            else
            {
                _failures.Failed("it does not answer");
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException && WasReplaced(underway))
        {
            // A newer query has the place: this one's client asks again.
        }
        catch (SocketException exception)
        {
            _failures.Failed(exception.Message);
        }
        catch (OperationCanceledException)
        {
            // The rule was reloaded, or is gone.
        }
        finally
        {
            underway.Socket.Dispose();
            lock (_lock)
            {
                if (_underway[underway.Place] == underway)
                    _underway[underway.Place] = null;
            }

            ArrayPool<byte>.Shared.Return(received);
            _rule.Post(() => _end(underway.Place, number));
        }
    }

    /// <summary>Sends the query until there is an answer.</summary>
    /// <returns>The answer's length, in octets; 0 if there is none.</returns>
    private async Task<int> AskAgain(Socket socket, byte[] query, int questionEnd, byte[] received)
    {
        foreach (TimeSpan patience in s_patience)
        {
            using var limit = new CancellationTokenSource(patience, _rule.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _rule.Stopped);
            try
            {
                await socket.SendAsync(query, either.Token).ConfigureAwait(false);
                while (true)
                {
                    int length = await socket.ReceiveAsync(received.AsMemory(0, MaxAnswer), either.Token).ConfigureAwait(false);
                    if (Answers(query, questionEnd, received.AsSpan(0, length)))
                        return length;
                }
            }
            catch (OperationCanceledException) when (!_rule.Stopped.IsCancellationRequested)
            {
                // No answer so far: the query, or the answer, may be lost.
            }
        }

        return 0;
    }

    // RFC 5452 §9.1. What a server could not read, it may refuse without a question.
    private static bool Answers(Span<byte> query, int questionEnd, Span<byte> answer)
    {
        if (!DnsMessage.TryRead(answer, out DnsMessage response) || !DnsMessage.TryRead(query, out DnsMessage asked)
            || !response.IsResponse || response.Id != asked.Id || response.Opcode != asked.Opcode)
        {
            return false;
        }

        if (response.QuestionCount == 0 && asked.QuestionCount != 0)
            return response.AnswerCount == 0 && response.Rcode != DnsRcode.NoError;

        return response.QuestionCount == asked.QuestionCount && answer[DnsMessage.HeaderLength..].StartsWith(query[DnsMessage.HeaderLength..questionEnd]);
    }

    private bool WasReplaced(Underway underway)
    {
        lock (_lock)
            return _underway[underway.Place] != underway;
    }

    private struct WaitingQuery
    {
        public byte[] Octets;
        public int Place;
        public long Number;
        public int Length;
        public int QuestionEnd;
    }

    private sealed record Underway(Socket Socket, int Place, ushort Id);
}
