using System.Collections.Concurrent;
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
    private const int Capacity = 4096;
    private readonly ConcurrentQueue<JournalNote> _notes = new();
    private readonly LogRing _ring = new();
    private readonly HandshakeRing _handshakes = new();
    private long _dropped;

    /// <summary>Notes that nobody read in time and that were thrown away.</summary>
    public long Dropped => Volatile.Read(ref _dropped) + _ring.Dropped + _handshakes.Dropped;

    /// <summary>Takes the next note; false if there is none. One reader at a time.</summary>
    public bool TryRead(out JournalNote note)
    {
        if (_notes.TryDequeue(out note!))
            return true;

        if (_ring.TryRead(out LogNote? log))
        {
            note = log;
            return true;
        }

        if (_handshakes.TryRead(out HandshakeNote? handshake))
        {
            note = handshake;
            return true;
        }

        return false;
    }

    /// <summary>Adds a note. From any thread; allocates, so not for the frame path.</summary>
    internal void Add(JournalNote note)
    {
        if (_notes.Count < Capacity)
            _notes.Enqueue(note);
        else
            Interlocked.Increment(ref _dropped);
    }

    /// <summary>Adds a completed handshake without allocating. Bridge's thread only.</summary>
    internal void Handshake(in FlowSnapshot flow, in TcpLedger ledger) => _handshakes.Write(flow, ledger);

    /// <summary>Adds a rule's log line without allocating. Bridge's thread only.</summary>
    internal void Log(string rule, ReadOnlySpan<char> message) => _ring.Write(rule, message);
}
