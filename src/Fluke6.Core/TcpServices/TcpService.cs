using System.Numerics;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.TcpServices;

/// <summary>
/// A TCP service on addresses that no host has: accepts connections, hands what clients say to a handler, and sends what that writes.
/// Passive opens only. RFC 9293, with RFC 4987 §3.6, 5681, 5961, 6298, 6528, 6582, 7323 and the receiver's half of RFC 2018.
/// </summary>
/// <remarks>
/// <para>Made by a rule's top level, in scripts with <c>ServeTcp</c>; the rule's <c>Apply</c> returns what <see cref="Answer"/> returns.
/// Bridge's thread only.</para>
/// <para>Connections survive a reload of the rule: from then on the handler of the new version's service of the same name is called. They end, without a word to the
/// clients, with the bridge.</para>
/// <para>Not used: urgent data (which is taken as ordinary data), delayed acknowledgments, SACK as a sender, ECN, path MTU discovery (segments
/// keep within what both ports and the client's MSS allow), keep-alives.</para>
/// </remarks>
public sealed class TcpService
{
    /// <summary>How often timers are looked at.</summary>
    internal static readonly TimeSpan TimerInterval = TimeSpan.FromMilliseconds(25);

    private const int MaxChallengesPerSecond = 100;    // RFC 5961 §7

    private readonly RuleContext _context;
    private readonly TcpConnectionTable _table;
    private readonly FrameBuffer _buffer = new(new FrameUndo());
    private readonly TcpConnection _unkept = new();    // what a SYN is answered as that nothing is kept of
    private readonly long _begin;
    private long _challengeSecond;
    private int _challenges;
    private LinkType _linkType;

    /// <summary>A service of a rule's version.</summary>
    /// <param name="context">The rule's services: its clock, its way to send, its timers.</param>
    /// <param name="name">Tells it from other services of the rule, so that each keeps its connections over reloads.</param>
    /// <param name="handler">Takes the octets that clients send.</param>
    /// <param name="options">Whom to answer, and how; null for everyone, with the SYN's options.</param>
    /// <exception cref="ArgumentException">The name is empty, or an option is out of its range.</exception>
    internal TcpService(RuleContext context, string name, TcpHandler handler, TcpServiceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Options = options ?? new TcpServiceOptions();
        Options.Validate();
        BufferSize = (int)BitOperations.RoundUpToPowerOf2((uint)Options.BufferSize);
        _context = context;
        Handler = handler;
        State state = context.Keep($"TCP service {name}", () => new State(new TcpConnectionTable(), context.Clock.GetTimestamp()));
        (_table, _begin) = (state.Table, state.Begin);
        context.Every(TimerInterval, Tick);
        context.Ended += _table.ForgetWhatScriptsDeclare;
    }

    /// <summary>How many connections there are, half-open ones and those in TIME-WAIT included.</summary>
    public int Connections => _table.Count;

    internal TcpServiceOptions Options { get; }

    internal TcpHandler Handler { get; }

    internal int BufferSize { get; }

    internal OctetRingPool Pool => _table.Pool;

    /// <summary>The time of the frame or timer at hand, from when the service first was made.</summary>
    internal TimeSpan Now { get; private set; }

