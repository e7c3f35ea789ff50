using System.Diagnostics;
using Fluke6.Engine;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting;

/// <summary>
/// One attempt to load a rule: compiles its file, then runs its top level, each on a thread of its own that nobody has to wait for. What
/// it came to is published by its <see cref="RuleSet"/>, if no newer attempt began meanwhile.
/// </summary>
/// <param name="rule">The rule.</param>
/// <param name="basis">The content of its files when the attempt began.</param>
/// <param name="since">When they changed; null at the start, which is no reload.</param>
internal sealed class RuleLoad(RuleFile rule, IReadOnlyDictionary<string, FileFingerprint> basis, long? since)
{
    private readonly HashSet<string> _ignored = new(StringComparer.Ordinal);
    private readonly List<RuleDiagnostic> _warnings = [];
    private readonly TaskCompletionSource _compiled = new();
    private TaskCompletionSource _loaded = new();
    private long _began = Stopwatch.GetTimestamp();
    private volatile bool _waits;

    public RuleFile Rule => rule;

    public IReadOnlyDictionary<string, FileFingerprint> Basis => basis;

    public long? Since => since;

    /// <summary>The parameter that it is to try another value of, and the value; null for a file that is loaded as it is.</summary>
    public KeyValuePair<string, string>? Setting { get; set; }

    /// <summary>Whether the version that it loaded took over.</summary>
    public bool IsAdopted { get; set; }

    /// <summary>How long it has been under way; 0 while the compiler has others to compile first, however many.</summary>
    public TimeSpan Age => _waits ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Volatile.Read(ref _began));

    /// <summary>Whether its top level was begun.</summary>
    public bool TopLevelBegan { get; private set; }

    /// <summary>The compiler's result; null before, and if the compiler failed by itself.</summary>
    public CompiledRule? Compiled { get; private set; }

    /// <summary>The loaded rule; null before, and if that failed.</summary>
    public LoadedRule? Loaded { get; private set; }

    /// <summary>The problems, if it did not load.</summary>
    public IReadOnlyList<RuleDiagnostic> Errors { get; private set; } = [];

    /// <summary>Warnings about the version that loaded, beside the compiler's.</summary>
    public IReadOnlyList<RuleDiagnostic> Warnings => _warnings;

    /// <summary>The parameter for all rules whose value this one cannot read; null if there is none.</summary>
    public string? Misfit { get; private set; }

    /// <summary>Ends once the compiler returned.</summary>
    public Task CompileEnd => _compiled.Task;

    /// <summary>Ends once the top level returned, or was not run since the file does not compile.</summary>
    public Task LoadEnd => _loaded.Task;

    /// <summary>Begins to compile.</summary>
    /// <param name="trust">Whose files are taken.</param>
    /// <param name="ended">Told at the end.</param>
    public void BeginCompile(FileTrust trust, SemaphoreSlim ended) => Begin($"compile {rule.Name}", _compiled, ended, () =>
    {
        Compiled = RuleCompiler.Compile(rule.Path, trust, waits =>
        {
            Volatile.Write(ref _began, Stopwatch.GetTimestamp());
            _waits = waits;
        });
        if (!Compiled.Succeeded)
            Errors = Compiled.Diagnostics;
    });

    /// <summary>Begins to run the top level of what was compiled.</summary>
    /// <param name="services">The bridge's.</param>
    /// <param name="counters">The rule's.</param>
    /// <param name="parameters">The values that <c>--set</c> gave.</param>
    public void BeginTopLevel(RuleServices services, RuleCounters counters, IReadOnlyDictionary<string, string> parameters)
    {
        TopLevelBegan = true;
        _loaded = new TaskCompletionSource();
        Begin($"load {rule.Name}", _loaded, null, () =>
        {
            if (Compiled is not { Succeeded: true } compiled)
                return;

            // Each version that hangs may leave one more thread behind, and its file may be saved any number of times.
            if (services.LeftBehind is { AreTooMany: true } left && left.Threads.Any(thread => thread.Rule == rule.Name))
            {
                Errors = [RuleDiagnostic.Error(
                    rule.Path,
                    RuleDiagnostic.LeftBehind,
                    $"not loaded: {left.Threads.Count} threads that versions before left behind do not end; restart the bridge (with --supervise it does so itself)")];
                return;
            }

            var given = parameters.Where(set => !_ignored.Contains(set.Key)).ToDictionary(StringComparer.Ordinal);
            var globals = new RuleGlobals(rule.Name, counters, services, given);
            bool succeeded = LoadedRule.TryLoad(compiled, globals, out LoadedRule? loaded, out RuleDiagnostic? diagnostic);
            services.CrashRecord.SetRuleBeingLoaded(null);
            Loaded = loaded;
            Errors = succeeded ? [] : [diagnostic!];
            Misfit = succeeded ? null : globals.Misfit;
            foreach ((string text, ScriptPoint? at) in succeeded ? globals.Advice : [])
            {
                // The compiler has told of those that stand in the script.
                if (!compiled.Diagnostics.Any(told => told.Id == RuleDiagnostic.Filter && told.Message == text))
                    _warnings.Add(RuleDiagnostic.Error(rule.Path, RuleDiagnostic.Filter, text, at?.Line ?? 1, at?.Column ?? 1) with { IsError = false });
            }
        });
    }

    /// <summary>Leaves out the parameter that does not fit, since it fits another rule: the top level is to be run again.</summary>
    /// <param name="text">Its value.</param>
    public void IgnoreMisfit(string text)
    {
        string name = Misfit!;
        Misfit = null;
        _ignored.Add(name);
        _warnings.Add(RuleDiagnostic.Error(
            rule.Path,
            RuleDiagnostic.TopLevel,
            $"--set {name}={text} does not fit this rule, which keeps its default; type --set {rule.Name}.{name}=... for this one alone")
            with { IsError = false });
    }

    /// <summary>The version that was loaded is not to run.</summary>
    public void Discard() => Loaded?.Dispose();

    private void Begin(string name, TaskCompletionSource done, SemaphoreSlim? ended, Action action) => new Thread(() =>
    {
        try
        {
            action();
        }
        // Whatever it is, here it would end the program; the bridge runs on with the rule as it was.
        catch (Exception exception)
        {
            Errors = [RuleDiagnostic.Error(rule.Path, RuleDiagnostic.CompilerFailed, $"{name}: {exception.GetType().Name}: {exception.Message}")];
        }

        done.SetResult();
        ended?.Release();
    })
    { IsBackground = true, Name = name }.Start();
}
