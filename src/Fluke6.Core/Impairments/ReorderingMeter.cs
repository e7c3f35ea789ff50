namespace Fluke6.Impairments;

/// <summary>Counts packets that come after one which was sent later. RFC 4737 §3.3, §4.2. One thread counts; others read whole
/// numbers.</summary>
/// <param name="figures">Get what is found.</param>
internal sealed class ReorderingMeter(ImpairmentFigures figures)
{
    private const int Remembered = 128;
    private readonly long[] _last = new long[Remembered];
    private long _count;
    private long _expected;     // one more than the greatest number so far

    /// <summary>Packets came, with numbers one after the other.</summary>
    public void Add(long first, int packets)
    {
        for (int i = 0; i < packets; i++)
            Add(first + i);
    }

    private void Add(long number)
    {
        if (number >= _expected)
        {
            _expected = number + 1;
        }
        // The second of two that are alike is a duplicate, not late.
        else if (number != _expected - 1)
        {
            figures.CountReordered(ExtentOf(number));
        }

        _last[_count++ % Remembered] = number;
    }

    // RFC 4737 §4.2.2: how many came since the earliest one with a greater number.
    private int ExtentOf(long number)
    {
        int extent = 0;
        for (int back = 1; back <= Math.Min(_count, Remembered); back++)
        {
            if (_last[(_count - back) % Remembered] > number)
                extent = back;
        }

        return extent;
    }
}
