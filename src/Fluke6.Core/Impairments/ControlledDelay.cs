namespace Fluke6.Impairments;

/// <summary>CoDel's law: when a queue whose packets wait too long drops one. RFC 8289 §5; the names are that section's. Times in
/// nanoseconds.</summary>
internal sealed class ControlledDelay(long target, long interval)
{
    private long _firstAboveTime;
    private long _dropNext;
    private int _count;
    private int _lastCount;
    private bool _dropping;

    /// <summary>Takes the next packet out of a queue.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="now">The time.</param>
    /// <returns>The packet; −1 if there is none.</returns>
    public int Dequeue(IQueue queue, long now)
    {
        (int packet, bool mayDrop) = Take(queue, now);
        if (_dropping)
        {
            _dropping = mayDrop;
            while (_dropping && now >= _dropNext)
            {
                queue.Drop(packet, now);
                _count++;
                (packet, mayDrop) = Take(queue, now);
                _dropping = mayDrop;
                if (mayDrop)
                    _dropNext = ControlLaw(_dropNext, _count);
            }
        }
        else if (mayDrop)
        {
            queue.Drop(packet, now);
            (packet, _) = Take(queue, now);
            _dropping = true;
            // It was dropping until lately: the rate goes on from where it was.
            int delta = _count - _lastCount;
            _count = delta > 1 && now - _dropNext < 16 * interval ? delta : 1;
            _dropNext = ControlLaw(now, _count);
            _lastCount = _count;
        }

        return packet;
    }

    private (int Packet, bool MayDrop) Take(IQueue queue, long now)
    {
        const int MaxPacket = 1514;
        int packet = queue.Take(out long since);
        if (packet < 0)
        {
            _firstAboveTime = 0;
            return (packet, false);
        }

        if (now - since < target || queue.Octets <= MaxPacket)
        {
            _firstAboveTime = 0;
            return (packet, false);
        }

        if (_firstAboveTime == 0)
        {
            _firstAboveTime = now + interval;
            return (packet, false);
        }

        return (packet, now >= _firstAboveTime);
    }

    private long ControlLaw(long time, int count) => time + (long)(interval / Math.Sqrt(count));

    /// <summary>The queue.</summary>
    internal interface IQueue
    {
        /// <summary>Octets that wait.</summary>
        long Octets { get; }

        /// <summary>Takes the first packet; −1 if there is none.</summary>
        /// <param name="since">When it came.</param>
        int Take(out long since);

        /// <summary>Drops a packet that was taken.</summary>
        void Drop(int packet, long now);
    }
}
