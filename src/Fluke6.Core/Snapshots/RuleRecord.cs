using System.Text.Json.Serialization;

namespace Fluke6.Snapshots;

/// <summary>A rule at one moment: how it stands and what it did.</summary>
internal sealed record RuleRecord
{
    /// <summary>What <see cref="State"/> may be: the file's version runs; it cannot be loaded, and the version before runs, or none does; the
    /// rule was taken out after faults; somebody switched it off.</summary>
    public const string Live = "live", Stale = "stale", Failed = "failed", Bypassed = "bypassed", Disabled = "disabled";

    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    /// <summary>Its name: its file's, without the extension.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>One of the states above.</summary>
    public string State { get => field ?? ""; init; }

    /// <summary>Why it is bypassed or disabled, if a fault is.</summary>
    public string? Reason { get; init; }

    /// <summary>Which frames it is asked about, as the rule wrote it; null if about all.</summary>
    public string? Guard { get; init; }

    /// <summary>Frames that came to it.</summary>
    public long Seen { get; init; }

    /// <summary>Frames that its guard held for; null without a guard.</summary>
    public long? GuardMatched { get; init; }

    /// <summary>Its guards, where it has several, that held for no frame yet.</summary>
    public IReadOnlyList<string> GuardsNeverHeld { get => field ?? []; init; }

    /// <summary>Frames that it changed, decided about, sent something for, or counted.</summary>
    public long Hits { get; init; }

    /// <summary>Frames that it changed.</summary>
    public long Rewritten { get; init; }

    /// <summary>Frames that it dropped.</summary>
    public long Dropped { get; init; }

    /// <summary>Frames that it sent.</summary>
    public long Sent { get; init; }

    /// <summary>Frames and timers that it threw at or overran.</summary>
    public long Faults { get; init; }

    /// <summary>Nanoseconds that it takes for a frame; null until one was measured.</summary>
    public double? MeanNanoseconds { get; init; }

    /// <summary>Frames that it held so far.</summary>
    public long Held { get; init; }

    /// <summary>Frames that it holds now.</summary>
    public long Holding { get; init; }

    /// <summary>Frames that were dropped as there was no room to hold them.</summary>
    public long HoldRefused { get; init; }

    /// <summary>Frames that went on before their time, since the bridge stopped.</summary>
    public long ReleasedEarly { get; init; }

    /// <summary>Lines of its log that were thrown away.</summary>
    public long LinesSkipped { get; init; }

    /// <summary>What its impairments did; null if it made none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ImpairmentRecord>? Impairments { get; init; }

    /// <summary>What became of the TCP connections that it rewrites; null if it rewrote none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StreamsRecord? Streams { get; init; }

    /// <summary>The lines of its impairments' figures and of its streams', for a person.</summary>
    [JsonIgnore]
    public IEnumerable<string> Work => (Impairments ?? []).SelectMany(ImpairmentText.Lines).Concat(Streams?.Lines() ?? []);

    /// <summary>Frames whose time was measured, about one in 251.</summary>
    public long Timed { get; init; }

    /// <summary>Nanoseconds of all those together.</summary>
    public double TimedNanoseconds { get; init; }

    /// <summary>When it last hit, in UTC, to a quarter of a second; null if it never did.</summary>
    public DateTime? LastHit { get; init; }

    /// <summary>Its file; null if it has none any more.</summary>
    public string? Path { get; init; }

    /// <summary>The parameters that it asked for so far, and what each is.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get => field ?? s_none; init; }

    /// <summary>The problems of its file.</summary>
    public IReadOnlyList<RuleProblem> Problems { get => field ?? []; init; }

    /// <summary>Its last fault; null if there was none.</summary>
    public FaultRecord? LastFault { get; init; }

    /// <summary>Threads that it did not give back and that have not ended.</summary>
    public int ThreadsLeftBehind { get; init; }

    /// <summary>Its figures that can be counted from zero.</summary>
    [JsonIgnore]
    public RuleTotals Totals => new()
    {
        Name = Name,
        Seen = Seen,
        GuardMatched = GuardMatched ?? 0,
        Hits = Hits,
        Rewritten = Rewritten,
        Dropped = Dropped,
        Sent = Sent,
        Faults = Faults,
        Timed = Timed,
        TimedNanoseconds = TimedNanoseconds,
    };
}

/// <summary>A rule's figures, counted from some moment on. As in <see cref="RuleRecord"/>.</summary>
internal sealed record RuleTotals
{
    /// <summary>The rule.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>As in <see cref="RuleRecord.Seen"/>.</summary>
    public long Seen { get; init; }

    /// <summary>As in <see cref="RuleRecord.GuardMatched"/>; 0 without a guard.</summary>
    public long GuardMatched { get; init; }

    /// <summary>As in <see cref="RuleRecord.Hits"/>.</summary>
    public long Hits { get; init; }

    /// <summary>As in <see cref="RuleRecord.Rewritten"/>.</summary>
    public long Rewritten { get; init; }

    /// <summary>As in <see cref="RuleRecord.Dropped"/>.</summary>
    public long Dropped { get; init; }

    /// <summary>As in <see cref="RuleRecord.Sent"/>.</summary>
    public long Sent { get; init; }

    /// <summary>As in <see cref="RuleRecord.Faults"/>.</summary>
    public long Faults { get; init; }

    /// <summary>As in <see cref="RuleRecord.Timed"/>.</summary>
    public long Timed { get; init; }

    /// <summary>As in <see cref="RuleRecord.TimedNanoseconds"/>.</summary>
    public double TimedNanoseconds { get; init; }

    /// <summary>How long the rule takes for a frame, of those that were measured; 0 if none was.</summary>
    [JsonIgnore]
    public double MeanNanoseconds => Timed == 0 ? 0 : Math.Max(0, TimedNanoseconds / Timed);

    /// <summary>What came since others were counted.</summary>
    public RuleTotals Since(RuleTotals before) => this with
    {
        Seen = Seen - before.Seen,
        GuardMatched = GuardMatched - before.GuardMatched,
        Hits = Hits - before.Hits,
        Rewritten = Rewritten - before.Rewritten,
        Dropped = Dropped - before.Dropped,
        Sent = Sent - before.Sent,
        Faults = Faults - before.Faults,
        Timed = Timed - before.Timed,
        TimedNanoseconds = TimedNanoseconds - before.TimedNanoseconds,
    };
}

/// <summary>Something wrong with a rule's file.</summary>
/// <param name="File">The file, relative to the rule's folder: the rule's own, or one that it loads.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="IsError">Whether the rule cannot run because of it.</param>
/// <param name="Message">Number and sentence, such as <c>CS1002: ; expected</c>.</param>
internal sealed record RuleProblem(string File, int Line, int Column, bool IsError, string Message);

/// <summary>A rule's fault.</summary>
/// <param name="Message">The exception's type and message, or that the rule did not return.</param>
/// <param name="At">File and line in the script, such as <c>10-x.csx:4</c>; null if not known.</param>
internal sealed record FaultRecord(string Message, string? At);

/// <summary>Whether any frame had a layer, as far as flows and neighbours tell.</summary>
/// <param name="Layer">Such as Tcp.</param>
/// <param name="Argument">The script's argument before the view, such as a port; may be empty.</param>
/// <param name="Has">null if that is not kept.</param>
/// <param name="By">The sign that it was told by, if not every such layer shows it; may be empty.</param>
internal sealed record LayerRecord(string Layer, string Argument, bool? Has, string By);
