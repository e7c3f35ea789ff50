using System.Diagnostics;

namespace Fluke6.Dashboard;

/// <summary>Faults of the dashboard itself: whether the screen may be opened once more.</summary>
internal sealed class ScreenFailures
{
    private const int Most = 3;
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);
    private readonly Queue<long> _times = [];

    /// <summary>Counts a fault.</summary>
    /// <param name="now">By <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <returns>False from the fourth within ten seconds on: whatever is wrong is so each time.</returns>
    public bool MayOpenAgain(long now)
    {
        while (_times.TryPeek(out long oldest) && Stopwatch.GetElapsedTime(oldest, now) > s_window)
            _times.Dequeue();
        _times.Enqueue(now);
        return _times.Count <= Most;
    }

    /// <summary>A fault in one line, with its place in this program.</summary>
    public static string Describe(Exception exception)
    {
        string? place = exception.StackTrace?.Split('\n').Select(line => line.Trim())
            .FirstOrDefault(line => line.Contains(nameof(Fluke6), StringComparison.Ordinal));
        return $"{exception.GetType().Name}: {exception.Message}{(place is null ? "" : $" ({place})")}";
    }
}
