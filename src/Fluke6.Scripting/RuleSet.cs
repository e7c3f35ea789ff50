using System.Diagnostics;
using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Rules;
using Fluke6.Scripting.Files;
using Fluke6.Scripting.Hints;

namespace Fluke6.Scripting;

/// <summary>
/// The scripts of a chain: loads them, and, once <see cref="Watch"/> is called, loads each anew when its file changes. Every
/// method may be called from any thread, and, but for those that load, returns at once: files are read, compiled and loaded while nobody
/// holds the lock.
/// </summary>
internal sealed partial class RuleSet : IDisposable
{
    private static readonly TimeSpan s_movePatience = TimeSpan.FromSeconds(2);

    private readonly IRuleHost _host;
    private readonly RulePath[] _paths;
    private readonly FileTrust _trust;
    private readonly IReadOnlyDictionary<string, string> _heldBack;
    private readonly bool _goesOn;
    private readonly Lock _lock = new();
    private readonly List<RuleFile> _rules = [];
    private readonly Dictionary<string, RuleCounters> _counters = new(StringComparer.Ordinal);
    private IReadOnlyList<RuleDiagnostic> _pathDiagnostics = [];
    private volatile IReadOnlyDictionary<string, string> _parameters;

    // The list as it is, for questions: those who look on wait for no lock.
    private volatile RuleFile[] _listed = [];

    /// <summary>The scripts at these paths, for one host.</summary>
    /// <param name="host">Where their chain is published.</param>
    /// <param name="paths">Files and folders, as in <see cref="RulePaths.Find"/>.</param>
    /// <param name="parameters">The values that <c>--set NAME=VALUE</c> and <c>--set RULE.NAME=VALUE</c> gave.</param>
    /// <param name="trust">Whose files are run; root's and the caller's unless said.</param>
    /// <param name="heldBack">Rules that are not to be loaded before somebody saves them anew or switches them on, and why.</param>
    /// <param name="goesOn">
    /// Whether another bridge ran these before: where a filter is not to open because it broke, what a rule would be asked about that cannot be
    /// loaded at the start is dropped.
    /// </param>
    public RuleSet(
        IRuleHost host,
        IEnumerable<string> paths,
        IReadOnlyDictionary<string, string>? parameters = null,
        FileTrust? trust = null,
        IReadOnlyDictionary<string, string>? heldBack = null,
        bool goesOn = false)
    {
        _host = host;
        _goesOn = goesOn;
        _paths = [.. paths.Select(path => new RulePath(Path.GetFullPath(path)))];
        _parameters = parameters ?? new Dictionary<string, string>();
        _trust = trust ?? FileTrust.OfCaller;
        _heldBack = heldBack ?? new Dictionary<string, string>();
    }

    /// <summary>The names of parameters that were given and that no rule has asked for so far.</summary>
    public IReadOnlyList<string> UnusedParameters => [.. _parameters.Keys.Except(_host.Services.ParameterNames).Order(StringComparer.Ordinal)];

    /// <summary>Those of them that no rule which is there can ask for either, with the name that was meant, if one is near.</summary>
    public IReadOnlyList<(string Given, string? Meant)> UnknownParameters
    {
        get
        {
            string[] unused = [.. UnusedParameters];
            lock (_lock)
            {
                // Whoever names a folder of rules that are still to be written, or a rule that does not run, is to be believed.
                bool isKnown = _rules.TrueForAll(rule => rule.ParameterNames is not null) && (_rules.Count > 0 || _paths.Length == 0);
                string[] asked = isKnown ? [.. _rules.SelectMany(rule => RuleParameters.KeysOf(rule.Name, rule.ParameterNames!)).Distinct()] : unused;
                return [.. unused.Except(asked).Select(name => (name, SimilarName.Nearest(name, asked)))];
            }
        }
    }

    /// <summary>Compiles and loads everything and publishes the chain.</summary>
    /// <param name="stop">Ends the wait for what takes long.</param>
    /// <returns>The errors and warnings. Rules without errors are in the chain nevertheless.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled before all were loaded.</exception>
    public IReadOnlyList<RuleDiagnostic> LoadAll(CancellationToken stop = default)
    {
        var held = new Dictionary<string, FileFingerprint>();
        using (var files = new PatientWorker(FilePatience))
        {
            Discover(files, [], isStart: true);
            // As they are now: another content is somebody's answer to what they did.
            foreach (string path in Paths().Where(path => _heldBack.ContainsKey(Path.GetFileNameWithoutExtension(path))))
                held[path] = LookAt(files, path, FileFingerprint.Missing, thorough: true, []);
        }

        List<RuleLoad> loads = [];
        lock (_lock)
        {
            foreach (RuleFile rule in _rules.Where(rule => held.ContainsKey(rule.Path)))
                rule.HoldBack(_heldBack[rule.Name], held[rule.Path], CountersOf(rule.Name), _host.OnFault);
            loads.AddRange(_rules.Where(rule => !rule.IsHeldBack).Select(rule => Begin(rule, rule.Known, since: null)));
        }

        List<RuleLoad> late = LoadTogether(loads, StartPatience, stop);
        lock (_lock)
        {
            foreach (RuleLoad load in late)
                load.Rule.Fail(null, [Unfinished(load)], CountersOf(load.Rule.Name));
            if (_goesOn && _host.OnFault == FaultPolicy.Drop)
                _rules.FindAll(rule => rule.Entry is { Rule: null }).ForEach(rule => rule.DropInstead(CountersOf(rule.Name)));
            if (held.Count > 0 || _goesOn)
                PublishChain();
            return [.. _pathDiagnostics, .. _rules.SelectMany(rule => rule.Diagnostics)];
        }
    }

