namespace Fluke6.Snapshots;

/// <summary>An impairment's figures of the packets of one direction. Times are in milliseconds; the figures are those of RFC 7679, 7680, 3357, 4737, 5481 and 5560.</summary>
internal sealed record ImpairmentRecord
{
    /// <summary>Its number in the rule's file, from 1.</summary>
    public int Impairment { get; init; }

    /// <summary>The side that the packets come from.</summary>
    public string From { get => field ?? ""; init; }

    /// <summary>Packets that came.</summary>
    public long Packets { get; init; }

    /// <summary>Their octets.</summary>
    public long Bytes { get; init; }

    /// <summary>Packets that went on.</summary>
    public long Departed { get; init; }

    /// <summary>Bits that went on in the last whole second in which any did.</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>Packets that the loss model lost.</summary>
    public long Lost { get; init; }

    /// <summary>Packets that the queue dropped.</summary>
    public long QueueDropped { get; init; }

    /// <summary>Packets that there was no memory to hold for.</summary>
    public long NoRoom { get; init; }

    /// <summary>The share that was lost or dropped.</summary>
    public double LossRatio { get; init; }

    /// <summary>Runs of lost packets.</summary>
    public long LossPeriods { get; init; }

    /// <summary>How many packets a run had on average.</summary>
    public double MeanLossPeriod { get; init; }

    /// <summary>How many packets the longest run had.</summary>
    public long LongestLossPeriod { get; init; }

    /// <summary>The least delay.</summary>
    public double DelayLeast { get; init; }

    /// <summary>The mean delay.</summary>
    public double DelayMean { get; init; }

    /// <summary>The median of the delays.</summary>
    public double DelayMedian { get; init; }

    /// <summary>The delay that one packet in a hundred exceeds.</summary>
    public double Delay99 { get; init; }

    /// <summary>The greatest delay.</summary>
    public double DelayMost { get; init; }

    /// <summary>By how much one packet in a hundred exceeds the least delay.</summary>
    public double DelayVariation99 { get; init; }

    /// <summary>How much later than asked packets went on, the median.</summary>
    public double LatenessMedian { get; init; }

    /// <summary>How much later than asked one packet in a hundred went on.</summary>
    public double Lateness99 { get; init; }

    /// <summary>Packets that went on after one that had come later.</summary>
    public long Reordered { get; init; }

    /// <summary>Their share.</summary>
    public double ReorderedRatio { get; init; }

    /// <summary>The most packets that passed one.</summary>
    public int ReorderingExtent { get; init; }

    /// <summary>Packets that went on twice.</summary>
    public long Duplicated { get; init; }

    /// <summary>Their share.</summary>
    public double DuplicationRatio { get; init; }

    /// <summary>Packets whose bytes were changed.</summary>
    public long Corrupted { get; init; }

    /// <summary>Bits that were changed.</summary>
    public long CorruptedBits { get; init; }

    /// <summary>Packets that wait.</summary>
    public long Queued { get; init; }

    /// <summary>The most packets that waited.</summary>
    public long MostQueued { get; init; }

    /// <summary>Packets of cross-traffic that the link sent.</summary>
    public long CrossTraffic { get; init; }
}
