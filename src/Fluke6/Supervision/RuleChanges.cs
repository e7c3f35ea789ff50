namespace Fluke6.Command.Supervision;

/// <summary>
/// What watchers changed about the rules of a bridge, for the bridge after it: parameters that have other values, and rules that are off.
/// Any thread.
/// </summary>
/// <param name="text">Those of the bridge before, as <see cref="ToString"/> wrote them; null or empty for none.</param>
internal sealed class RuleChanges(string? text = null)
{
    private const char Separator = '\n', Assignment = '=';
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, string> _parameters = new(
        Lines(text).Where(line => line.Contains(Assignment)).Select(line => line.Split(Assignment, 2)).ToDictionary(parts => Read(parts[0]), parts => Read(parts[1])),
        StringComparer.Ordinal);

    private readonly SortedSet<string> _off = new(Lines(text).Where(line => !line.Contains(Assignment)).Select(Read), StringComparer.Ordinal);

    /// <summary>Told of all changes after each.</summary>
    public Action<string>? Changed { get; set; }

    /// <summary>The parameters, as after <c>--set</c>.</summary>
    public IReadOnlyDictionary<string, string> Parameters
    {
        get
        {
            lock (_lock)
                return new Dictionary<string, string>(_parameters);
        }
    }

    /// <summary>The rules that are off.</summary>
    public IReadOnlyList<string> Off
    {
        get
        {
            lock (_lock)
                return [.. _off];
        }
    }

    /// <summary>A parameter has another value.</summary>
    public void Set(string rule, string name, string value)
    {
        lock (_lock)
        {
            _parameters[$"{rule}.{name}"] = value;
            Changed?.Invoke(ToString());
        }
    }

    /// <summary>A rule was switched off, or on.</summary>
    public void Switch(string rule, bool off)
    {
        lock (_lock)
        {
            if (off ? _off.Add(rule) : _off.Remove(rule))
                Changed?.Invoke(ToString());
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_lock)
            return string.Join(Separator, [.. _parameters.Select(one => $"{Written(one.Key)}{Assignment}{Written(one.Value)}"), .. _off.Select(Written)]);
    }

    private static string[] Lines(string? text) => (text ?? "").Split(Separator, StringSplitOptions.RemoveEmptyEntries);

    private static string Written(string text) => Uri.EscapeDataString(text);

    private static string Read(string text) => Uri.UnescapeDataString(text);
}
