using Fluke6.Wire;

namespace Fluke6.TcpServices;

/// <summary>The answer to a segment, besides the data that goes out.</summary>
internal enum TcpReply : byte
{
    /// <summary>Nothing, or data that acknowledges as well.</summary>
    None,

    /// <summary>An acknowledgment.</summary>
    Acknowledgment,

    /// <summary>The SYN,ACK, again.</summary>
    SynAck,

    /// <summary>A reset.</summary>
    Reset,
}

// Segments that arrive: RFC 9293 §3.10.7.4, in its order, with RFC 5961 for resets and SYNs and RFC 7323 §5 for timestamps.
public sealed partial class TcpConnection
{
    // Long for an answer to one of ours, short for a keep-alive, and for Linux's probes of a shut window, which look the same.
    private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(100);

    private TcpReceiveQueue _received;
    private uint _receiveNext;
    private uint _offered;              // the right edge of the window that the client was told
    private uint _acknowledgedSent;     // the last acknowledgment number sent
    private uint _finNumber;
    private bool _finSeen;              // its number is known
    private bool _finReceived;          // and all before it was received
    private bool _isToAcknowledge;

    /// <summary>A segment of the client's.</summary>
    internal TcpReply Receive(TcpService service, TcpHeader tcp, ReadOnlySpan<byte> payload)
    {
        _isToAcknowledge = false;
        if (tcp.Syn)
            return State == TcpConnectionState.SynReceived && !tcp.Ack && tcp.SequenceNumber == _initialReceived ? TcpReply.SynAck : Challenge(service);

        uint sequence = tcp.SequenceNumber, end = sequence + (uint)payload.Length + (tcp.Fin ? 1u : 0);
        bool hasTimestamp = TryGetTimestamp(tcp, out uint timestamp);
        // RFC 7323 §5.3, R1.
        bool isStale = hasTimestamp && !tcp.Rst && SequenceNumber.IsBefore(timestamp, _recentTimestamp);
        if (isStale || !IsAcceptable(sequence, end))
            return Refuse(service, tcp, payload.Length, isStale);

        if (tcp.Rst)
        {
            if (sequence != _receiveNext)
                return Challenge(service);    // RFC 5961 §3.2
            service.Remove(this);
            return TcpReply.None;
        }

        if (!tcp.Ack)
            return TcpReply.None;

        Touch(service);
        if (hasTimestamp && !SequenceNumber.IsAfter(sequence, _acknowledgedSent))
            _recentTimestamp = timestamp;     // RFC 7323 §4.3
        // A segment that fills no gap, or leaves one, is acknowledged at once: RFC 5681 §4.2.
        _isToAcknowledge = end != sequence || sequence != _receiveNext;
        if (TakeAcknowledgment(service, tcp, isBare: end == sequence) is { } refusal)
            return refusal;

        if (State is TcpConnectionState.Established or TcpConnectionState.FinWait1 or TcpConnectionState.FinWait2)
            TakeData(service, sequence, payload, tcp.Fin);
        HandOver(service);
        // The client waits for a window that has opened again.
        _isToAcknowledge |= (int)(_offered - _receiveNext) < _segmentSize && Room >= _bufferSize / 2;
        Transmit(service);
        return _isToAcknowledge && State != TcpConnectionState.Closed ? TcpReply.Acknowledgment : TcpReply.None;
    }

    private void BeginReceiving(uint next)
    {
        _receiveNext = _offered = _acknowledgedSent = next;
        (_finSeen, _finReceived, _isToAcknowledge) = (false, false, false);
    }

    /// <summary>Whether any of a segment is in the window. RFC 9293 §3.4, table 6.</summary>
    private bool IsAcceptable(uint sequence, uint end)
    {
        // A full window takes what comes next as well, for its acknowledgment: the data is not kept.
        uint edge = _receiveNext + (uint)Math.Max(Room, 1);
        return SequenceNumber.IsBefore(sequence, edge)
            && (sequence == end ? !SequenceNumber.IsBefore(sequence, _receiveNext) : SequenceNumber.IsAfter(end, _receiveNext));
    }

    /// <summary>
    /// Whether a segment only asks whether anybody is there: one number before the next, with nothing or an octet of garbage, RFC 9293
    /// §3.8.4. From who sees the connection, not from who guesses.
    /// </summary>
    private bool IsKeepAlive(TcpHeader tcp, int length) =>
        tcp is { Ack: true, Fin: false } && tcp.SequenceNumber == _receiveNext - 1 && length <= 1
        && State != TcpConnectionState.SynReceived && IsAcceptableAcknowledgment(tcp.AcknowledgmentNumber);

    /// <summary>How many octets from the next one on can be kept.</summary>
    private int Room => _bufferSize - _received.Ready;

