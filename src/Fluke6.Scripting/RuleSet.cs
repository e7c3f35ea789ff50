using System.Diagnostics;
using Fluke6.Rules;

namespace Fluke6.Scripting;

/// <summary>
/// The scripts behind a bridge's chain: loads them, and, once <see cref="Watch"/> is called, loads each anew when its file changes. Every
/// method may be called from any thread; those that compile take their time.
/// </summary>
public sealed partial class RuleSet : IDisposable
{
    private readonly Bridge _bridge;
    private readonly IReadOnlyList<string> _paths;
    private readonly IReadOnlyDictionary<string, string> _parameters;
    private readonly Lock _lock = new();
    private readonly List<RuleFile> _rules = [];
    private readonly Dictionary<string, RuleCounters> _counters = new(StringComparer.Ordinal);
    private IReadOnlyList<RuleDiagnostic> _pathDiagnostics = [];

    /// <summary>The scripts at these paths, for one bridge.</summary>
    /// <param name="bridge">Where their chain is published.</param>
    /// <param name="paths">Files and folders, as in <see cref="RulePaths.Find"/>.</param>
    /// <param name="parameters">What <c>--set NAME=VALUE</c> gave.</param>
    public RuleSet(Bridge bridge, IEnumerable<string> paths, IReadOnlyDictionary<string, string>? parameters = null)
    {
        _bridge = bridge;
        _paths = [.. paths.Select(Path.GetFullPath)];
        _parameters = parameters ?? new Dictionary<string, string>();
    }

    /// <summary>The names of parameters that were given and that no rule asked for: misspelled, most likely.</summary>
    public IReadOnlyList<string> UnusedParameters => [.. _parameters.Keys.Except(_bridge.Services.ParameterNames).Order(StringComparer.Ordinal)];

    /// <summary>Compiles and loads everything and publishes the chain.</summary>
    /// <returns>What is wrong; errors and warnings. Rules without errors are in the chain nevertheless.</returns>
    public IReadOnlyList<RuleDiagnostic> LoadAll()
    {
        lock (_lock)
        {
            Discover(immediately: true);
            LoadAndPublish(_rules, since: null);
            return [.. _pathDiagnostics, .. _rules.SelectMany(rule => rule.Diagnostics)];
        }
    }

    /// <summary>What is wrong with a rule's file now.</summary>
    public IReadOnlyList<RuleDiagnostic> DiagnosticsOf(string name)
    {
        lock (_lock)
            return Find(name)?.Diagnostics ?? [];
    }

    /// <summary>A rule's file; null if there is no such rule.</summary>
    public string? PathOf(string name)
    {
        lock (_lock)
            return Find(name)?.Path;
    }

    /// <summary>Loads a rule anew, whether or not its file changed.</summary>
    /// <returns>False if there is no such rule.</returns>
    public bool Reload(string name)
    {
        lock (_lock)
        {
            if (Find(name) is not { } rule)
                return false;

            LoadAndPublish([rule], Stopwatch.GetTimestamp());
            return true;
        }
    }

    /// <summary>Switches a rule off or on, until further notice: reloads do not change it.</summary>
    /// <returns>False if there is no such rule.</returns>
    public bool SetDisabled(string name, bool disabled)
    {
        lock (_lock)
        {
            Find(name)?.SetDisabled(disabled);
            return Find(name) is not null;
        }
    }

    /// <summary>Moves a rule in the chain. The files keep their names: the order lasts until the program ends.</summary>
    /// <param name="name">The rule.</param>
    /// <param name="position">From 0; what is outside the chain is taken as its nearest end.</param>
    /// <returns>False if there is no such rule.</returns>
    public bool Move(string name, int position)
    {
        lock (_lock)
        {
            if (Find(name) is not { } rule)
                return false;

            _rules.Remove(rule);
            _rules.Insert(Math.Clamp(position, 0, _rules.Count), rule);
            Publish();
            return true;
        }
    }

    /// <summary>Stops watching. The chain stays as it is.</summary>
    public void Dispose() => StopWatching();

    private RuleFile? Find(string name) => _rules.Find(rule => rule.Name == name);

    private RuleCounters CountersOf(string name)
    {
        if (!_counters.TryGetValue(name, out RuleCounters? counters))
            _counters[name] = counters = new RuleCounters();
        return counters;
    }

    /// <summary>Loads rules and swaps them in together.</summary>
    /// <param name="since">When their files changed; null at the start, which is no reload.</param>
    private void LoadAndPublish(List<RuleFile> rules, long? since)
    {
        var outgoing = new List<LoadedRule>();
        var notes = new List<(RuleFile Rule, bool Ok)>();

        // Compilers run side by side; top levels one after the other, in the chain's order, so that what they do is the same every time.
        CompiledRule[] compiled = Compile(rules);
        for (int i = 0; i < rules.Count; i++)
            notes.Add((rules[i], Load(rules[i], compiled[i], outgoing)));

        Publish();
        foreach (LoadedRule rule in outgoing)
            rule.Dispose();
        if (since is { } changed)
            notes.ForEach(note => Report(note.Rule, note.Ok, changed));
    }

    private static CompiledRule[] Compile(List<RuleFile> rules)
    {
        var compiled = new CompiledRule[rules.Count];
        if (rules.Count == 1)
            compiled[0] = RuleCompiler.Compile(rules[0].Path);
        else
            Parallel.For(0, rules.Count, i => compiled[i] = RuleCompiler.Compile(rules[i].Path));
        return compiled;
    }

    private bool Load(RuleFile rule, CompiledRule compiled, List<LoadedRule> outgoing)
    {
        RuleCounters counters = CountersOf(rule.Name);
        rule.Attempt(compiled);
        if (!compiled.Succeeded)
        {
            rule.Fail(compiled.Diagnostics, counters);
            return false;
        }

        var globals = new RuleGlobals(rule.Name, counters, _bridge.Services, _parameters);
        if (!LoadedRule.TryLoad(compiled, globals, out LoadedRule? loaded, out RuleDiagnostic? diagnostic))
        {
            rule.Fail([diagnostic], counters);
            return false;
        }

        if (rule.Adopt(loaded, compiled, counters) is { } before)
            outgoing.Add(before);
        return true;
    }

    // Waits: when it returns, the bridge has left the chain before.
    private void Publish() =>
        _bridge.Publish(new RuleChain(_rules.Where(rule => rule.Entry is not null).Select(rule => rule.Entry!))).GetAwaiter().GetResult();

    private void Report(RuleFile rule, bool ok, long since) =>
        _bridge.Journal.Add(new ReloadNote(
            rule.Name,
            ok,
            Stopwatch.GetElapsedTime(since).TotalMilliseconds,
            [.. rule.Diagnostics.Where(diagnostic => diagnostic.IsError || !ok).Select(diagnostic => diagnostic.ToString())]));
}
