using Fluke6.Wire;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.TcpServices;

// Segments that are sent: RFC 9293 §3.10.7.4, §3.8.6.
public sealed partial class TcpConnection
{
    private const int MaxSuperSegment = 60_000, MaxSackBlocks = 4;

    private bool _superSegments;

    /// <summary>The client's frames come as super-segments, so that it takes such as well.</summary>
    internal void AllowSuperSegments() => _superSegments = true;

    /// <summary>Sends what may be sent, and the FIN behind it.</summary>
    internal void Transmit(TcpService service)
    {
        _pending = false;
        if (_aborting && State != TcpConnectionState.Closed)
            service.Abort(this);
        if (State is TcpConnectionState.Closed or TcpConnectionState.SynReceived or TcpConnectionState.TimeWait)
            return;

        while (true)
        {
            int unsent = _written - (int)(_sendNext - _sendBase);
            if (unsent < 0 || (unsent == 0 && !_closing))
                break;

            int usable = Math.Min(_congestion.Octets, _window) - (int)(_sendNext - _unacknowledged);
            int length = Math.Clamp(usable, 0, Math.Min(unsent, MaxLength));
            if (length > _segmentSize && length < unsent)
                length -= length % _segmentSize;
            // RFC 9293 §3.8.6.2.1: no silly windows. A last piece does not wait for an acknowledgment, though: who types is at the other end.
            if (unsent > 0 && (length == 0 || (length < Math.Min(_segmentSize, unsent) && length < _maxWindow / 2)))
                break;

            SendNext(service, length);
        }

        StartTimer(service);
    }

    /// <summary>Writes an acknowledgment.</summary>
    /// <returns>The frame's length, in octets.</returns>
    internal int WriteAcknowledgment(TcpService service, Span<byte> frame) => WriteBare(service, frame, Ack);

    /// <summary>Writes a reset. RFC 9293 §3.10.5.</summary>
    /// <returns>The frame's length, in octets.</returns>
    internal int WriteReset(TcpService service, Span<byte> frame) => WriteBare(service, frame, Rst | Ack);

    private int MaxLength => _superSegments ? Math.Max(MaxSuperSegment / _segmentSize, 1) * _segmentSize : _segmentSize;

    private void BeginSending(TcpService service)
    {
        _unacknowledged = _sendBase = _initialSent;
        _sendNext = _sendMax = _initialSent + 1;
        _timeout = new RetransmissionTimeout(service.Options.MinimumTimeout);
        (_timing, _timedAt) = (false, service.Now);
        (_retries, _probes, _synAckWasLost, _superSegments) = (0, 0, false, false);
        (_window, _maxWindow) = (0, 0);
        _retransmitAt = service.Now + _timeout.Value;
    }

    /// <summary>Sends so many octets from SND.NXT on, with the FIN if it follows them.</summary>
    private void SendNext(TcpService service, int length)
    {
        uint end = _sendNext + (uint)length + (Send(service, _sendNext, length) ? 1u : 0);
        // Karn: of what was sent before nobody can tell which time an acknowledgment is for. RFC 6298 §3.
        if (!_timing && _sendNext == _sendMax)
            (_timing, _timedNumber, _timedAt) = (true, end, service.Now);
        _sendNext = end;
        _sendMax = SequenceNumber.Later(_sendMax, end);
    }

    /// <summary>Sends the first segment that is not acknowledged once more: what was sent of it, and no more. RFC 5681 §3.2.</summary>
    private void SendAgain(TcpService service)
    {
        _timing = false;
        int sent = Math.Min((int)(_sendMax - _unacknowledged), _written);
        bool finWasSent = SequenceNumber.IsAfter(_sendMax, _sendBase + (uint)_written);
        Send(service, _unacknowledged, Math.Min(sent, _segmentSize), mayFinish: finWasSent);
    }

    /// <summary>Sends octets that were written.</summary>
    /// <param name="service">The service.</param>
    /// <param name="sequence">The first one's number.</param>
    /// <param name="length">How many.</param>
    /// <param name="mayFinish">Whether the FIN goes along if it follows them.</param>
    /// <returns>Whether the FIN went along.</returns>
    private bool Send(TcpService service, uint sequence, int length, bool mayFinish = true)
    {
        Span<byte> options = stackalloc byte[TimestampsLength];
        options = options[..WriteTimestamps(service, options)];
        int headers = _template.Length + TcpHeader.MinLength + options.Length, offset = (int)(sequence - _sendBase);
        Span<byte> frame = service.FrameOf(headers + length);
        if (length > 0)
            _unsent!.CopyTo(offset, frame[headers..]);

        bool isLast = offset + length == _written, isFin = isLast && _closing && mayFinish;
        TcpFlags flags = Ack | (isLast && length > 0 ? Psh : None) | (isFin ? Fin : None);
        bool isSuper = length > _segmentSize;
        _template.Write(frame, Fields(sequence, flags, OfferWindow()), options, isSuper);
        NoteAcknowledged();
        if (isFin)
            FinSent();
        service.Send(From, frame.Length, isSuper ? _segmentSize : 0, _template, headers);
        return isFin;
    }

