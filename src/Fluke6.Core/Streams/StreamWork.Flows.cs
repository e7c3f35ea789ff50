using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Wire;

namespace Fluke6.Streams;

// Which connections are followed, and for how long.
internal sealed partial class StreamWork
{
    // RFC 9293 §3.4.2: what is under way of a connection that is over comes within this.
    private const long Linger = 60 * Moment.Frequency;

    // An answer to a SYN comes within this, or another SYN does.
    private const long Patience = 3 * Moment.Frequency;

    // RFC 1122 §4.2.3.6: keep-alives come every two hours at the latest, if there are any; then ten minutes of them unanswered.
    private const long LongIdle = 130 * 60 * Moment.Frequency;
    private const int Reach = 32;

    private readonly StreamFlowList _halfOpen = new();
    private readonly StreamFlowList _live = new();
    private readonly StreamFlowList _over = new();
    private readonly Stack<StreamFlow> _spare = new();
    private bool _saidFull;
    private bool _saidLate;

    /// <summary>A direction's octets wait now, or none of them does any more.</summary>
    public void Note(StreamDirection direction)
    {
        if (direction.IsWaiting == direction.WaitingPlace >= 0)
            return;

        if (direction.IsWaiting)
        {
            direction.WaitingPlace = _waiting.Count;
            _waiting.Add(direction);
            return;
        }

        StreamDirection last = _waiting[^1];
        _waiting[direction.WaitingPlace] = last;
        last.WaitingPlace = direction.WaitingPlace;
        _waiting.RemoveAt(_waiting.Count - 1);
        direction.WaitingPlace = -1;
    }

    /// <summary>Time has passed: octets that waited for too long pass, and connections that are over are forgotten.</summary>
    public void Tick()
    {
        _asks = true;
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            StreamDirection direction = _waiting[i];
            if (HandlerOf(direction.Flow) is { } rule && Now - direction.WaitsSince >= Moment.Nanoseconds(rule.Options.MaxDelay) && !direction.HasGap)
                PassLate(direction, rule.Options.MaxDelay);
        }

        while (_over.Oldest is { } oldest && Now - oldest.Seen >= Linger)
            Forget(oldest);
    }

    private void PassLate(StreamDirection direction, TimeSpan delay)
    {
        _isAtFrame = false;
        direction.PassWaiting(this);
        direction.Pump(this);
        if (direction.HasToTell())
            SendAcknowledgment(direction, direction.Flow.Other(direction));
        _isAtFrame = true;
        if (_saidLate)
            return;

        _saidLate = true;
        Say($"bytes of a stream pass unchanged that it let wait for {delay.TotalMilliseconds:0} ms (MaxDelay); said once, counted from now on");
    }

    private Verdict Shake(ref Frame frame, TcpHeader tcp, in FlowKey key, bool isUpper, StreamFlow? flow, TcpStreams? rewriter)
    {
        if (tcp.Ack)
        {
            if (flow is null || tcp.Rst || (rewriter is not null && rewriter.Number != flow.Number))
                return Verdict.Continue;
            if (IsUnfit(tcp) && !flow.IsEstablished)
            {
                Figures.NotFollowed++;
                Forget(flow);
                return Verdict.Continue;
            }

            bool wasEstablished = flow.IsEstablished;
            flow.Answered(in frame, tcp, isUpper);
            if (flow.IsEstablished && !wasEstablished)
                Figures.Followed++;
            if (flow.IsEstablished)
                Touch(flow);
            return Verdict.Continue;
        }

        if (flow is null && rewriter is not null && rewriter.Wants(tcp))
            flow = tcp.Options.Contains(TcpOptionKind.Md5Signature) || tcp.Options.Contains(TcpOptionKind.Authentication) ? null : Follow(key, rewriter.Number, rewriter.Options);
        if (flow is null)
            return Verdict.Continue;

        flow.Offered(in frame, tcp, isUpper);
        flow.Seen = Now;
        // RFC 7413: the server acknowledges the SYN alone, and its data comes again as any other.
        if (frame.Layers.PayloadEnd > frame.Layers.PayloadOffset)
            frame.ReplacePayload([]);
        return Verdict.Continue;
    }

    // Both ends would miss what they agreed on: a signature over the octets, numbers of their own for them.
    private static bool IsUnfit(TcpHeader tcp) =>
        tcp.Options.Contains(TcpOptionKind.Multipath) || tcp.Options.Contains(TcpOptionKind.Md5Signature)
        || tcp.Options.Contains(TcpOptionKind.Authentication) || tcp.Options.Contains(TcpOptionKind.EncryptionNegotiation);

    private StreamFlow? Follow(in FlowKey key, int number, TcpStreamOptions options)
    {
        if (_flows.Count >= options.MaxConnections && !MakeRoom())
        {
            Figures.NotFollowed++;
            if (!_saidFull)
                Say($"connections pass untouched: it follows {_flows.Count:N0} already (MaxConnections), none of them over or unchanged; said once, counted from now on");
            _saidFull = true;
            return null;
        }

        if (!_spare.TryPop(out StreamFlow? flow))
            flow = new StreamFlow(Memory, _scratch);
        flow.Begin(key, number);
        _flows.Add(key, flow);
        _halfOpen.Add(flow);
        CountOpen();
        return flow;
    }

    private void Touch(StreamFlow flow)
    {
        flow.Seen = Now;
        (flow.IsOver ? _over : _live).Add(flow);
    }

    private bool MakeRoom()
    {
        StreamFlow? leaving = _over.Oldest;
        if (leaving is null && _halfOpen.Oldest is { } asked && Now - asked.Seen >= Patience)
            leaving = asked;
        StreamFlow? flow = _live.Oldest;
        for (int i = 0; leaving is null && flow is not null && i < Reach; i++, flow = flow.Newer)
        {
            if (flow is { FromClient.IsAlike: true, FromServer.IsAlike: true })
                leaving = flow;
        }

        if (leaving is null && _live.Oldest is { } oldest && Now - oldest.Seen >= LongIdle)
        {
            leaving = oldest;
            Figures.Forgotten++;
        }

        if (leaving is null)
            return false;

        Forget(leaving);
        return true;
    }

    private void Forget(StreamFlow flow)
    {
        _flows.Remove(flow.Key);
        flow.List?.Remove(flow);
        flow.End();
        Note(flow.FromClient);
        Note(flow.FromServer);
        if (_last == flow)
            _last = null;
        _spare.Push(flow);
        CountOpen();
    }

    private void CountOpen()
    {
        Volatile.Write(ref _open, _flows.Count);
        Figures.Open = _flows.Count;
    }

    private void Say(string text) => _services.Journal.Add(new LogNote(_name, text) { Time = _services.Now.UtcTime });
}
