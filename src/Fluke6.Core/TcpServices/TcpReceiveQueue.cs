using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.TcpServices;

/// <summary>
/// Octets received and not yet handed over: those in order, and behind them, with gaps, up to eight ranges out of order. RFC 9293
/// §3.10.7.4 "segments with higher beginning sequence numbers SHOULD be held for later processing".
/// </summary>
internal struct TcpReceiveQueue
{
    private const int MaxRanges = 8;

    private OctetRing? _ring;
    private Ranges _ranges;    // the one that grew last stands first, as RFC 2018 §4 wants them reported
    private int _rangeCount;

    /// <summary>How many octets are in order and wait to be handed over.</summary>
    public int Ready { get; private set; }

    /// <summary>How many ranges are out of order.</summary>
    public readonly int RangeCount => _rangeCount;

    /// <summary>A range that is out of order, the one that grew last first.</summary>
    public readonly (uint Start, uint End) RangeAt(int index) => _ranges[index];

    /// <summary>The octets in order that wait, as far as they lie in one piece.</summary>
    public readonly ReadOnlySpan<byte> First(int atMost) => _ring!.First(Math.Min(atMost, Ready));

    /// <summary>Keeps octets; they must fit behind those that are <see cref="Ready"/>.</summary>
    /// <param name="next">The sequence number after the last octet in order.</param>
    /// <param name="sequenceNumber">The first octet's, not before <paramref name="next"/>.</param>
    /// <param name="octets">The octets to keep.</param>
    /// <param name="pool">Where to get room from.</param>
    /// <param name="size">How much room.</param>
    /// <returns>
    /// The sequence number after the last octet in order from now on. Octets that make a ninth range are not kept: they come again.
    /// </returns>
    public uint Store(uint next, uint sequenceNumber, ReadOnlySpan<byte> octets, OctetRingPool pool, int size)
    {
        uint end = sequenceNumber + (uint)octets.Length;
        if (sequenceNumber != next && !TryAddRange(sequenceNumber, end))
            return next;

        _ring ??= pool.Rent(size);
        _ring.Write(Ready + (int)(sequenceNumber - next), octets);
        if (sequenceNumber != next)
            return next;

        for (int i = 0; i < _rangeCount;)
        {
            (uint start, uint rangeEnd) = _ranges[i];
            if (SequenceNumber.IsAfter(start, end))
            {
                i++;
                continue;
            }

            end = SequenceNumber.Later(end, rangeEnd);
            RemoveRange(i);
            i = 0;    // what it reaches may have been passed over
        }

        Ready += (int)(end - next);
        return end;
    }

    /// <summary>Takes octets that were handed over off the front.</summary>
    public void Skip(int count)
    {
        _ring!.Skip(count);
        Ready -= count;
    }

    /// <summary>Gives the room back if nothing is in it.</summary>
    public void ReturnIfEmpty(OctetRingPool pool)
    {
        if (Ready == 0 && _rangeCount == 0)
            Clear(pool);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear(OctetRingPool pool)
    {
        if (_ring is not null)
            pool.Return(_ring);
        (_ring, Ready, _rangeCount) = (null, 0, 0);
    }

    private bool TryAddRange(uint start, uint end)
    {
        // A range that it touches becomes one with it.
        for (int i = 0; i < _rangeCount;)
        {
            (uint otherStart, uint otherEnd) = _ranges[i];
            if (SequenceNumber.IsAfter(otherStart, end) || SequenceNumber.IsAfter(start, otherEnd))
            {
                i++;
                continue;
            }

            start = SequenceNumber.IsBefore(start, otherStart) ? start : otherStart;
            end = SequenceNumber.Later(end, otherEnd);
            RemoveRange(i);
            i = 0;
        }

        if (_rangeCount == MaxRanges)
            return false;

        for (int i = _rangeCount++; i > 0; i--)
            _ranges[i] = _ranges[i - 1];
        _ranges[0] = (start, end);
        return true;
    }

    private void RemoveRange(int index)
    {
        for (int i = index + 1; i < _rangeCount; i++)
            _ranges[i - 1] = _ranges[i];
        _rangeCount--;
    }

    [InlineArray(MaxRanges)]
    private struct Ranges
    {
        private (uint Start, uint End) _first;
    }
}
