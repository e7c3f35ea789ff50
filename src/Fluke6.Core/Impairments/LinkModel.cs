using System.Globalization;

namespace Fluke6.Impairments;

/// <summary>When a link has sent a packet. One direction's; times are <see cref="Moment.Monotonic"/>.</summary>
internal abstract class LinkModel
{
    /// <summary>Whether only the network packet counts, without the link header before it.</summary>
    public virtual bool CountsPackets => false;

    /// <summary>Sends a packet.</summary>
    /// <param name="start">When the link takes it: not before it has sent the one before.</param>
    /// <param name="octets">Its length.</param>
    /// <returns>When its last octet is sent.</returns>
    public abstract long Send(long start, int octets);

    /// <summary>So many bits in each second.</summary>
    internal sealed class Steady(BitRate rate) : LinkModel
    {
        private readonly double _nanosecondsPerOctet = 8e9 / rate.BitsPerSecond;
        private double _fraction;

        public override long Send(long start, int octets)
        {
            // The next packet makes up for the time that is rounded off for one.
            double time = (octets * _nanosecondsPerOctet) + _fraction;
            long whole = (long)time;
            _fraction = time - whole;
            return start + whole;
        }
    }

    /// <summary>
    /// As a trace of mahimahi says: each line is a millisecond at which 1,500 octets can leave, the whole again and again. A packet of any
    /// size leaves when its last octet does; what an opportunity has left over the next packet takes, if it waits. Netravali and others,
    /// "Mahimahi", 2015.
    /// </summary>
    internal sealed class Traced(DeliveryTrace trace) : LinkModel
    {
        private const int OctetsOfOpportunity = 1500;
        private long? _began;
        private long _opportunity = -1;     // the one that packets take from, counted from the beginning
        private int _left;

        public override bool CountsPackets => true;

        public override long Send(long start, int octets)
        {
            _began ??= start;
            // Opportunities that no packet waited for are lost.
            if (_opportunity < 0 || TimeOf(_opportunity) < start)
                (_opportunity, _left) = (trace.FirstFrom(start - _began.Value), OctetsOfOpportunity);
            for (; octets > _left; _left = OctetsOfOpportunity)
            {
                octets -= _left;
                _opportunity++;
            }

            _left -= octets;
            return TimeOf(_opportunity);
        }

        private long TimeOf(long opportunity) => _began!.Value + trace.TimeOf(opportunity);
    }
}

/// <summary>A trace of when a link can send: mahimahi's format, a line for each millisecond at which 1,500 bytes can leave. Made by
/// <c>LinkTrace(path)</c>.</summary>
public sealed class DeliveryTrace
{
    private readonly long[] _times;     // nanoseconds from the beginning, in order
    private readonly long _period;

    internal DeliveryTrace(IReadOnlyList<long> milliseconds)
    {
        _times = [.. milliseconds.Select(time => time * 1_000_000)];
        _period = _times[^1];
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"LinkTrace({_times.Length} opportunities in {_period / 1e6} ms, {_times.Sum():x})");

    /// <summary>When an opportunity is, in nanoseconds from the beginning.</summary>
    internal long TimeOf(long opportunity) => (opportunity / _times.Length * _period) + _times[opportunity % _times.Length];

    /// <summary>The first opportunity at a time, in nanoseconds from the beginning, or after it.</summary>
    internal long FirstFrom(long time)
    {
        // The last one of a round and the beginning of the next are the same moment.
        long round = Math.Max(0, (time - 1) / _period);
        int index = Array.BinarySearch(_times, time - (round * _period));
        if (index < 0)
            index = ~index;
        while (index > 0 && index < _times.Length && _times[index - 1] == _times[index])
            index--;
        return (round * _times.Length) + index;
    }
}