    /// <summary>The problems of a rule's file now. Waits for nobody.</summary>
    public IReadOnlyList<RuleDiagnostic> DiagnosticsOf(string name) => Listed(name)?.Diagnostics ?? [];

    /// <summary>A rule's file; null if there is no such rule. Waits for nobody.</summary>
    public string? PathOf(string name) => Listed(name)?.Path;

    /// <summary>Loads a rule anew, whether or not its file changed, and waits for that, within reason.</summary>
    /// <returns>False if there is no such rule.</returns>
    public bool Reload(string name)
    {
        RuleLoad load;
        lock (_lock)
        {
            if (Find(name) is not { } rule)
                return false;

            load = Begin(rule, rule.Known, Stopwatch.GetTimestamp());
        }

        LoadTogether([load], SlowLoad, CancellationToken.None).ForEach(FinishLater);
        return true;
    }

    /// <summary>
    /// Gives a rule's parameter another value and loads the rule anew with it, within reason. Where that does not work, the rule and its parameters
    /// are as they were.
    /// </summary>
    /// <param name="name">The rule.</param>
    /// <param name="parameter">The parameter, as the rule asks for it.</param>
    /// <param name="value">Its value, as after <c>--set</c>.</param>
    /// <returns>Why it does not work, in a line; null if it did.</returns>
    public string? SetParameter(string name, string parameter, string value)
    {
        RuleLoad load;
        lock (_lock)
        {
            if (Find(name) is not { Loaded: not null } rule)
                return $"{name} does not run: mend its file first";
            if (rule.ParameterNames is { } names && !names.Contains(parameter))
                return names.Count == 0 ? $"{name} has no parameters" : $"{name} has no parameter {parameter}; it has {string.Join(", ", names)}";

            load = Begin(rule, rule.Known, Stopwatch.GetTimestamp());
            load.Setting = new($"{name}.{parameter}", value);
        }

        List<RuleLoad> late = LoadTogether([load], SlowLoad, CancellationToken.None);
        late.ForEach(FinishLater);
        return late.Count > 0 ? $"{name} takes long to load; it runs with {parameter} = {value} once it is ready"
            : load.Errors is [var error, ..] ? WithoutItsType(error.Message)
            : load.IsAdopted ? null
            : $"{name} was loaded anew for another reason meanwhile: try again";
    }

    // What the value's reader says needs no name of an exception before it.
    private static string WithoutItsType(string message) =>
        message.StartsWith($"{nameof(FormatException)}: --set ", StringComparison.Ordinal) ? message[(nameof(FormatException).Length + 2)..] : message;

    /// <summary>Switches a rule off or on, until further notice: reloads do not change it.</summary>
    /// <returns>False if there is no such rule.</returns>
    public bool SetDisabled(string name, bool disabled)
    {
        lock (_lock)
        {
            if (Find(name) is not { } rule)
                return false;

            // One that was held back is loaded first.
            if (rule.IsHeldBack && !disabled)
                LoadInBackground([Begin(rule, rule.Known, Stopwatch.GetTimestamp())]);
            rule.SetDisabled(disabled);
            return true;
        }
    }

    /// <summary>Moves a rule in the chain. The files keep their names: the order lasts until the program ends.</summary>
    /// <param name="name">The rule.</param>
    /// <param name="position">From 0; what is outside the chain is taken as its nearest end.</param>
    /// <returns>False if there is no such rule.</returns>
    public bool Move(string name, int position)
    {
        Task published;
        lock (_lock)
        {
            if (Find(name) is not { } rule)
                return false;

            _rules.Remove(rule);
            _rules.Insert(Math.Clamp(position, 0, _rules.Count), rule);
            List();
            published = PublishChain();
        }

        // Whoever moves it again reads from the chain where it is; a rule that hangs holds that up no longer than it takes to be taken out.
        published.Wait(s_movePatience);
        return true;
    }

    /// <summary>Stops watching. The chain stays as it is, also where a rule is still being loaded.</summary>
    public void Dispose() => StopWatching();

    private string[] Paths()
    {
        lock (_lock)
            return [.. _rules.Select(rule => rule.Path)];
    }

    private RuleFile? Listed(string name) => Array.Find(_listed, rule => rule.Name == name);

    // Under the lock, whenever a rule came, went or moved.
    private void List() => _listed = [.. _rules];

    private RuleFile? Find(string name) => _rules.Find(rule => rule.Name == name);

    private RuleCounters CountersOf(string name)
    {
        if (!_counters.TryGetValue(name, out RuleCounters? counters))
            _counters[name] = counters = new RuleCounters();
        return counters;
    }

    // Under the lock, so that chains are published in the order in which they were made; the bridge only takes note.
    private Task PublishChain() =>
        _host.Publish(new RuleChain(_rules.Where(rule => rule.Entry is not null).Select(rule => rule.Entry!)));
}