    /// <summary>Answers a frame if it is a TCP segment to the service.</summary>
    /// <returns>
    /// The verdict for the rule to return: <see cref="Verdict.Continue"/> for what is not the service's, the frame untouched; else
    /// <see cref="Verdict.Reflect"/>, the frame become an answer, or <see cref="Verdict.Drop"/>.
    /// </returns>
    public Verdict Answer(ref Frame frame)
    {
        if (!frame.TryGetTcp(out TcpHeader tcp) || !IsServed(in frame, tcp))
            return Verdict.Continue;
        if (!TransportChecksum.IsRight(in frame))
            return Verdict.Drop;

        Now = _context.Clock.GetElapsedTime(_begin);
        FlowKey key = FlowKeyReader.Read(frame.Octets, frame.Layers, frame.LinkType, out bool sourceIsUpper);
        bool isKnown = _table.TryGet(key, out TcpConnection? connection);
        if (isKnown && !connection!.IsFromClient(sourceIsUpper, frame.From))
            return Verdict.Continue;

        _linkType = frame.LinkType;
        if (tcp is { Syn: true, Ack: false, Rst: false, Fin: false } && (!isKnown || connection!.GivesWayTo(tcp.SequenceNumber)))
        {
            if (isKnown)
                _table.Remove(connection!);
            return AnswerSyn(ref frame, tcp, key, sourceIsUpper);
        }

        if (!isKnown && !TryOpenByCookie(in frame, tcp, key, sourceIsUpper, out connection))
            return ResetOrDrop(ref frame);
        if (connection is null)
            return Verdict.Drop;

        if (frame.SegmentSize > 0)
            connection.AllowSuperSegments();
        return Become(ref frame, connection, connection.Receive(this, tcp, frame.Payload));
    }

    /// <summary>Whether there may be one more challenge acknowledgment.</summary>
    internal bool MayChallenge()
    {
        long second = (long)Now.TotalSeconds;
        if (second != _challengeSecond)
            (_challengeSecond, _challenges) = (second, 0);
        return _challenges++ < MaxChallengesPerSecond;
    }

    internal uint NextInitialSequenceNumber(in FlowKey key) => _table.InitialSequenceNumbers.Next(key, Now, _context.Random);

    /// <summary>Room for a frame that is then sent.</summary>
    internal Span<byte> FrameOf(int length) => _buffer.Array.AsSpan(FrameBuffer.FrameStart, length);

    /// <summary>Sends the frame that stands in <see cref="FrameOf"/>.</summary>
    /// <param name="side">Where to.</param>
    /// <param name="length">Its octets.</param>
    /// <param name="segmentSize">Octets of data in each segment, if it is a super-segment with a partial checksum; else 0.</param>
    /// <param name="template">The template that its headers were made from.</param>
    /// <param name="headerLength">All headers, in octets.</param>
    internal void Send(Side side, int length, int segmentSize, TcpFrameTemplate template, int headerLength)
    {
        if (segmentSize == 0)
        {
            _context.Send(side, FrameOf(length));
            return;
        }

        _buffer.Arrive(length, _linkType, side, mtu: ushort.MaxValue);
        _buffer.Offload.Clear();
        _buffer.Offload.SetPartialChecksum(template.Length, 16);
        _buffer.Offload.SetSegmentation(template.IsIpv6 ? SegmentationKind.Tcpv6 : SegmentationKind.Tcpv4, segmentSize, headerLength);
        var frame = new Frame(_buffer);
        _context.Send(side, in frame);
    }

    internal void SendSynAck(TcpConnection connection) =>
        _context.Send(connection.From, FrameOf(connection.WriteSynAck(this, FrameOf(FrameBuffer.MaxFrameLength))));

    /// <summary>Ends a connection, and tells the client.</summary>
    internal void Abort(TcpConnection connection)
    {
        if (connection.State == TcpConnectionState.Closed)
            return;

        _context.Send(connection.From, FrameOf(connection.WriteReset(this, FrameOf(FrameBuffer.MaxFrameLength))));
        Remove(connection);
    }

    internal void Remove(TcpConnection connection) => _table.Remove(connection);

    /// <summary>The connection's handshake is complete.</summary>
    internal void Established(TcpConnection connection) => _table.Open.MoveToEnd(connection);

    /// <summary>The connection is in TIME-WAIT.</summary>
    internal void Waiting(TcpConnection connection) => _table.Waiting.MoveToEnd(connection);

    /// <summary>The connection's client was heard of.</summary>
    internal static void Touched(TcpConnection connection) => connection.List?.MoveToEnd(connection);

