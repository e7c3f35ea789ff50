using System.Diagnostics;
using Fluke6.Engine;
using Fluke6.Journal;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting;

/// <summary>Loads rules, and swaps in what came of it.</summary>
internal sealed partial class RuleSet
{
    // At the start: while rules get ready, the next may take so long. The compiler's own limit, which says what is wrong, comes first.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    // Files that are saved together are swapped in together, unless one of them takes so much longer than the others.
    private static readonly TimeSpan BatchPatience = TimeSpan.FromSeconds(1);

    // Then the user is told that it takes long.
    private static readonly TimeSpan SlowLoad = TimeSpan.FromSeconds(10);

    // Versions of one rule that load at the same time, each superseded by the next.
    private const int MaxAttempts = 3;

    private static RuleDiagnostic Unfinished(RuleLoad load) => RuleDiagnostic.Error(
        load.Rule.Path, RuleDiagnostic.CompilerFailed, "takes long to be read and compiled, and is swapped in once it is; if it stays so: make it smaller, or move it to a disk that answers");

    /// <summary>Begins an attempt to load a rule. Under the lock.</summary>
    private static RuleLoad Begin(RuleFile rule, IReadOnlyDictionary<string, FileFingerprint> basis, long? since)
    {
        var load = new RuleLoad(rule, basis, since);
        rule.Begin(load);
        return load;
    }

    /// <summary>Loads rules that changed together, on a thread of their own.</summary>
    private void LoadInBackground(List<RuleLoad> loads) => InBackground(() =>
    {
        List<RuleLoad> late = LoadTogether(loads, loads.Count == 1 ? Timeout.InfiniteTimeSpan : BatchPatience, CancellationToken.None);
        if (late.Count > 1)
        {
            _host.Services.Journal.Add(new LogNote(
                "rules", $"{late.Count} of {loads.Count} rules that were saved together are still being compiled; each is swapped in once it is ready"));
        }

        late.ForEach(FinishLater);
    });

    /// <summary>Loads rules and swaps them in together.</summary>
    /// <param name="loads">One for each rule, in the order of the chain.</param>
    /// <param name="patience">How long the next may take to get ready.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>Those that were not ready.</returns>
    private List<RuleLoad> LoadTogether(List<RuleLoad> loads, TimeSpan patience, CancellationToken stop)
    {
        // Compilers run side by side; top levels one after the other, in the chain's order, so that what they do is the same every time.
        var compiled = new SemaphoreSlim(0);
        loads.ForEach(load => load.BeginCompile(_trust, compiled));
        int left = loads.Count;
        while (left > 0 && compiled.Wait(patience, stop))
            left--;

        var ready = loads.FindAll(load => load.CompileEnd.IsCompleted);
        foreach (RuleLoad load in ready)
        {
            RunTopLevel(load);
            load.LoadEnd.Wait(patience, stop);
        }

        ready.RemoveAll(load => !load.LoadEnd.IsCompleted);
        ready.ForEach(LeaveMisfitsOut);
        Publish(ready);
        return [.. loads.Except(ready)];
    }

    private void FinishLater(RuleLoad load) => InBackground(() =>
    {
        load.CompileEnd.Wait();
        if (!load.TopLevelBegan)
            RunTopLevel(load);
        load.LoadEnd.Wait();
        LeaveMisfitsOut(load);
        Publish([load]);
    });

    private void RunTopLevel(RuleLoad load)
    {
        RuleCounters counters;
        lock (_lock)
            counters = CountersOf(load.Rule.Name);
        load.BeginTopLevel(_host.Services, counters, ParametersFor(load));
    }

    private IReadOnlyDictionary<string, string> ParametersFor(RuleLoad load) => load.Setting is { } setting
        ? new Dictionary<string, string>(_parameters, StringComparer.Ordinal) { [setting.Key] = setting.Value }
        : _parameters;

    // A value for all rules need not fit each of them; what fits none is a mistake.
    private void LeaveMisfitsOut(RuleLoad load)
    {
        while (load.Misfit is { } name && _host.Services.ParameterNames.Contains(name))
        {
            load.IgnoreMisfit(_parameters[name]);
            RunTopLevel(load);
            load.LoadEnd.Wait();
        }
    }

    /// <summary>
    /// Swaps in what came of attempts, but for those that a newer one superseded. Waits until the bridge has left the chain before.
    /// </summary>
    private void Publish(List<RuleLoad> loads)
    {
        var outgoing = new List<LoadedRule>();
        var reports = new List<(RuleLoad Load, bool HadVersion)>();
        Task passed = Task.CompletedTask;
        lock (_lock)
        {
            foreach (RuleLoad load in loads)
            {
                load.Rule.AttemptsUnderWay--;
                if (_stopping || load.Rule.Pending != load || !_rules.Contains(load.Rule))
                {
                    load.Discard();
                    continue;
                }

                // Its file is as good as before: only the value does not do.
                if (load is { Loaded: null, Setting: not null })
                {
                    load.Rule.Abandon();
                    continue;
                }

                reports.Add((load, load.Rule.Loaded is not null));
                Adopt(load, outgoing);
            }

            if (reports.Count > 0)
                passed = PublishChain();
        }

        passed.Wait();
        outgoing.ForEach(rule => rule.Dispose());
        foreach ((RuleLoad load, bool hadVersion) in reports)
        {
            foreach (RuleDiagnostic warning in load.Warnings.Where(_ => load.Since is not null))
                _host.Services.Journal.Add(new LogNote(load.Rule.Name, warning.Message));
            if (load.Since is { } since)
                Report(load.Rule, load.Loaded is not null, hadVersion, since, load.Errors);
        }

        // There may be more files to follow now.
        Hint();
    }

    private void Adopt(RuleLoad load, List<LoadedRule> outgoing)
    {
        RuleFile rule = load.Rule;
        if (load.Loaded is not { } loaded)
        {
            rule.Fail(load.Compiled?.Fingerprints, load.Errors, CountersOf(rule.Name));
            return;
        }

        _parameters = ParametersFor(load);
        load.IsAdopted = true;
        if (rule.Adopt(loaded, load.Compiled!, load.Warnings, CountersOf(rule.Name)) is { } before)
            outgoing.Add(before);
        if (rule.RenamedFrom is { IsAbsent: true } old && _rules.Contains(old))
            Remove(old, outgoing);
        rule.RenamedFrom = null;
    }

    /// <summary>Takes a rule out of the list, for the next chain. Under the lock.</summary>
    private void Remove(RuleFile rule, List<LoadedRule> outgoing)
    {
        _rules.Remove(rule);
        List();
        if (rule.Loaded is { } loaded)
            outgoing.Add(loaded);
        _host.Services.Journal.Add(new LogNote(
            rule.Name, rule.Loaded is null ? "its file is gone; no version of it ran" : "left the chain: its file is gone"));
    }

    private void Report(RuleFile rule, bool ok, bool hadVersion, long since, IEnumerable<RuleDiagnostic> diagnostics) =>
        _host.Services.Journal.Add(new ReloadNote(
            rule.Name, ok, Stopwatch.GetElapsedTime(since).TotalMilliseconds, [.. diagnostics.Select(diagnostic => diagnostic.ToString())])
        {
            HadVersion = hadVersion,
        });

    private void InBackground(Action action) => new Thread(() =>
    {
        try
        {
            action();
        }
        // Whatever it is, it must not end the program: the bridge runs on with the rules it has.
        catch (Exception exception)
        {
            _host.Services.Journal.Add(new LogNote("rules", $"reloading failed: {exception.Message}"));
        }
    })
    { IsBackground = true, Name = "rules load" }.Start();
}