    private void FinSent() => State = State switch
    {
        TcpConnectionState.Established => TcpConnectionState.FinWait1,
        TcpConnectionState.CloseWait => TcpConnectionState.LastAck,
        _ => State,
    };

    /// <summary>The sequence number of a segment that takes none up: after all that was sent, as far as the client's window goes.</summary>
    private uint BareNumber =>
        // A probe of a shut window, a FIN behind it, or a window that was taken back leave SND.NXT past it. The client would throw away
        // what has that number (RFC 9293 §3.10.7.4, first), resets as well (RFC 5961 §3.2). In the handshake no window is known yet.
        State == TcpConnectionState.SynReceived ? _sendMax : SequenceNumber.Earlier(_sendMax, _unacknowledged + (uint)_window);

    private int WriteBare(TcpService service, Span<byte> frame, TcpFlags flags)
    {
        Span<byte> options = stackalloc byte[TcpHeader.MaxLength - TcpHeader.MinLength];
        int length = WriteTimestamps(service, options);
        if ((flags & Rst) == 0)
            length += WriteSack(options[length..]);
        frame = frame[..(_template.Length + TcpHeader.MinLength + length)];
        _template.Write(frame, Fields(BareNumber, flags, OfferWindow()), options[..length], partialChecksum: false);
        NoteAcknowledged();
        _isToAcknowledge = false;
        return frame.Length;
    }

    private TcpFields Fields(uint sequence, TcpFlags flags, ushort window) => new(_template.OwnPort, _template.ClientPort, flags)
    {
        SequenceNumber = sequence, AcknowledgmentNumber = _receiveNext, Window = window,
    };

    private void NoteAcknowledged()
    {
        _acknowledgedSent = _receiveNext;
        // Data carries no SACK, which would take its room: where there are gaps an acknowledgment follows.
        if (_received.RangeCount == 0)
            _isToAcknowledge = false;
    }

    /// <summary>The window that is offered, scaled. Its right edge does not move left, and not right by small steps. RFC 9293 §3.8.6.2.2.</summary>
    private ushort OfferWindow()
    {
        // Scaling rounds up, lest the edge move left: RFC 7323 §2.4. There has to be room for what that adds.
        int unit = 1 << _ownScale, room = Math.Max(Room - Math.Min(unit - 1, _bufferSize / 2), 0);
        uint edge = _receiveNext + (uint)Math.Min(room, ushort.MaxValue << _ownScale);
        if ((int)(edge - _offered) >= Math.Min(_segmentSize, _bufferSize / 2))
            _offered = edge;
        int window = Math.Max((int)(_offered - _receiveNext), 0);
        return (ushort)Math.Min((window + unit - 1) >> _ownScale, ushort.MaxValue);
    }

    private int WriteTimestamps(TcpService service, Span<byte> options)
    {
        if (!_timestamps)
            return 0;

        Span<byte> data = stackalloc byte[TcpOptionFields.PairLength];
        TcpOptionFields.WritePair(data, Milliseconds(service.Now) + _timestampOffset, _recentTimestamp);
        TcpOptionFields.Write(Align(options), TcpOptionKind.Timestamps, data);
        return TimestampsLength;
    }

    /// <summary>Says what is out of order. RFC 2018 §3, §4.</summary>
    private int WriteSack(Span<byte> options)
    {
        int blocks = Math.Min(Math.Min(_received.RangeCount, MaxSackBlocks), (options.Length - 4) / 8);
        if (!_sackPermitted || blocks == 0)
            return 0;

        Span<byte> data = stackalloc byte[8 * MaxSackBlocks];
        for (int i = 0; i < blocks; i++)
        {
            (uint start, uint end) = _received.RangeAt(i);
            TcpOptionFields.WritePair(data[(TcpOptionFields.PairLength * i)..], start, end);
        }

        TcpOptionFields.Write(Align(options), TcpOptionKind.Sack, data[..(8 * blocks)]);
        return 4 + (8 * blocks);
    }

    /// <summary>Two NOPs, so that the data of the option after them stands at a whole word. RFC 7323 appendix A.</summary>
    private static Span<byte> Align(Span<byte> options)
    {
        options[..2].Fill((byte)TcpOptionKind.NoOperation);
        return options[2..];
    }
}
