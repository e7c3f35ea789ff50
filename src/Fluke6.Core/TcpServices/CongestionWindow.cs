using Fluke6.Wire;

namespace Fluke6.TcpServices;

/// <summary>
/// How much may be under way: slow start, congestion avoidance, fast retransmit and fast recovery. RFC 5681, with RFC 6582 (NewReno) and
/// RFC 3042 (limited transmit).
/// </summary>
internal struct CongestionWindow
{
    private const int DuplicatesThatMeanLoss = 3;
    private const int Maximum = 1 << 30;    // no window is larger: RFC 7323 §2.3

    private int _segmentSize;
    private int _octets;
    private int _threshold;
    private int _acknowledged;
    private int _duplicates;
    private uint _recover;

    /// <summary>Whether a fast retransmit is not yet acknowledged in full.</summary>
    public bool InRecovery { get; private set; }

    /// <summary>The most octets that may be unacknowledged.</summary>
    public readonly int Octets =>
        // RFC 3042: each of the first two duplicates says that a segment has left the network.
        !InRecovery && _duplicates < DuplicatesThatMeanLoss ? _octets + (_duplicates * _segmentSize) : _octets;

    /// <summary>Begins with the initial window. RFC 5681 §3.1.</summary>
    /// <param name="segmentSize">Octets in a full segment.</param>
    /// <param name="initial">The initial sequence number.</param>
    /// <param name="synAckWasLost">Whether the SYN,ACK had to be sent again.</param>
    public void Begin(int segmentSize, uint initial, bool synAckWasLost)
    {
        int segments = segmentSize > 2190 ? 2 : segmentSize > 1095 ? 3 : 4;
        _segmentSize = segmentSize;
        _octets = synAckWasLost ? segmentSize : segments * segmentSize;
        _threshold = int.MaxValue;
        _acknowledged = _duplicates = 0;
        _recover = initial;
        InRecovery = false;
    }

    /// <summary>An acknowledgment came a second time. RFC 5681 §3.2.</summary>
    /// <param name="unacknowledged">The number that it acknowledges up to.</param>
    /// <param name="next">The number that was sent up to.</param>
    /// <returns>Whether to send the first segment that is not acknowledged again.</returns>
    public bool Duplicate(uint unacknowledged, uint next)
    {
        if (InRecovery)
        {
            Widen(_segmentSize);
            return false;
        }

        // RFC 6582 §3.2 step 2: what was lost before the last timeout, or in the last recovery, is being sent again as it is.
        if (++_duplicates != DuplicatesThatMeanLoss || !SequenceNumber.IsAfter(unacknowledged, _recover))
            return false;

        _threshold = Half((int)(next - unacknowledged));
        _recover = next;
        _octets = _threshold + (DuplicatesThatMeanLoss * _segmentSize);
        InRecovery = true;
        return true;
    }

    /// <summary>Data was acknowledged for the first time.</summary>
    /// <param name="number">The number that is acknowledged up to.</param>
    /// <param name="octets">How much that is.</param>
    /// <param name="inFlight">How much is left unacknowledged.</param>
    /// <returns>Whether to send the first segment that is not acknowledged again.</returns>
    public bool Acknowledged(uint number, int octets, int inFlight)
    {
        _duplicates = 0;
        if (!InRecovery)
        {
            Grow(octets);
            return false;
        }

        // RFC 6582 §3.2 step 3.
        if (!SequenceNumber.IsBefore(number, _recover))
        {
            InRecovery = false;
            _octets = Math.Min(_threshold, Math.Max(inFlight, _segmentSize) + _segmentSize);
            return false;
        }

        _octets = Math.Max(_octets - octets, 0) + (octets >= _segmentSize ? _segmentSize : 0);
        _octets = Math.Max(_octets, _segmentSize);
        return true;
    }

    /// <summary>Nothing came in time. RFC 5681 §3.1, equation 4; RFC 6582 §4.</summary>
    /// <param name="unacknowledged">The number that is acknowledged up to.</param>
    /// <param name="next">The number that was sent up to.</param>
    /// <param name="isFirst">Whether it is the first time for this segment.</param>
    public void TimedOut(uint unacknowledged, uint next, bool isFirst)
    {
        if (isFirst)
            _threshold = Half((int)(next - unacknowledged));
        _octets = _segmentSize;
        _acknowledged = _duplicates = 0;
        _recover = next;
        InRecovery = false;
    }

    private void Grow(int octets)
    {
        if (_octets < _threshold)
        {
            Widen(Math.Min(octets, _segmentSize));
            return;
        }

        // RFC 5681 §3.1: a segment for each window's worth that is acknowledged.
        _acknowledged += octets;
        if (_acknowledged < _octets)
            return;

        _acknowledged -= _octets;
        Widen(_segmentSize);
    }

    private void Widen(int octets) => _octets = Math.Min(_octets + octets, Maximum);

    private readonly int Half(int inFlight) => Math.Max(inFlight / 2, 2 * _segmentSize);
}
