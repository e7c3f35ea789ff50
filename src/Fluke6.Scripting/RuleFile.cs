using System.Diagnostics;
using Fluke6.Engine;
using Fluke6.Journal;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting;

/// <summary>
/// One rule of a <see cref="RuleSet"/>: its file, the version that runs, and what became of the last attempt to load it. Guarded by the
/// set's lock; nothing here takes time.
/// </summary>
internal sealed class RuleFile(string path)
{
    private static readonly IReadOnlyDictionary<string, FileFingerprint> s_nothing = new Dictionary<string, FileFingerprint>();

    private IReadOnlyDictionary<string, FileFingerprint> _running = s_nothing;
    private IReadOnlyDictionary<string, FileFingerprint> _attempted = new Dictionary<string, FileFingerprint> { [path] = FileFingerprint.Missing };
    private IReadOnlyList<RuleDiagnostic> _attemptDiagnostics = [];
    private bool _attemptFailed;
    private RuleDiagnostic? _trouble;
    private bool _troubleOfFolder;
    private long? _emptySince;
    private long? _absentSince;

    public string Path => path;

    public string Name { get; } = System.IO.Path.GetFileNameWithoutExtension(path);

    /// <summary>Which file it was when it was listed last.</summary>
    public RuleLocation Location { get; set; }

    /// <summary>In the chain.</summary>
    public RuleEntry? Entry { get; private set; }

    /// <summary>The version that runs.</summary>
    public LoadedRule? Loaded { get; private set; }

    /// <summary>The parameters that the version that runs may ask for; null if nobody knows.</summary>
    public IReadOnlyList<string>? ParameterNames { get; private set; }

    /// <summary>The newest attempt to load it, while that takes; an older one comes to nothing.</summary>
    public RuleLoad? Pending { get; private set; }

    /// <summary>Attempts that have not returned yet, superseded ones among them.</summary>
    public int AttemptsUnderWay { get; set; }

    /// <summary>The rule whose file was given this one's name; it leaves when this one runs.</summary>
    public RuleFile? RenamedFrom { get; set; }

    /// <summary>The problems of the file; empty if there are none. Any thread.</summary>
    public IReadOnlyList<RuleDiagnostic> Diagnostics => _trouble is null ? _attemptDiagnostics : [_trouble, .. _attemptDiagnostics];

    /// <summary>Whether the user switched the rule off. Survives reloads.</summary>
    public bool Disabled { get; private set; }

    /// <summary>Whether nobody is to load the rule before its file is saved anew.</summary>
    public bool IsHeldBack { get; private set; }

    /// <summary>Changes with every attempt: what was looked at before is then not to be held against what is known now.</summary>
    public int Revision { get; private set; }

    /// <summary>The files that the newest attempt began with, or asked for, and what they held.</summary>
    public IReadOnlyDictionary<string, FileFingerprint> Known => Pending?.Basis ?? _attempted;

    /// <summary>Those, and the files of the version that runs.</summary>
    public IReadOnlyDictionary<string, FileFingerprint> Watched
    {
        get
        {
            var files = new Dictionary<string, FileFingerprint>(_running, StringComparer.Ordinal);
            foreach ((string file, FileFingerprint fingerprint) in Known)
                files[file] = fingerprint;
            return files;
        }
    }

    /// <summary>Whether the last attempt failed, and nothing runs that its files hold.</summary>
    public bool AttemptFailed => _attemptFailed;

