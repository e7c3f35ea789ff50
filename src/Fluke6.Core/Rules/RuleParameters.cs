using System.Collections.Concurrent;

namespace Fluke6.Rules;

/// <summary>
/// What <c>--set</c> gave, as one rule sees it: <c>RULE.NAME=VALUE</c> is for that rule alone and goes before <c>NAME=VALUE</c>, which is for
/// all that ask. A rule's numeric prefix may be left out: <c>strip.mss</c> is <c>10-strip</c>'s, too.
/// </summary>
internal sealed class RuleParameters(string rule, IReadOnlyDictionary<string, string> given)
{
    private readonly string _withoutNumber = WithoutNumber(rule);

    // A rule may ask again for every frame.
    private readonly ConcurrentDictionary<string, string> _keys = new(StringComparer.Ordinal);

    /// <summary>What is given for a parameter.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="key">What stands, or would stand, before the equals sign.</param>
    /// <param name="text">The value.</param>
    public bool TryFind(string name, out string key, out string text)
    {
        if (!_keys.TryGetValue(name, out key!))
            _keys[name] = key = KeyOf(name);
        return given.TryGetValue(key, out text!);
    }

    /// <summary>All that may stand before the equals sign for the parameters of a rule.</summary>
    public static IEnumerable<string> KeysOf(string rule, IEnumerable<string> names) => names.SelectMany(name => KeysOf(rule, WithoutNumber(rule), name));

    private static string[] KeysOf(string rule, string withoutNumber, string name) => [$"{rule}.{name}", $"{withoutNumber}.{name}", name];

    private string KeyOf(string name)
    {
        string[] keys = KeysOf(rule, _withoutNumber, name);
        return Array.Find(keys, given.ContainsKey) ?? name;
    }

    private static string WithoutNumber(string rule)
    {
        int digits = rule.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && rule[digits] == '-' ? rule[(digits + 1)..] : rule;
    }
}
