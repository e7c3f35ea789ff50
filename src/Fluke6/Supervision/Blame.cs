using Fluke6.Scripting;

namespace Fluke6.Command.Supervision;

/// <summary>Which rules ended bridges, and how long to wait before the next one begins.</summary>
/// <param name="paths">Where the rules are.</param>
internal sealed class Blame(IReadOnlyList<string> paths)
{
    private const int Limit = 2;
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);
    // A bridge that ran for so long owes nothing to those before it.
    private static readonly TimeSpan s_longEnough = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Deed> _deeds = [];
    private TimeSpan _wait;

    /// <summary>Notes that a rule ended a bridge.</summary>
    /// <returns>Whether it did so before and is held back from now on.</returns>
    public bool Add(Obituary obituary)
    {
        if (obituary.Rule is not { } rule)
            return false;

        DateTime saved = LastSaved(rule);
        int before = _deeds.TryGetValue(rule, out Deed? deed) && deed.Saved == saved ? deed.Count : 0;
        _deeds[rule] = new Deed(before + 1, saved, obituary.Sentence);
        return before + 1 >= Limit;
    }

    /// <summary>The rules that are not to be loaded, and why: those that nobody saved anew since they ended bridges.</summary>
    public IReadOnlyDictionary<string, string> HeldBack() => _deeds
        .Where(deed => deed.Value.Count >= Limit && deed.Value.Saved == LastSaved(deed.Key))
        .ToDictionary(deed => deed.Key, deed => $"it ended the bridge {deed.Value.Count} times; the last time, {deed.Value.Sentence}");

    /// <summary>How long to wait before the next bridge begins: not at all after one that ran for long.</summary>
    /// <param name="ran">How long the last one forwarded.</param>
    public TimeSpan Backoff(TimeSpan ran)
    {
        TimeSpan wait = ran >= s_longEnough ? TimeSpan.Zero : _wait;
        _wait = wait == TimeSpan.Zero ? s_first : wait * 2 < s_longest ? wait * 2 : s_longest;
        return wait;
    }

    private DateTime LastSaved(string rule) =>
        RulePaths.Find(paths, out _).FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == rule) is { } file
            ? File.GetLastWriteTimeUtc(file) : default;

    private sealed record Deed(int Count, DateTime Saved, string Sentence);
}
