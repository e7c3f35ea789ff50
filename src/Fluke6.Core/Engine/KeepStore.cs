using System.Collections.Concurrent;
using Fluke6.Rules;

namespace Fluke6.Engine;

/// <summary>What rules keep across reloads, by rule and key.</summary>
internal sealed class KeepStore
{
    private readonly ConcurrentDictionary<(string Rule, string Key), Kept> _kept = new();

    /// <summary>What was kept, or a new one where nothing was, or where the kept object is of another type.</summary>
    /// <param name="replaced">Whether an object of another type was given up.</param>
    public T Keep<T>(RuleContext rule, string key, Func<T> create, out bool replaced)
        where T : class
    {
        replaced = false;
        if (_kept.TryGetValue((rule.Name, key), out Kept? kept))
        {
            if (kept.Value is T same)
                return same;
            replaced = true;
        }

        T created = create();
        // A type that the script declares, and with it the whole version of the script, lives as long as an object of it.
        _kept[(rule.Name, key)] = new Kept(created, created.GetType().IsCollectible ? rule : null);
        return created;
    }

    /// <summary>Forgets what only this version of a rule can use, so that it can be unloaded.</summary>
    public void Forget(RuleContext rule)
    {
        foreach (KeyValuePair<(string Rule, string Key), Kept> kept in _kept)
        {
            if (kept.Value.OnlyFor == rule)
                _kept.TryRemove(kept);
        }
    }

    private sealed record Kept(object Value, RuleContext? OnlyFor);
}
