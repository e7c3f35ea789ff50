namespace Fluke6.Impairments;

/// <summary>
/// The figures of what an impairment did to the packets of one direction, not what was asked of it; a super-segment counts as the packets that it is on
/// the wire. The worker counts; others read whole numbers at any time.
/// </summary>
public sealed class ImpairmentFigures
{
    private const long Window = Moment.Frequency;

    private readonly DelayHistogram _delays = new();
    private readonly DelayHistogram _lateness = new();
    private long _windowBegan = -1;
    private long _windowOctets;

    internal ImpairmentFigures(Side from) => From = from;

    /// <summary>The side that the packets come from.</summary>
    public Side From { get; }

    /// <summary>Packets that came.</summary>
    public long Packets { get; private set; }

    /// <summary>Their bytes, as frames on the wire.</summary>
    public long Bytes { get; private set; }

    /// <summary>Packets that went on; duplicates are among them.</summary>
    public long Departed { get; private set; }

    /// <summary>Packets that the loss model lost.</summary>
    public long Lost { get; private set; }

    /// <summary>Packets that a full queue, or CoDel, dropped.</summary>
    public long QueueDropped { get; private set; }

    /// <summary>Packets that there was no memory to hold for.</summary>
    public long NoRoom { get; private set; }

    /// <summary>The share of the packets that was lost or dropped: the loss ratio of RFC 7680.</summary>
    public double LossRatio => Packets == 0 ? 0 : (double)(Lost + QueueDropped + NoRoom) / Packets;

    /// <summary>Runs of packets that the loss model lost one after the other: the loss periods of RFC 3357.</summary>
    public long LossPeriods { get; private set; }

    /// <summary>How many packets such a run had, on average: RFC 3357's mean loss period length.</summary>
    public double MeanLossPeriod => LossPeriods == 0 ? 0 : (double)Lost / LossPeriods;

    /// <summary>How many packets the longest run had.</summary>
    public long LongestLossPeriod { get; private set; }

    /// <summary>Packets that went on twice.</summary>
    public long Duplicated { get; private set; }

    /// <summary>The share of packets that went on twice: RFC 5560's replicated ones.</summary>
    public double DuplicationRatio => Packets == 0 ? 0 : (double)Duplicated / Packets;

    /// <summary>Packets whose bytes were changed.</summary>
    public long Corrupted { get; private set; }

    /// <summary>Bits that were changed.</summary>
    public long CorruptedBits { get; private set; }

    /// <summary>Packets that went on after one that had come later: RFC 4737's reordered ones.</summary>
    public long Reordered { get; private set; }

    /// <summary>The share of the packets that went on which was reordered. RFC 4737 §3.4.</summary>
    public double ReorderedRatio => Departed == 0 ? 0 : (double)Reordered / Departed;

    /// <summary>The most packets that went on before one that had come earlier than they: RFC 4737's reordering extent, up to
    /// 128.</summary>
    public int LargestReorderingExtent { get; private set; }

    /// <summary>The least delay of a packet that went on. RFC 7679 §5.3.</summary>
    public TimeSpan LeastDelay => Span(_delays.Total == 0 ? 0 : _delays.Least);

    /// <summary>The mean of their delays.</summary>
    public TimeSpan MeanDelay => Span(_delays.Mean);

    /// <summary>The median of their delays, to within half a hundredth. RFC 7679 §5.2.</summary>
    public TimeSpan MedianDelay => Span(_delays.Quantile(0.5));

    /// <summary>The delay that one packet in a hundred exceeds, as exact.</summary>
    public TimeSpan DelayOf99 => Span(_delays.Quantile(0.99));

    /// <summary>The greatest delay.</summary>
    public TimeSpan MostDelay => Span(_delays.Most);

    /// <summary>By how much one packet in a hundred exceeds the least delay: RFC 5481's packet delay variation, its 99th
    /// percentile.</summary>
    public TimeSpan VariationOf99 => DelayOf99 > LeastDelay ? DelayOf99 - LeastDelay : TimeSpan.Zero;

    /// <summary>How much later than asked packets went on, the median.</summary>
    public TimeSpan MedianLateness => Span(_lateness.Quantile(0.5));

    /// <summary>How much later than asked one packet in a hundred went on.</summary>
    public TimeSpan LatenessOf99 => Span(_lateness.Quantile(0.99));

    /// <summary>Bits of frames that went on in the last whole second in which any did.</summary>
    public long BitsPerSecond { get; private set; }

    /// <summary>Packets that wait before the link.</summary>
    public long Queued { get; private set; }

    /// <summary>The most packets that waited.</summary>
    public long MostQueued { get; private set; }

    /// <summary>Packets of cross-traffic that the link sent.</summary>
    public long Others { get; private set; }

    internal void CountArrived(int octets)
    {
        Packets++;
        Bytes += octets;
    }

    /// <summary>A packet was lost or not.</summary>
    /// <param name="isLost">Whether it was.</param>
    /// <param name="burst">How many in a row were lost before it; counts on.</param>
    internal void CountLoss(bool isLost, ref long burst)
    {
        if (!isLost)
        {
            burst = 0;
            return;
        }

        Lost++;
        if (burst++ == 0)
            LossPeriods++;
        LongestLossPeriod = Math.Max(LongestLossPeriod, burst);
    }

    internal void CountReordered(int extent)
    {
        Reordered++;
        LargestReorderingExtent = Math.Max(LargestReorderingExtent, extent);
    }

    internal void CountOther() => Others++;

    internal void CountQueueDrop() => QueueDropped++;

    internal void CountNoRoom(int packets) => NoRoom += packets;

    internal void CountDuplicate() => Duplicated++;

    internal void CountCorruption(int bits)
    {
        Corrupted++;
        CorruptedBits += bits;
    }

    /// <summary>So many more packets wait, or fewer.</summary>
    internal void CountQueued(int more)
    {
        Queued += more;
        MostQueued = Math.Max(MostQueued, Queued);
    }

    /// <summary>Packets went on.</summary>
    /// <param name="packets">How many.</param>
    /// <param name="octets">Their octets.</param>
    /// <param name="delay">How long after they came, in nanoseconds.</param>
    /// <param name="lateness">How much of that was not asked for.</param>
    /// <param name="now">When.</param>
    internal void CountDeparture(int packets, int octets, long delay, long lateness, long now)
    {
        Departed += packets;
        _delays.Add(delay, packets);
        _lateness.Add(lateness, packets);
        if (now - _windowBegan >= Window)
        {
            if (_windowBegan >= 0)
                BitsPerSecond = (long)((double)_windowOctets * 8 * Moment.Frequency / Window);
            (_windowBegan, _windowOctets) = (now - ((now - Math.Max(0, _windowBegan)) % Window), 0);
        }

        _windowOctets += octets;
    }

    private static TimeSpan Span(double nanoseconds) => TimeSpan.FromTicks((long)Math.Round(nanoseconds / TimeSpan.NanosecondsPerTick));
}
