using System.Net;
using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.TcpServices;
using Fluke6.Wire;

namespace Fluke6.Scripting;

/// <summary>
/// Has a real resolver answer the DNS queries in frames, over UDP and without ever keeping the bridge waiting: a query leaves by a socket
/// of the host that the bridge runs on, its answer comes in on a task and goes out where the query came from, on the bridge's thread.
/// It hands on what it does not understand. RFC 5625 §4. Made by <see cref="RuleGlobals.RelayDns"/>; ends with that version of the rule.
/// </summary>
/// <remarks>
/// <para>Each query that goes to the resolver has a socket, a random port and a random identifier of its own. No question is outstanding
/// twice, which would let a forger guess for both at once (RFC 5452 §5): queries that are equal but for their identifier wait for one
/// answer together, and one with the same question and other flags or EDNS options (a cookie, a client subnet, DO, CD) waits for its
/// turn.</para>
/// <para>Of those that ask over UDP, 256 clients wait at a time, and 256 queries; one more takes the place of the oldest, whose client asks again. Taking a query
/// allocates nothing.</para>
/// </remarks>
public sealed class DnsRelay
{
    private const int Places = DnsUpstream.Places, MaxQuery = DnsUpstream.MaxQuery;

    private readonly RuleContext _rule;
    private readonly DnsUpstream _upstream;
    private readonly DnsStreams _streams;
    private readonly Client[] _clients = new Client[Places];
    private readonly Query[] _queries = new Query[Places];
    private readonly FrameBuffer _reply = new();
    private int _nextClient;
    private int _nextQuery;
    private long _lastNumber;

    internal DnsRelay(RuleContext rule, IPEndPoint resolver)
    {
        _rule = rule;
        _upstream = new DnsUpstream(rule, resolver, Reply, End);
        _streams = new DnsStreams(rule, resolver);
        for (int i = 0; i < Places; i++)
        {
            _clients[i].Frame = new byte[MaxQuery];
            _queries[i].Octets = new byte[MaxQuery];
        }
    }

    /// <summary>Takes a query to port 53 over to the resolver, from <c>Apply</c>.</summary>
    /// <param name="frame">Any frame.</param>
    /// <returns>
    /// The verdict for the rule to return: <see cref="Verdict.Drop"/>, or <see cref="Verdict.Continue"/> if the frame is no DNS query in UDP, or
    /// one of more than 1,600 bytes.
    /// </returns>
    public Verdict Relay(ref readonly Frame frame)
    {
        if (!frame.TryGetDns(out DnsMessage query) || query.IsResponse
            || !frame.TryGetUdp(out UdpHeader udp) || udp.DestinationPort != 53 || frame.Length > MaxQuery)
        {
            return Verdict.Continue;
        }

        ref Client client = ref _clients[_nextClient];
        _nextClient = (_nextClient + 1) % Places;
        (client.Length, client.From, client.LinkType, client.Mtu) = (frame.Length, frame.From, frame.LinkType, frame.Mtu);
        frame.CopyTo(client.Frame);
        client.Query = NumberOf(query);
        return Verdict.Drop;
    }

    /// <summary>
    /// Serves a client that asks over TCP, as the handler of a service on port 53: <c>ServeTcp("dns", new TcpServiceOptions { Port = 53 },
    /// resolver.Serve)</c>. The resolver is asked over TCP as well, so that the answer is whole however long it is. RFC 7766.
    /// </summary>
    /// <param name="connection">The client's connection.</param>
    /// <param name="octets">What it sent.</param>
    public void Serve(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _streams.Serve(connection, octets);
    }

    /// <summary>The number of the query that is equal but for the identifier; begins one if there is none.</summary>
    private long NumberOf(DnsMessage message)
    {
        ReadOnlySpan<byte> octets = message.Octets, question = octets[DnsMessage.HeaderLength..QuestionEnd(message)];
        bool isOutstanding = false;
        foreach (ref Query other in _queries.AsSpan())
        {
            if (other.Number == 0)
                continue;
            if (other.Message[sizeof(ushort)..].SequenceEqual(octets[sizeof(ushort)..]))
                return other.Number;

            isOutstanding |= other.IsAsked && other.Question.SequenceEqual(question);
        }

        int index = _nextQuery;
        _nextQuery = (_nextQuery + 1) % Places;
        ref Query query = ref _queries[index];
        octets.CopyTo(query.Octets);
        (query.Length, query.QuestionEnd, query.Number) = (octets.Length, DnsMessage.HeaderLength + question.Length, ++_lastNumber);
        query.IsAsked = false;
        if (!isOutstanding)
            Ask(index);
        return _lastNumber;
    }

    // Where a question cannot be read, all the rest is one.
    private static int QuestionEnd(DnsMessage message)
    {
        DnsQuestions.Enumerator questions = message.Questions.GetEnumerator();
        while (questions.MoveNext())
        {
        }

        return questions.IsMalformed ? message.Octets.Length : questions.End;
    }

    private void Ask(int index)
    {
        ref Query query = ref _queries[index];
        query.IsAsked = _upstream.TryAsk(index, query.Number, query.Message, query.QuestionEnd);
        if (!query.IsAsked)
            query.Number = 0;
    }

    /// <summary>Gives the resolver's answer to all that wait for it.</summary>
    private void Reply(int index, long number, ReadOnlySpan<byte> answer)
    {
        if (_queries[index].Number != number)
            return;

        foreach (ref Client client in _clients.AsSpan())
        {
            if (client.Query != number)
                continue;

            client.Query = 0;
            _reply.Load(client.Frame.AsSpan(0, client.Length), client.LinkType, client.From, client.Mtu);
            var frame = new Frame(_reply);
            if (frame.AnswerDns(answer) == Verdict.Reflect)
                _rule.Send(client.From, frame.Octets);
        }
    }

    /// <summary>A query is answered, or never will be: the next one with its question has its turn.</summary>
    private void End(int index, long number)
    {
        ref Query ended = ref _queries[index];
        if (ended.Number != number)
            return;

        ended.Number = 0;
        int next = -1;
        for (int i = 0; i < Places; i++)
        {
            ref Query other = ref _queries[i];
            if (other.Number == 0 || !other.Question.SequenceEqual(ended.Question))
                continue;
            if (other.IsAsked)
                return;
            if (next < 0 || other.Number < _queries[next].Number)
                next = i;
        }

        if (next >= 0)
            Ask(next);
    }

    private struct Client
    {
        public byte[] Frame;    // whole, until the answer is there
        public long Query;      // its number; 0: nobody waits here
        public int Length;
        public Side From;
        public LinkType LinkType;
        public int Mtu;
    }

    private struct Query
    {
        public byte[] Octets;
        public long Number;     // 0: none
        public int Length;
        public int QuestionEnd;
        public bool IsAsked;    // or waits until another with its question is answered

        public readonly ReadOnlySpan<byte> Message => Octets.AsSpan(0, Length);

        public readonly ReadOnlySpan<byte> Question => Octets.AsSpan(DnsMessage.HeaderLength, QuestionEnd - DnsMessage.HeaderLength);
    }
}
