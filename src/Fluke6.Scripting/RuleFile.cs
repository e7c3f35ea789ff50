using Fluke6.Rules;

namespace Fluke6.Scripting;

/// <summary>One rule of a <see cref="RuleSet"/>: its file, the version that runs, and what became of the last attempt to load it.</summary>
internal sealed class RuleFile(string path)
{
    private IReadOnlyDictionary<string, FileFingerprint> _running = new Dictionary<string, FileFingerprint>();
    private IReadOnlyDictionary<string, FileFingerprint> _attempted = new Dictionary<string, FileFingerprint> { [path] = FileFingerprint.Missing };
    private DateTime? _emptySince;

    public string Path => path;

    public string Name { get; } = System.IO.Path.GetFileNameWithoutExtension(path);

    /// <summary>In the chain.</summary>
    public RuleEntry? Entry { get; private set; }

    /// <summary>The version that runs.</summary>
    public LoadedRule? Loaded { get; private set; }

    /// <summary>What is wrong with the file; empty if nothing is.</summary>
    public IReadOnlyList<RuleDiagnostic> Diagnostics { get; private set; } = [];

    /// <summary>Whether the user switched the rule off. Survives reloads.</summary>
    public bool Disabled { get; private set; }

    /// <summary>Every file that the last attempt asked for.</summary>
    public IEnumerable<string> Files => _attempted.Keys;

    /// <summary>What the files hold now, as far as it is not what the last attempt found.</summary>
    /// <param name="thorough">Whether to read files whose length and time are as they were.</param>
    public IReadOnlyDictionary<string, FileFingerprint> Changes(bool thorough)
    {
        var changes = new Dictionary<string, FileFingerprint>();
        foreach ((string file, FileFingerprint before) in _attempted)
        {
            FileFingerprint now = FileFingerprint.Of(file, thorough ? null : before);
            // A rule that was taken out gets another chance when its file is saved, even if as it was.
            if (!now.SameContent(before) || (Entry?.State == RuleState.Bypassed && now.LastWrite != before.LastWrite))
                changes[file] = now;
        }

        return changes;
    }

    /// <summary>
    /// Whether the file has been empty, or gone, for so long that it is meant: an editor that truncates or replaces it is through by then.
    /// </summary>
    public bool HasSettled(bool empty, TimeSpan grace)
    {
        if (!empty)
        {
            _emptySince = null;
            return true;
        }

        _emptySince ??= DateTime.UtcNow;
        return DateTime.UtcNow - _emptySince >= grace;
    }

    /// <summary>Whether the files hold what they held when the version that runs was compiled.</summary>
    public bool HoldsRunningVersion() =>
        Loaded is not null && Entry!.State != RuleState.Bypassed
        && _running.All(file => FileFingerprint.Of(file.Key).SameContent(file.Value));

    /// <summary>Notes what an attempt found, whatever comes of it.</summary>
    public void Attempt(CompiledRule compiled) => _attempted = compiled.Fingerprints;

    /// <summary>The attempt came to nothing: the version that runs, if any, runs on.</summary>
    public void Fail(IReadOnlyList<RuleDiagnostic> diagnostics, RuleCounters counters)
    {
        Diagnostics = diagnostics;
        Entry ??= new RuleEntry(Name, null, null, counters) { Disabled = Disabled };
        Entry.MarkStale();
    }

    /// <summary>The files hold again what runs.</summary>
    public void Mend()
    {
        Diagnostics = [];
        _attempted = _running;
        Entry!.MarkLive();
    }

    /// <summary>Another version takes over.</summary>
    /// <returns>The one before, to be unloaded when the bridge has left it.</returns>
    public LoadedRule? Adopt(LoadedRule loaded, CompiledRule compiled, RuleCounters counters)
    {
        LoadedRule? before = Loaded;
        Loaded = loaded;
        Diagnostics = compiled.Diagnostics;
        _running = compiled.Fingerprints;
        Entry = new RuleEntry(Name, loaded.Rule, loaded.Globals, counters) { Disabled = Disabled };
        return before;
    }

    public void SetDisabled(bool disabled)
    {
        Disabled = disabled;
        if (Entry is { } entry)
            entry.Disabled = disabled;
    }
}
