using Fluke6.Wire;

namespace Fluke6.TcpServices;

// Time: retransmission (RFC 6298 §5), probes of a shut window (RFC 9293 §3.8.6.1), and the ends of what nobody ends.
public sealed partial class TcpConnection
{
    private const int MaxSynAckRetries = 5;
    // With a timeout that doubles from 200 ms on, these take longer than RFC 9293 §3.8.3 asks for at the least, 100 s.
    private const int MaxRetries = 10;

    private TimeSpan _retransmitAt;
    private TimeSpan _expireAt;
    private int _retries;
    private int _probes;

    /// <summary>Looks at the timers.</summary>
    internal void Tick(TcpService service)
    {
        if (service.Now >= _expireAt)
        {
            if (State == TcpConnectionState.TimeWait)
                service.Remove(this);
            else
                service.Abort(this);
            return;
        }

        if (service.Now >= _retransmitAt)
            TimedOut(service);
        else if (_pending)
            Transmit(service);
    }

    /// <summary>The client was heard of.</summary>
    private void Touch(TcpService service)
    {
        Heard = service.Now;
        // RFC 9293 §3.6 sets no limit for FIN-WAIT-2; a client that went away would be remembered for ever.
        bool isEnding = State is TcpConnectionState.TimeWait or TcpConnectionState.FinWait2;
        _expireAt = service.Now + (isEnding ? service.Options.TimeWait : service.Options.IdleTimeout);
        TcpService.Touched(this);
    }

    private void EnterTimeWait(TcpService service)
    {
        State = TcpConnectionState.TimeWait;
        _retransmitAt = TimeSpan.MaxValue;
        ReturnUnsent();
        service.Waiting(this);
        Touch(service);
    }

    /// <summary>Runs the timer while something is not acknowledged, or cannot be sent. RFC 6298 §5.1.</summary>
    private void StartTimer(TcpService service)
    {
        bool isWaiting = _sendNext != _unacknowledged || _written > 0;
        if (isWaiting && _retransmitAt == TimeSpan.MaxValue)
            _retransmitAt = service.Now + _timeout.Value;
    }

    private void TimedOut(TcpService service)
    {
        bool isHandshake = State == TcpConnectionState.SynReceived;
        if (++_retries > (isHandshake ? MaxSynAckRetries : MaxRetries))
        {
            if (isHandshake)
                service.Remove(this);
            else
                service.Abort(this);
            return;
        }

        if (isHandshake)
        {
            _synAckWasLost = true;
            _timeout.BackOff();
            _retransmitAt = service.Now + _timeout.Value;
            service.SendSynAck(this);
        }
        else if (_sendNext == _unacknowledged)
        {
            Probe(service);
        }
        else
        {
            _congestion.TimedOut(_unacknowledged, _sendMax, isFirst: _retries == 1);
            _timeout.BackOff();
            _timing = false;
            _sendNext = _unacknowledged;
            _retransmitAt = TimeSpan.MaxValue;
            Transmit(service);
        }
    }

    /// <summary>Asks whether the window is open again, or fills one that stays small.</summary>
    private void Probe(TcpService service)
    {
        int length = Math.Min(Math.Clamp(_window, 1, _segmentSize), _written);
        uint end = _unacknowledged + (uint)length + (Send(service, _unacknowledged, length) ? 1u : 0);
        _sendMax = SequenceNumber.Later(_sendMax, end);
        // An octet outside the window is not under way: it may have been thrown away.
        if (_window > 0)
            _sendNext = end;
        _timing = false;
        TimeSpan interval = _timeout.Value * (1 << Math.Min(++_probes, 16));
        _retransmitAt = service.Now + (interval < RetransmissionTimeout.Maximum ? interval : RetransmissionTimeout.Maximum);
    }
}