    /// <summary>Whether the newest version that anybody loads or runs is not of files that hold this.</summary>
    public bool DiffersFrom(IReadOnlyDictionary<string, FileFingerprint> now)
    {
        if (Entry is null && Pending is null)
            return true;

        foreach ((string file, FileFingerprint before) in Known)
        {
            FileFingerprint current = now[file];
            // A rule that was taken out gets another chance when its file is saved, even if as it was.
            if (!current.SameContent(before)
                || (Pending is null && Entry!.State == RuleState.Bypassed && before.Trouble is null && current.LastWrite != before.LastWrite))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Notes that files hold the same as before, however new they are: they need not be read again.</summary>
    public void Refresh(IReadOnlyDictionary<string, FileFingerprint> now)
    {
        if (Pending is null)
            _attempted = _attempted.Keys.ToDictionary(file => file, file => now[file]);
    }

    /// <summary>
    /// Whether the files are worth loading: a file that has been empty for a moment only is being written by an editor that truncates it.
    /// </summary>
    public bool HasSettled(bool empty, TimeSpan grace) => HasLasted(empty, grace, ref _emptySince);

    /// <summary>Whether the folder lacked the file at the last look.</summary>
    public bool IsAbsent => _absentSince is not null;

    /// <summary>Whether the folder has lacked the file for so long that it is meant, rather than being replaced.</summary>
    public bool IsGoneForGood(bool absent, TimeSpan grace) => HasLasted(absent, grace, ref _absentSince) && absent;

    /// <summary>Whether the files hold what they held when the version that runs was compiled.</summary>
    public bool HoldsRunningVersion(IReadOnlyDictionary<string, FileFingerprint> now) =>
        Loaded is not null && Entry!.State != RuleState.Bypassed
        && _running.All(file => now.TryGetValue(file.Key, out FileFingerprint current) && current.SameContent(file.Value));

    /// <summary>Begins an attempt; one that is under way is superseded.</summary>
    public void Begin(RuleLoad load)
    {
        Pending = load;
        IsHeldBack = false;
        Revision++;
        AttemptsUnderWay++;
    }

    /// <summary>The attempt came to nothing for a reason that is not the file's: all is as before it.</summary>
    public void Abandon() => End();

    /// <summary>
    /// Says that the file cannot be read, or can be again: meanwhile the version that runs, if any, runs on.
    /// </summary>
    /// <param name="trouble">The problem; null if there is none any more.</param>
    /// <param name="ofFolder">Whether that is its folder's trouble rather than its own.</param>
    /// <param name="counters">The rule's.</param>
    /// <returns>Whether that is news about this rule, and not only about its folder.</returns>
    public bool SetTrouble(RuleDiagnostic? trouble, bool ofFolder, RuleCounters counters)
    {
        if (_trouble == trouble)
            return false;

        if (trouble is not null)
            _troubleOfFolder = ofFolder;
        _trouble = trouble;
        if (trouble is not null)
            Entry ??= new RuleEntry(Name, null, null, counters) { Disabled = Disabled };
        Mark();
        return !_troubleOfFolder;
    }

    /// <summary>The attempt came to nothing: the version that runs, if any, runs on.</summary>
    public void Fail(IReadOnlyDictionary<string, FileFingerprint>? attempted, IReadOnlyList<RuleDiagnostic> diagnostics, RuleCounters counters)
    {
        _attempted = attempted ?? Known;
        End();
        _attemptDiagnostics = diagnostics;
        _attemptFailed = true;
        Entry ??= new RuleEntry(Name, null, null, counters) { Disabled = Disabled };
        Mark();
    }

    /// <summary>
    /// The rule is listed as switched off, and not loaded: no line of it runs. Where a filter is not to open because it broke, it counts as
    /// taken out instead, and what it would have been asked about is dropped.
    /// </summary>
    public void HoldBack(string reason, FileFingerprint file, RuleCounters counters, FaultPolicy policy)
    {
        IsHeldBack = true;
        _attempted = new Dictionary<string, FileFingerprint> { [path] = file };
        bool drops = policy == FaultPolicy.Drop;
        Entry = new RuleEntry(Name, drops ? (ref _) => Verdict.Drop : null, null, counters)
        {
            Disabled = !drops,
            LastFault = new RuleFault(Name, reason, null, Bypassed: true),
        };
        if (drops)
            Entry.Bypass(policy);
    }

    /// <summary>
    /// Whatever the rule would be asked about is dropped until it can be loaded: it never was, and a filter is not to open for that.
    /// </summary>
    public void DropInstead(RuleCounters counters) =>
        Entry = new RuleEntry(Name, (ref _) => Verdict.Drop, null, counters) { Disabled = Disabled, StandsIn = true };

    /// <summary>The files hold again what runs.</summary>
    public void Mend(IReadOnlyDictionary<string, FileFingerprint> now)
    {
        End();
        _trouble = null;
        _attemptDiagnostics = [];
        _attemptFailed = false;
        _attempted = _running.ToDictionary(file => file.Key, file => now[file.Key]);
        Mark();
    }

    /// <summary>Another version takes over.</summary>
    /// <returns>The one before, to be unloaded when the bridge has left it.</returns>
    public LoadedRule? Adopt(LoadedRule loaded, CompiledRule compiled, IReadOnlyList<RuleDiagnostic> warnings, RuleCounters counters)
    {
        LoadedRule? before = Loaded;
        End();
        Loaded = loaded;
        ParameterNames = compiled.Parameters?.Select(parameter => parameter.Name).ToArray();
        _trouble = null;
        _attemptDiagnostics = [.. compiled.Diagnostics, .. warnings];
        _attemptFailed = false;
        _attempted = _running = compiled.Fingerprints;
        Entry = new RuleEntry(Name, loaded.Rule, loaded.Globals, counters) { Disabled = Disabled };
        return before;
    }

    public void SetDisabled(bool disabled)
    {
        Disabled = disabled;
        if (Entry is { } entry)
            entry.Disabled = disabled;
    }

    private void End()
    {
        Pending = null;
        Revision++;
    }

    private void Mark()
    {
        if (_attemptFailed || _trouble is not null)
            Entry?.MarkStale();
        else
            Entry?.MarkLive();
    }

    // By a clock that nobody sets, and anew each time.
    private static bool HasLasted(bool state, TimeSpan grace, ref long? since)
    {
        if (!state)
        {
            since = null;
            return true;
        }

        since ??= Stopwatch.GetTimestamp();
        return Stopwatch.GetElapsedTime(since.Value) >= grace;
    }
}
