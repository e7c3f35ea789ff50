using Fluke6.Scripting;

namespace Fluke6.Command.Supervision;

/// <summary>Which rules ended bridges, and how long to wait before the next one begins.</summary>
/// <param name="paths">Where the rules are.</param>
internal sealed class Blame(IReadOnlyList<string> paths)
{
    private const int Limit = 2;

    // Once or twice, a bridge that is killed from outside is at the same line by chance.
    private const int KillLimit = 3;

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);
    // A bridge that ran for so long owes nothing to those before it.
    private static readonly TimeSpan s_longEnough = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Deed> _deeds = [];
    private (string Rule, string? At, DateTime Saved) _suspect;
    private int _kills;
    private TimeSpan _wait;

    /// <summary>Notes that a rule ended a bridge.</summary>
    /// <returns>The rules that are held back from now on: one that did so before, or those that would only leave further threads behind.</returns>
    public IReadOnlyList<string> Add(Obituary obituary)
    {
        foreach (string left in obituary.LeftBehindBy)
            _deeds[left] = new Deed(Limit, LastSaved(left), "the bridge had to be restarted to end threads that it left behind");
        if (IsConvicted(obituary.Suspect))
            return [obituary.Suspect!.Value.Rule];
        if (obituary.Rule is not { } rule)
            return obituary.LeftBehindBy;

        DateTime saved = LastSaved(rule);
        int count = 1 + (_deeds.TryGetValue(rule, out Deed? deed) && deed.Saved == saved ? deed.Count : 0);
        _deeds[rule] = new Deed(count, saved, $"it ended the bridge {count} times; the last time, {obituary.Sentence}");
        return count >= Limit ? [rule] : [];
    }

    /// <summary>The rules that are not to be loaded, and why: those that nobody saved anew since they ended bridges.</summary>
    public IReadOnlyDictionary<string, string> HeldBack() => _deeds
        .Where(deed => deed.Value.Count >= Limit && deed.Value.Saved == LastSaved(deed.Key))
        .ToDictionary(deed => deed.Key, deed => deed.Value.Why);

    /// <summary>How long to wait before the next bridge begins: not at all after one that ran for long.</summary>
    /// <param name="ran">How long the last one forwarded.</param>
    public TimeSpan Backoff(TimeSpan ran)
    {
        TimeSpan wait = ran >= s_longEnough ? TimeSpan.Zero : _wait;
        _wait = wait == TimeSpan.Zero ? s_first : wait * 2 < s_longest ? wait * 2 : s_longest;
        return wait;
    }

    // A rule may kill its own process, which looks as if somebody else had.
    private bool IsConvicted((string Rule, string? At)? suspect)
    {
        if (suspect is not var (rule, at))
        {
            _kills = 0;
            return false;
        }

        DateTime saved = LastSaved(rule);
        _kills = _suspect == (rule, at, saved) ? _kills + 1 : 1;
        _suspect = (rule, at, saved);
        if (_kills < KillLimit)
            return false;

        _deeds[rule] = new Deed(Limit, saved, $"the bridge was killed {_kills} times in a row while it was at {at ?? "work"}");
        return true;
    }

    private DateTime LastSaved(string rule) =>
        RulePaths.Find(paths, out _).FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == rule) is { } file
            ? File.GetLastWriteTimeUtc(file) : default;

    private sealed record Deed(int Count, DateTime Saved, string Why);
}