    /// <summary>Begins a connection or, where there is room only for who is known to be there, answers and keeps nothing.</summary>
    private Verdict AnswerSyn(ref Frame frame, TcpHeader tcp, in FlowKey key, bool sourceIsUpper)
    {
        if (_table.TakesSyns(Options.MaxConnections, Now))
        {
            TcpConnection? connection = _table.Add(key, Options.MaxConnections, Now);
            if (connection is null)
                return Verdict.Drop;
            connection.Begin(this, in frame, tcp, key, sourceIsUpper);
            return Become(ref frame, connection, TcpReply.SynAck);
        }

        int segmentSize = TcpConnection.AnnouncedSegmentSize(tcp.Options, frame.Layers.Network == EtherType.Ipv6);
        uint cookie = _table.Cookies.Make(key, tcp.SequenceNumber, segmentSize, Now, _context.Random);
        _unkept.Begin(this, in frame, tcp, key, sourceIsUpper, cookie);
        return Become(ref frame, _unkept, TcpReply.SynAck);
    }

    /// <summary>Begins a connection with the acknowledgment of a cookie.</summary>
    /// <param name="frame">A segment of no connection.</param>
    /// <param name="tcp">Its TCP header.</param>
    /// <param name="key">Its flow.</param>
    /// <param name="sourceIsUpper">Which end of that it comes from.</param>
    /// <param name="connection">The connection; null, although the cookie was right, if there is no room now: the client sends again.</param>
    /// <returns>Whether it acknowledges a cookie.</returns>
    private bool TryOpenByCookie(ref readonly Frame frame, TcpHeader tcp, in FlowKey key, bool sourceIsUpper, out TcpConnection? connection)
    {
        connection = null;
        if (tcp is not { Ack: true, Syn: false, Rst: false }
            || !_table.Cookies.TryRead(key, tcp.SequenceNumber - 1, tcp.AcknowledgmentNumber - 1, Now, out int segmentSize))
        {
            return false;
        }

        connection = _table.Add(key, Options.MaxConnections, Now);
        connection?.BeginByCookie(this, in frame, tcp, key, sourceIsUpper, segmentSize);
        return true;
    }

    private bool IsServed(ref readonly Frame frame, TcpHeader tcp)
    {
        ref readonly Layers layers = ref frame.Layers;
        return (Options.Port == 0 || tcp.DestinationPort == Options.Port)
            && !layers.IsFragment && !layers.HasOtherAddresses
            && (frame.TryGetIpv4(out Ipv4Header ipv4) ? Options.Ipv4.ContainsHost(ipv4.Destination)
                : frame.TryGetIpv6(out Ipv6Header ipv6) && Options.Ipv6.Contains(ipv6.Destination))
            && frame.SourceIsOneHost() && frame.DestinationIsOneHost();
    }

    /// <summary>Turns a segment into what it is answered with.</summary>
    private Verdict Become(ref Frame frame, TcpConnection connection, TcpReply reply)
    {
        Span<byte> answer = FrameOf(FrameBuffer.MaxFrameLength);
        switch (reply)
        {
            case TcpReply.Acknowledgment:
                answer = answer[..connection.WriteAcknowledgment(this, answer)];
                break;
            case TcpReply.SynAck:
                answer = answer[..connection.WriteSynAck(this, answer)];
                break;
            case TcpReply.Reset:
                return ResetOrDrop(ref frame);
            default:
                return Verdict.Drop;
        }

        return frame.Replace(answer) != EditResult.Refused ? Verdict.Reflect : Verdict.Drop;
    }

    private static Verdict ResetOrDrop(ref Frame frame) => frame.AnswerWithReset() == Verdict.Reflect ? Verdict.Reflect : Verdict.Drop;

    private void Tick()
    {
        if (_table.Count == 0)
            return;

        Now = _context.Clock.GetElapsedTime(_begin);
        Tick(_table.HalfOpen);
        Tick(_table.Open);
        Tick(_table.Waiting);
    }

    private void Tick(TcpConnectionList list)
    {
        // One that goes, or goes to another list, takes its place along.
        for (TcpConnection? connection = list.First, next; connection is not null; connection = next)
        {
            next = connection.Next;
            connection.Tick(this);
        }
    }

    // The part that survives reloads; the time goes on with the connections.
    private sealed record State(TcpConnectionTable Table, long Begin);
}
