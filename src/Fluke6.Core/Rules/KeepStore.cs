using System.Collections.Concurrent;

namespace Fluke6.Rules;

/// <summary>What rules keep across reloads, by rule and key.</summary>
internal sealed class KeepStore
{
    private readonly ConcurrentDictionary<(string Rule, string Key), object> _kept = new();

    /// <summary>What was kept, or a new one where nothing was, or where the kept object is of another type.</summary>
    /// <param name="replaced">Whether an object of another type was given up.</param>
    public T Keep<T>(string rule, string key, Func<T> create, out bool replaced)
        where T : class
    {
        replaced = false;
        if (_kept.TryGetValue((rule, key), out object? kept))
        {
            if (kept is T same)
                return same;
            replaced = true;
        }

        T created = create();
        _kept[(rule, key)] = created;
        return created;
    }
}
