namespace Fluke6.TcpServices;

/// <summary>How long to wait for an acknowledgment, from the round trips that were measured. RFC 6298.</summary>
internal struct RetransmissionTimeout
{
    /// <summary>RFC 6298 §2.5.</summary>
    public static readonly TimeSpan Maximum = TimeSpan.FromSeconds(60);

    // RFC 6298 §2.1, and §5.7 for who lost the SYN,ACK.
    private static readonly TimeSpan s_initial = TimeSpan.FromSeconds(1), s_initialAfterLoss = TimeSpan.FromSeconds(3);

    private readonly TimeSpan _minimum;
    private TimeSpan _smoothed;
    private TimeSpan _variation;
    private bool _measured;

    public RetransmissionTimeout(TimeSpan minimum)
    {
        _minimum = minimum;
        Value = s_initial;
    }

    /// <summary>The timeout.</summary>
    public TimeSpan Value { get; private set; }

    /// <summary>Takes a round trip into account, of a segment that was sent once only (Karn). RFC 6298 §2.2, §2.3.</summary>
    public void Measured(TimeSpan roundTrip)
    {
        if (_measured)
        {
            _variation = (_variation * 3 / 4) + ((_smoothed - roundTrip).Duration() / 4);
            _smoothed = (_smoothed * 7 / 8) + (roundTrip / 8);
        }
        else
        {
            (_smoothed, _variation, _measured) = (roundTrip, roundTrip / 2, true);
        }

        TimeSpan margin = 4 * _variation > TcpService.TimerInterval ? 4 * _variation : TcpService.TimerInterval;
        Value = Clamp(_smoothed + margin);
    }

    /// <summary>Nothing came in time. RFC 6298 §5.5.</summary>
    public void BackOff() => Value = Clamp(Value * 2);

    /// <summary>Data begins to flow after the SYN,ACK had to be sent again. RFC 6298 §5.7.</summary>
    public void BeginAfterLoss() => Value = s_initialAfterLoss;

    private readonly TimeSpan Clamp(TimeSpan value) => value < _minimum ? _minimum : value > Maximum ? Maximum : value;
}
