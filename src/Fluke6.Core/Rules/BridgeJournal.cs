using System.Collections.Concurrent;
using System.Diagnostics;
using Fluke6.Flows;
using Fluke6.Ports;

namespace Fluke6.Rules;

/// <summary>Something that happened on the bridge, for whoever reports it.</summary>
public abstract record JournalNote
{
    /// <summary>When, in UTC.</summary>
    public DateTimeOffset Time { get; init; } = DateTimeOffset.UtcNow;
}

/// <summary>A rule logged a line.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Message">What it said.</param>
public sealed record LogNote(string Rule, string Message) : JournalNote;

/// <summary>Lines of a rule's log that are missing, since it logs more than it may.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Lines">How many are missing since this was said last.</param>
/// <param name="LinesPerSecond">How many a second it may log.</param>
public sealed record SkippedNote(string Rule, long Lines, int LinesPerSecond) : JournalNote
{
    /// <summary>What is missing, in a sentence.</summary>
    public override string ToString() =>
        $"... {Lines:N0} more lines of {Rule} not shown; --log-limit N shows more than {LinesPerSecond:N0} a second";
}

/// <summary>Frames were lost at a port for a reason that was not told before.</summary>
/// <param name="Side">Which port.</param>
/// <param name="Name">The interface's name.</param>
/// <param name="Direction">Whether they had arrived there (<c>rx</c>) or were to leave (<c>tx</c>).</param>
/// <param name="Reason">As in the JSON report: a <see cref="ReceiveLoss"/>, or an errno's name.</param>
/// <param name="Frames">How many so far.</param>
/// <param name="Advice">Why, and what to type against it.</param>
public sealed record LossNote(Side Side, string Name, string Direction, string Reason, long Frames, string Advice) : JournalNote
{
    /// <summary>What is lost, in a sentence.</summary>
    public override string ToString() => $"{(Direction == "rx" ? "frames from" : "frames to")} {Name} are lost: {Advice}";
}

/// <summary>A rule threw or did not return.</summary>
public sealed record FaultNote(RuleFault Fault) : JournalNote;

/// <summary>A rule's file is new or changed and was loaded, or could not be.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Ok">Whether the file's version now runs; otherwise the last good one does, if there is one.</param>
/// <param name="Milliseconds">From the file's change until this.</param>
/// <param name="Diagnostics">What is wrong, one line each; empty if nothing is.</param>
public sealed record ReloadNote(string Rule, bool Ok, double Milliseconds, IReadOnlyList<string> Diagnostics) : JournalNote
{
    /// <summary>Whether a version of the rule ran before: otherwise this is its first load, and nothing of it runs where that failed.</summary>
    public bool HadVersion { get; init; } = true;
}

/// <summary>A port went down, vanished or came back.</summary>
public sealed record PortNote(Side Side, string Name, PortState State) : JournalNote;

/// <summary>A capture ended before it was told to, because its file could not be written.</summary>
/// <param name="Path">The file.</param>
/// <param name="Error">Why, such as a full disk.</param>
/// <param name="Packets">How many packets it holds.</param>
public sealed record CaptureNote(string Path, string Error, long Packets) : JournalNote
{
    /// <summary>What became of it, in a sentence.</summary>
    public override string ToString() => $"the capture ended: {Error}; {Path} holds the {Packets:N0} packets before";
}

/// <summary>
/// What happened on the bridge, until somebody reads it. Bounded: nothing here ever makes the bridge wait, and what did not fit is
/// counted.
/// </summary>
public sealed class BridgeJournal
{
    /// <summary>How many lines a second a rule may log unless told otherwise; five times as many at once.</summary>
    public const int DefaultLogLimit = 100;

    private const int Capacity = 4096;
    private readonly ConcurrentQueue<JournalNote> _notes = new();
    private readonly ConcurrentQueue<LogNote> _logsOfOtherThreads = new();
    private readonly LogRing _ring = new();
    private readonly HandshakeRing _handshakes = new();
    private readonly ConcurrentDictionary<string, LogSource> _sources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LogSource> _sourcesOfOtherThreads = new(StringComparer.Ordinal);
    private readonly Func<string, LogSource> _newSource;
    private readonly LossWatch[] _losses;
    private long _dropped;

    /// <summary>A journal that nobody wrote to yet.</summary>
    /// <param name="logLimit">How many lines a second each rule may log; five times as many at once.</param>
    /// <param name="losses">Where to look for losses.</param>
    internal BridgeJournal(int logLimit = DefaultLogLimit, params LossWatch[] losses)
    {
        _newSource = name => new LogSource(name, logLimit);
        _losses = losses;
    }

    /// <summary>Notes that nobody read in time and that were thrown away, lines of rules that log too much among them.</summary>
    public long Dropped => Volatile.Read(ref _dropped) + _ring.Dropped + _handshakes.Dropped + _sources.Values.Sum(source => source.Skipped)
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
        else if (_handshakes.TryRead(out HandshakeNote? handshake))
        {
            note = handshake;
        }
        else if (News() is { } news)
        {
            note = news;
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

    /// <summary>Adds a completed handshake without allocating. Bridge's thread only.</summary>
    internal void Handshake(in FlowSnapshot flow, in TcpLedger ledger) => _handshakes.Write(flow, ledger);

    /// <summary>Adds a rule's log line without allocating. Bridge's thread only.</summary>
    internal void Log(string rule, ReadOnlySpan<char> message)
    {
        if (_sources.GetOrAdd(rule, _newSource).TryTake(_ring.Free, Stopwatch.GetTimestamp()))
            _ring.Write(rule, message);
    }

    private void Add(LogNote log)
    {
        LogSource source = _sourcesOfOtherThreads.GetOrAdd(log.Rule, _newSource);
        // A rule may have many threads.
        lock (source)
        {
            if (source.TryTake(Capacity - _logsOfOtherThreads.Count, Stopwatch.GetTimestamp()))
                _logsOfOtherThreads.Enqueue(log);
        }
    }

    private static long Skipped(ConcurrentDictionary<string, LogSource> sources, string rule) =>
        sources.TryGetValue(rule, out LogSource? source) ? source.Skipped : 0;

    // Found by looking rather than told: the bridge's thread only counts.
    private JournalNote? News()
    {
        foreach (LossWatch loss in _losses)
        {
            if (loss.TakeNews() is { } lost)
                return lost;
        }

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
