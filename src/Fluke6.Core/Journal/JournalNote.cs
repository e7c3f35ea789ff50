using Fluke6.Ports;

namespace Fluke6.Journal;

/// <summary>Something that happened on the bridge, for whoever reports it.</summary>
internal abstract record JournalNote
{
    /// <summary>When, in UTC.</summary>
    public DateTimeOffset Time { get; init; } = DateTimeOffset.UtcNow;
}

/// <summary>A rule logged a line.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Message">Its text.</param>
internal sealed record LogNote(string Rule, string Message) : JournalNote;

/// <summary>Lines of a rule's log that are missing, since it logs more than it may.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Lines">How many are missing since this was said last.</param>
/// <param name="LinesPerSecond">How many a second it may log.</param>
internal sealed record SkippedNote(string Rule, long Lines, int LinesPerSecond) : JournalNote
{
    /// <summary>The number of missing lines, in a sentence.</summary>
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
internal sealed record LossNote(Side Side, string Name, string Direction, string Reason, long Frames, string Advice) : JournalNote
{
    /// <summary>The loss, in a sentence.</summary>
    public override string ToString() => $"{(Direction == "rx" ? "frames from" : "frames to")} {Name} are lost: {Advice}";
}

/// <summary>A rule threw or did not return.</summary>
internal sealed record FaultNote(RuleFault Fault) : JournalNote;

/// <summary>A rule's file is new or changed and was loaded, or could not be.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Ok">Whether the file's version now runs; otherwise the last good one does, if there is one.</param>
/// <param name="Milliseconds">From the file's change until this.</param>
/// <param name="Diagnostics">The problems, one line each; empty if there are none.</param>
internal sealed record ReloadNote(string Rule, bool Ok, double Milliseconds, IReadOnlyList<string> Diagnostics) : JournalNote
{
    /// <summary>Whether a version of the rule ran before: otherwise this is its first load, and nothing of it runs where that failed.</summary>
    public bool HadVersion { get; init; } = true;
}

/// <summary>A port went down, vanished or came back.</summary>
internal sealed record PortNote(Side Side, string Name, PortState State) : JournalNote;

/// <summary>A capture ended before it was told to, because its file could not be written, or at its limit.</summary>
/// <param name="Path">The file.</param>
/// <param name="Error">Why it could not be written, such as a full disk; null at its limit.</param>
/// <param name="Packets">How many packets it holds.</param>
internal sealed record CaptureNote(string Path, string? Error, long Packets) : JournalNote
{
    /// <summary>The event, in a sentence.</summary>
    public override string ToString() => Error is null
        ? $"the capture came to its limit: {Path} holds {Packets:N0} {(Packets == 1 ? "packet" : "packets")}"
        : $"the capture ended: {Error}; {Path} holds the {Packets:N0} packets before";
}

/// <summary>Frames that the bridge sent come back, or have ceased to.</summary>
/// <param name="Left">The left interface's name.</param>
/// <param name="Right">The right interface's name.</param>
/// <param name="Frames">How many came back within a second; 0 when it is over.</param>
internal sealed record LoopNote(string Left, string Right, int Frames) : JournalNote
{
    /// <summary>The meaning, and the remedy, in a sentence.</summary>
    public override string ToString() => Frames == 0
        ? $"no frame came back to {Left} or {Right} for 10 s: the loop is gone"
        : $"{Left} and {Right} are connected outside of this bridge, too: {Frames:N0} frames that it sent came back within a second, and such frames "
            + "are dropped from now on; take one of the two out of the switch or bridge that joins them (--loop-limit 0 lets frames circle)";
}

/// <summary>The bridge began where one before it had ended by itself.</summary>
/// <param name="Reason">How that one ended, in a sentence.</param>
/// <param name="Rule">The rule that it ended in; null if it is not known.</param>
/// <param name="Outage">For how long no frame was forwarded.</param>
/// <param name="Restarts">How many bridges there were before.</param>
internal sealed record RestartNote(string Reason, string? Rule, TimeSpan Outage, int Restarts) : JournalNote
{
    /// <summary>The line that the rule was at, such as <c>10-x.csx:4</c>; null if it is not known.</summary>
    public string? At { get; init; }

    /// <summary>The event, in a sentence.</summary>
    public override string ToString() => FormattableString.Invariant($"forwarding again after {Outage.TotalSeconds:0.0} s without; {Reason}");
}
