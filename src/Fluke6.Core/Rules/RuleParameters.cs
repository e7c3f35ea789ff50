using System.Collections.Concurrent;
using System.Globalization;

namespace Fluke6.Rules;

/// <summary>
/// The values that <c>--set</c> gave, as one rule sees them: <c>RULE.NAME=VALUE</c> is for that rule alone and goes before
/// <c>NAME=VALUE</c>, which is for all that ask. A rule's numeric prefix may be left out: <c>strip.mss</c> is <c>10-strip</c>'s, too.
/// </summary>
/// <param name="rule">The rule's name.</param>
/// <param name="given">All values, by <c>NAME</c> or <c>RULE.NAME</c>.</param>
/// <param name="note">Is told of each parameter that the rule asks for, and can read where it is given.</param>
internal sealed class RuleParameters(string rule, IReadOnlyDictionary<string, string> given, Action<string> note)
{
    private readonly string _withoutNumber = WithoutNumber(rule);

    // A rule may ask again for every frame.
    private readonly ConcurrentDictionary<string, string> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _asked = new(StringComparer.Ordinal);

    /// <summary>The parameters that the rule asked for so far and what each is, as text. Any thread.</summary>
    public IReadOnlyDictionary<string, string> Asked => _asked;

    /// <summary>The parameter for all rules whose value this one could not read; it may be meant for another. Null if there is none.</summary>
    public string? Misfit { get; private set; }

    /// <summary>All that may stand before the equals sign for the parameters of a rule.</summary>
    public static IEnumerable<string> KeysOf(string rule, IEnumerable<string> names) => names.SelectMany(name => KeysOf(rule, WithoutNumber(rule), name));

    /// <summary>A parameter's value.</summary>
    /// <exception cref="FormatException">What is given for it is not a <typeparamref name="T"/>, or out of the range.</exception>
    /// <exception cref="ArgumentException">The default is out of the range.</exception>
    public T Get<T>(string name, T @default, ParameterRange<T>? range)
        where T : ISpanParsable<T>
    {
        CheckDefault(name, @default, range);
        T value = TryFind(name, out string key, out string text) ? Parse(name, key, text, range) : @default;
        Note(name, key, value);
        return value;
    }

    /// <summary>The values of a parameter that is a list.</summary>
    /// <exception cref="FormatException">Something of what is given for it is not a <typeparamref name="T"/>, or out of the range.</exception>
    /// <exception cref="ArgumentException">Something of the default is out of the range.</exception>
    public T[] Get<T>(string name, T[] @default, ParameterRange<T>? range)
        where T : ISpanParsable<T>
    {
        foreach (T value in @default)
            CheckDefault(name, value, range);
        T[] values = TryFind(name, out string key, out string text)
            ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(item => Parse(name, key, item, range))]
            : @default;
        Note(name, key, values);
        return values;
    }

    // The key is what stands, or would stand, before the equals sign.
    private bool TryFind(string name, out string key, out string text)
    {
        if (!_keys.TryGetValue(name, out key!))
            _keys[name] = key = KeyOf(name);
        return given.TryGetValue(key, out text!);
    }

    // Once for each name: a rule may ask again for every frame.
    private void Note<T>(string name, string key, params ReadOnlySpan<T> values)
    {
        if (_asked.ContainsKey(name))
            return;

        note(key);
        var text = new List<string>(values.Length);
        foreach (T value in values)
            text.Add(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        _asked[name] = string.Join(',', text);
    }

    private T Parse<T>(string name, string key, string text, ParameterRange<T>? range)
        where T : ISpanParsable<T>
    {
        Exception? unreadable = null;
        try
        {
            T value = T.Parse(text, CultureInfo.InvariantCulture);
            if (range is null || range.Value.Contains(value))
                return value;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            unreadable = exception;
        }

        if (key == name)
            Misfit = name;
        throw new FormatException($"--set {key}={text}: {(range is null ? unreadable!.Message : $"{rule} takes {range}")}", unreadable);
    }

    private static void CheckDefault<T>(string name, T value, ParameterRange<T>? range)
    {
        if (range is { } limits && !limits.Contains(value))
            throw new ArgumentException($"Param(\"{name}\"): the default, {value}, is not from {limits}");
    }

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
