using System.Collections.Concurrent;
using System.Diagnostics;

namespace Fluke6.Journal;

/// <summary>
/// The events on the bridge, until somebody reads them. Bounded: nothing here ever makes the bridge wait, and what did not fit is
/// counted.
/// </summary>
internal sealed class BridgeJournal
{
    /// <summary>How many lines a second a rule may log unless told otherwise; five times as many at once.</summary>
    public const int DefaultLogLimit = 100;

    private const int Capacity = 4096;
    private readonly ConcurrentQueue<JournalNote> _notes = new();
    private readonly ConcurrentQueue<LogNote> _logsOfOtherThreads = new();
    private readonly LogRing _ring = new();
    private readonly ConcurrentDictionary<string, LogSource> _sources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LogSource> _sourcesOfOtherThreads = new(StringComparer.Ordinal);
    private readonly Func<string, LogSource> _newSource;
    private readonly List<IJournalSource> _others = [];
    private long _dropped;

    /// <summary>A journal that nobody wrote to yet.</summary>
    /// <param name="logLimit">How many lines a second each rule may log; five times as many at once.</param>
    internal BridgeJournal(int logLimit = DefaultLogLimit) => _newSource = name => new LogSource(name, logLimit);

    /// <summary>Notes that nobody read in time and that were thrown away, lines of rules that log too much among them.</summary>
    public long Dropped => Volatile.Read(ref _dropped) + _ring.Dropped + _others.Sum(other => other.Dropped) + _sources.Values.Sum(source => source.Skipped)
        + _sourcesOfOtherThreads.Values.Sum(source => source.Skipped);

    /// <summary>Lines of a rule's log that were thrown away.</summary>
    public long LinesSkipped(string rule) => Skipped(_sources, rule) + Skipped(_sourcesOfOtherThreads, rule);

    /// <summary>Takes the next note; false if there is none. One reader at a time.</summary>
    public bool TryRead(out JournalNote note)
    {
        note = null!;
        if (_notes.TryDequeue(out JournalNote? next))
        {
            note = next;
        }
        else if (_ring.TryRead(out LogNote? log))
        {
            _sources.GetOrAdd(log.Rule, _newSource).CountRead();
            note = log;
        }
        else if (_logsOfOtherThreads.TryDequeue(out log))
        {
            _sourcesOfOtherThreads.GetOrAdd(log.Rule, _newSource).CountRead();
            note = log;
        }
        else if (FromOthers() is { } other)
        {
            note = other;
        }
        else if (Skipped() is { } skipped)
        {
            note = skipped;
        }

        return note is not null;
    }

    /// <summary>Adds a note. From any thread; allocates, so not for the frame path.</summary>
    internal void Add(JournalNote note)
    {
        if (note is LogNote log)
            Add(log);
        else if (_notes.Count < Capacity)
            _notes.Enqueue(note);
        else
            Interlocked.Increment(ref _dropped);
    }

    /// <summary>Has notes read that somebody else keeps. Before the first is read.</summary>
    internal void AddSource(IJournalSource source) => _others.Add(source);

    /// <summary>Adds a rule's log line without allocating. Worker's thread only.</summary>
    internal void Log(string rule, ReadOnlySpan<char> message, in Moment now)
    {
        if (_sources.GetOrAdd(rule, _newSource).TryTake(_ring.Free, now.Monotonic))
            _ring.Write(rule, message, now);
    }

    private void Add(LogNote log)
    {
        LogSource source = _sourcesOfOtherThreads.GetOrAdd(log.Rule, _newSource);
        // A rule may have many threads.
        lock (source)
        {
            if (source.TryTake(Capacity - _logsOfOtherThreads.Count, Moment.MonotonicOf(TimeProvider.System)))
                _logsOfOtherThreads.Enqueue(log);
        }
    }

    private static long Skipped(ConcurrentDictionary<string, LogSource> sources, string rule) =>
        sources.TryGetValue(rule, out LogSource? source) ? source.Skipped : 0;

    private JournalNote? FromOthers()
    {
        foreach (IJournalSource other in _others)
        {
            if (other.TryRead(out JournalNote? note))
                return note;
        }

        return null;
    }

    // Found by looking rather than told: the worker's thread only counts.
    private SkippedNote? Skipped()
    {
        long now = Stopwatch.GetTimestamp();
        foreach ((_, LogSource source) in _sources)
        {
            if (source.TakeNews(now) is { } skipped)
                return skipped;
        }

        foreach ((_, LogSource source) in _sourcesOfOtherThreads)
        {
            if (source.TakeNews(now) is { } skipped)
                return skipped;
        }

        return null;
    }
}
