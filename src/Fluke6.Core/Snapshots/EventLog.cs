namespace Fluke6.Snapshots;

/// <summary>
/// The last events, each with its number. One thread adds, any number reads, each from a number of its own; no lock, and whoever is slow
/// finds a gap and nobody else notices.
/// </summary>
/// <param name="capacity">How many are kept.</param>
internal sealed class EventLog(int capacity)
{
    private readonly BridgeEvent?[] _events = new BridgeEvent?[capacity];
    private long _last;

    /// <summary>The number of the last event; 0 if there was none.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Adds an event. One thread.</summary>
    /// <returns>The event with its number.</returns>
    public BridgeEvent Add(BridgeEvent next)
    {
        long number = _last + 1;
        next = next with { Sequence = number };
        Volatile.Write(ref _events[number % capacity], next);
        Volatile.Write(ref _last, number);
        return next;
    }

    /// <summary>The first event after a number that is still kept; null if there is none yet. Any thread.</summary>
    /// <param name="after">The number of the last event that the reader has seen; that of the event returned, afterwards.</param>
    /// <param name="lost">How many between the two are not kept any more.</param>
    public BridgeEvent? Next(ref long after, out long lost)
    {
        lost = 0;
        while (Last is var last && after < last)
        {
            long first = Math.Max(after, last - capacity) + 1;
            BridgeEvent found = Volatile.Read(ref _events[first % capacity])!;
            // Another event has its place by now: one that is further on is still there.
            if (found.Sequence != first)
                continue;

            lost = first - after - 1;
            after = first;
            return found;
        }

        return null;
    }
}
