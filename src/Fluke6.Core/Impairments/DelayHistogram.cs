using System.Numerics;

namespace Fluke6.Impairments;

/// <summary>
/// How often each delay occurred, to within a hundredth of it, from a nanosecond to an hour. One thread counts; others read whole numbers
/// at any time.
/// </summary>
internal sealed class DelayHistogram
{
    // Exact below so many nanoseconds; from there on half as many steps for each doubling.
    private const int StepBits = 8, Steps = 1 << StepBits, Doublings = 36;
    private readonly long[] _counts = new long[Steps + (Doublings * Steps / 2)];
    private long _total;

    /// <summary>How many there were.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Their mean, in nanoseconds.</summary>
    public double Mean => Total == 0 ? 0 : Sum / Total;

    /// <summary>The least one, in nanoseconds.</summary>
    public long Least { get; private set; } = long.MaxValue;

    /// <summary>The greatest one, in nanoseconds.</summary>
    public long Most { get; private set; }

    private double Sum { get; set; }

    /// <summary>Counts delays that are alike.</summary>
    public void Add(long nanoseconds, int count)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        _counts[IndexOf(nanoseconds)] += count;
        Sum += (double)nanoseconds * count;
        Least = Math.Min(Least, nanoseconds);
        Most = Math.Max(Most, nanoseconds);
        Volatile.Write(ref _total, _total + count);
    }

    /// <summary>The delay that a share of all does not exceed, in nanoseconds; 0 if there are none.</summary>
    /// <param name="share">From 0 to 1.</param>
    public long Quantile(double share)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(share * Total)), seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
                return Math.Clamp(ValueAt(i), Math.Min(Least, Most), Most);
        }

        return Most;
    }

    private static int IndexOf(long value)
    {
        int doubling = Math.Clamp(BitOperations.Log2((ulong)value) - StepBits + 1, 0, Doublings);
        return (doubling * Steps / 2) + (int)Math.Min(value >> doubling, Steps - 1);
    }

    // The middle of the values that are counted there.
    private static long ValueAt(int index)
    {
        int doubling = index < Steps ? 0 : (index - (Steps / 2)) / (Steps / 2);
        return ((long)(index - (doubling * Steps / 2)) << doubling) + ((1L << doubling) / 2);
    }
}
