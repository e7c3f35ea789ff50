using Fluke6.Wire;

namespace Fluke6.TcpServices;

// Acknowledgments of the client: RFC 9293 §3.10.7.4, fifth, with RFC 5961 §5.
public sealed partial class TcpConnection
{
    private CongestionWindow _congestion;
    private RetransmissionTimeout _timeout;
    private uint _sendBase;             // the first octet's number in what was written
    private uint _unacknowledged;       // SND.UNA
    private uint _sendNext;             // SND.NXT; goes back to SND.UNA when nothing came in time
    private uint _sendMax;              // the most that SND.NXT ever was
    private int _window;                // SND.WND, scaled
    private int _maxWindow;
    private uint _windowSequence;       // SND.WL1
    private uint _windowAcknowledgment; // SND.WL2
    private bool _timing;
    private uint _timedNumber;
    private TimeSpan _timedAt;

    /// <summary>Takes the acknowledgment and the window of a segment.</summary>
    /// <param name="service">The service.</param>
    /// <param name="tcp">The segment's header.</param>
    /// <param name="isBare">Whether the segment holds nothing else.</param>
    /// <returns>The answer to a segment that is to be dropped for its acknowledgment; else null.</returns>
    private TcpReply? TakeAcknowledgment(TcpService service, TcpHeader tcp, bool isBare)
    {
        uint number = tcp.AcknowledgmentNumber;
        if (State == TcpConnectionState.SynReceived)
        {
            if (number != _initialSent + 1)
                return TcpReply.Reset;
            Establish(service, tcp);
            if (State == TcpConnectionState.Closed)
                return TcpReply.None;
        }
        else if (!IsAcceptableAcknowledgment(number))
        {
            return Challenge(service);
        }

        int acknowledged = (int)(number - _unacknowledged);
        if (acknowledged < 0)
            return null;

        int window = tcp.Window << _clientScale;
        if (acknowledged > 0)
            Acknowledged(service, number, acknowledged);
        else if (isBare && SequenceNumber.IsAfter(_sendNext, _unacknowledged) && window == _window && _congestion.Duplicate(_unacknowledged, _sendMax))
            SendAgain(service);

        if (State == TcpConnectionState.Closed)
            return TcpReply.None;
        // RFC 9293 §3.8.6.1: who answers probes is alive, however long its window stays shut.
        if (_window == 0)
            _retries = 0;
        TakeWindow(tcp.SequenceNumber, number, window);
        return null;
    }

    /// <summary>Whether this was sent and is not long acknowledged: who does not see the connection would have to guess. RFC 5961 §5.</summary>
    private bool IsAcceptableAcknowledgment(uint number) =>
        !SequenceNumber.IsAfter(number, _sendMax) && !SequenceNumber.IsBefore(number, _unacknowledged - (uint)_maxWindow);

    private void TakeWindow(uint sequence, uint number, int window)
    {
        bool isNewer = SequenceNumber.IsBefore(_windowSequence, sequence)
            || (_windowSequence == sequence && !SequenceNumber.IsBefore(number, _windowAcknowledgment));
        if (!isNewer)
            return;

        if (_window == 0 && window > 0)
        {
            _probes = 0;
            if (_sendNext == _unacknowledged)
                _retransmitAt = TimeSpan.MaxValue;
        }

        (_window, _windowSequence, _windowAcknowledgment) = (window, sequence, number);
        _maxWindow = Math.Max(_maxWindow, window);
    }

    private void Acknowledged(TcpService service, uint number, int count)
    {
        bool isFin = _closing && number == _sendBase + (uint)_written + 1;
        int data = Math.Min((int)(number - _sendBase), _written);
        if (data > 0)
            _unsent!.Skip(data);
        _written -= data;
        _sendBase += (uint)data;
        _unacknowledged = number;
        _sendNext = SequenceNumber.Later(_sendNext, number);
        if (_written == 0)
            ReturnUnsent();

        if (_timing && !SequenceNumber.IsBefore(number, _timedNumber))
        {
            _timeout.Measured(service.Now - _timedAt);
            _timing = false;
        }

        _retries = _probes = 0;
        bool isGap = _congestion.Acknowledged(number, count, (int)(_sendMax - number));
        // RFC 6298 §5.2, §5.3.
        _retransmitAt = _sendNext == number ? TimeSpan.MaxValue : service.Now + _timeout.Value;
        if (isFin)
            FinAcknowledged(service);
        else if (isGap)
            SendAgain(service);
    }

    private void FinAcknowledged(TcpService service)
    {
        switch (State)
        {
            case TcpConnectionState.FinWait1:
                State = TcpConnectionState.FinWait2;
                Touch(service);
                break;
            case TcpConnectionState.Closing:
                EnterTimeWait(service);
                break;
            case TcpConnectionState.LastAck:
                service.Remove(this);
                break;
        }
    }
}
