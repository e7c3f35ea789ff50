using System.Diagnostics;

namespace Fluke6.Journal;

/// <summary>
/// How much one rule logs, and whether it may say more now: so many lines a second, more at once after a pause, and never so many that none
/// of another rule would find room. One thread asks, another one reads; no lock, and the one that asks allocates nothing.
/// </summary>
/// <param name="name">The rule's name.</param>
/// <param name="linesPerSecond">The rate, at least 1.</param>
internal sealed class LogSource(string name, int linesPerSecond)
{
    /// <summary>For so long a time a rule's unused lines are kept for it.</summary>
    private const int SecondsSaved = 5;

    private readonly long _ticksPerLine = Math.Max(1, Moment.Frequency / linesPerSecond);
    private long _nextLine;
    private long _written;
    private long _read;
    private long _skipped;
    private long _told;
    private long _lastTold = long.MinValue / 2;

    /// <summary>Lines that were not taken.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>Whether to take a line; if not, it is counted.</summary>
    /// <param name="free">For how many lines of all rules there is room.</param>
    /// <param name="now">Of a clock that never goes back, in nanoseconds.</param>
    public bool TryTake(int free, long now)
    {
        // Each rule may fill half of the room that the others left.
        long earliest = Math.Max(_nextLine, now);
        if (earliest - now > (SecondsSaved * Moment.Frequency) - _ticksPerLine || _written - Volatile.Read(ref _read) >= free)
        {
            Volatile.Write(ref _skipped, _skipped + 1);
            return false;
        }

        _nextLine = earliest + _ticksPerLine;
        _written++;
        return true;
    }

    /// <summary>A line was read. Reader's thread.</summary>
    public void CountRead() => Volatile.Write(ref _read, _read + 1);

    /// <summary>Says how many lines are missing since it was said last, once a second at the most. Reader's thread.</summary>
    public SkippedNote? TakeNews(long now)
    {
        long skipped = Skipped, more = skipped - _told;
        if (more == 0 || Stopwatch.GetElapsedTime(_lastTold, now) < TimeSpan.FromSeconds(1))
            return null;

        (_told, _lastTold) = (skipped, now);
        return new SkippedNote(name, more, linesPerSecond);
    }
}