    /// <summary>A segment that is dropped for its number or its timestamp. RFC 9293 §3.10.7.4, first.</summary>
    private TcpReply Refuse(TcpService service, TcpHeader tcp, int length, bool isStale)
    {
        if (tcp.Rst)
            return TcpReply.None;

        // Data that comes again asks for its acknowledgment, a keep-alive, which comes after silence, for one as well. What else is empty
        // might be the answer to one of ours, and so on for ever.
        bool asks = length > 0 || tcp.Fin;
        if (!isStale && IsKeepAlive(tcp, length))
        {
            asks |= service.Now - Heard >= s_silence;
            Touch(service);
        }

        return asks ? Repeated(service) : Challenge(service);
    }

    private TcpReply Repeated(TcpService service)
    {
        if (State == TcpConnectionState.SynReceived)
            return Challenge(service);
        // RFC 9293 §3.10.7.4, eighth: a FIN that comes again.
        if (State == TcpConnectionState.TimeWait)
            Touch(service);
        return TcpReply.Acknowledgment;
    }

    /// <summary>An acknowledgment that lets a client check where we are; so many a second, for all clients together. RFC 5961 §7.</summary>
    private static TcpReply Challenge(TcpService service) => service.MayChallenge() ? TcpReply.Acknowledgment : TcpReply.None;

    private bool TryGetTimestamp(TcpHeader tcp, out uint value)
    {
        value = 0;
        if (!_timestamps || !TryGet(tcp.Options, TcpOptionKind.Timestamps, 10, out TcpOption option))
            return false;

        value = option.UInt32;
        return true;
    }

    private void TakeData(TcpService service, uint sequence, ReadOnlySpan<byte> payload, bool isFin)
    {
        if (isFin && !_finSeen)
            (_finSeen, _finNumber) = (true, sequence + (uint)payload.Length);

        if (SequenceNumber.IsBefore(sequence, _receiveNext))
        {
            payload = payload[Math.Min((int)(_receiveNext - sequence), payload.Length)..];
            sequence = _receiveNext;
        }

        // No octet is kept past the buffer's end, nor past a FIN.
        long room = Room - (long)(sequence - _receiveNext);
        if (_finSeen)
            room = Math.Min(room, (int)(_finNumber - sequence));
        payload = payload[..(int)Math.Clamp(room, 0, payload.Length)];
        if (!payload.IsEmpty)
            Take(service, sequence, payload);
        if (_finSeen && _finNumber == _receiveNext)
            TakeFin(service);
    }

    private void Take(TcpService service, uint sequence, ReadOnlySpan<byte> payload)
    {
        if (sequence == _receiveNext && _received is { Ready: 0, RangeCount: 0 })
        {
            // The common case: straight from the frame.
            _receiveNext += (uint)payload.Length;
            while (!payload.IsEmpty && State != TcpConnectionState.Closed)
            {
                int count = Math.Min(payload.Length, HandOverRoom);
                if (count == 0)
                    break;
                HandOver(service, payload[..count]);
                payload = payload[count..];
            }

            sequence = _receiveNext - (uint)payload.Length;
            if (!payload.IsEmpty && State != TcpConnectionState.Closed)
                _received.Store(sequence, sequence, payload, _pool!, _bufferSize);
            return;
        }

        _receiveNext = _received.Store(_receiveNext, sequence, payload, _pool!, _bufferSize);
    }

    /// <summary>RFC 9293 §3.10.7.4, eighth.</summary>
    private void TakeFin(TcpService service)
    {
        _receiveNext++;
        _finReceived = true;
        switch (State)
        {
            case TcpConnectionState.Established:
                State = TcpConnectionState.CloseWait;
                break;
            case TcpConnectionState.FinWait1:
                State = TcpConnectionState.Closing;
                break;
            case TcpConnectionState.FinWait2:
                EnterTimeWait(service);
                break;
        }
    }

    /// <summary>Hands over what waits, as far as there is room for a reply, and says when that was all.</summary>
    private void HandOver(TcpService service)
    {
        while (_received.Ready > 0 && HandOverRoom > 0)
        {
            ReadOnlySpan<byte> octets = _received.First(HandOverRoom);
            HandOver(service, octets);
            if (State == TcpConnectionState.Closed)
                return;
            _received.Skip(octets.Length);
        }

        _received.ReturnIfEmpty(_pool!);
        if (!_finReceived || IsAtEnd || _received.Ready > 0 || State == TcpConnectionState.Closed)
            return;

        IsAtEnd = true;
        if (!_closing && !_aborting)
            Handle(service, []);
        _closing = true;
    }

    // A handler that has closed gets nothing more: it could not reply.
    private int HandOverRoom => _closing || _aborting ? int.MaxValue : WriteRoom;

    private void HandOver(TcpService service, ReadOnlySpan<byte> octets)
    {
        if (!_closing && !_aborting)
            Handle(service, octets);
    }
}
