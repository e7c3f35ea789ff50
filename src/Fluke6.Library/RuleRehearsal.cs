using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Scripting;

namespace Fluke6;

/// <summary>
/// Rules that are shown frames, without a network: a chain as the bridge's, with a time that passes only when it is told to. The same frames,
/// times and seed give the same bytes on every machine. Belongs to the thread that made it.
/// </summary>
/// <remarks>A rule that does not return keeps whoever shows it a frame waiting.</remarks>
public sealed class RuleRehearsal : IDisposable
{
    private readonly List<LoadedRule> _loaded = [];
    private readonly List<string> _log = [], _faults = [];

    /// <summary>A rehearsal without rules.</summary>
    internal RuleRehearsal(RehearsalOptions options)
    {
        Options = options;
        Frames = new Rehearsal(options.LinkType, options.Mtu, options.Start, new BridgeOptions
        {
            LogLimit = int.MaxValue,
            Flows = 1024,
            FaultLimit = int.MaxValue,
            OverrunLimit = options.Patience,
            Random = new Random(options.Seed),
        });
    }

    /// <summary>Compiles rules, loads them, and makes a chain of them.</summary>
    /// <param name="paths">The files, in the order of the chain.</param>
    /// <param name="options">How they are shown frames.</param>
    /// <exception cref="RuleException">One does not compile, its top level throws, or no rule asks for a parameter that is given.</exception>
    public static RuleRehearsal Load(IEnumerable<string> paths, RehearsalOptions? options = null)
    {
        CompiledRule[] compiled = [.. paths.Select(path => RuleCompiler.Compile(path))];
        string[] wrong = [.. compiled.Where(rule => !rule.Succeeded).SelectMany(rule => rule.Diagnostics).Select(diagnostic => $"{diagnostic}")];
        if (wrong.Length > 0)
            throw new RuleException(wrong);

        options ??= new RehearsalOptions();
        var rehearsal = new RuleRehearsal(options);
        if (rehearsal.Load(compiled, options.Parameters) is { Count: > 0 } faults)
        {
            rehearsal.Dispose();
            throw new RuleException(faults);
        }

        return rehearsal;
    }

    /// <summary>Compiles a rule, loads it, and makes a chain of it.</summary>
    /// <inheritdoc cref="Load(IEnumerable{string}, RehearsalOptions?)"/>
    public static RuleRehearsal Load(string path, RehearsalOptions? options = null) => Load([path], options);

    /// <summary>The chain's verdict on the frame that arrived last.</summary>
    public Verdict Verdict => Frames.Verdict;

    /// <summary>How it was made.</summary>
    internal RehearsalOptions Options { get; }

    /// <summary>The bridge that the frames pass.</summary>
    internal Rehearsal Frames { get; }

    /// <summary>Lets a frame arrive.</summary>
    /// <param name="from">Where.</param>
    /// <param name="frame">The whole frame, from its link header on.</param>
    /// <returns>All that departed because of it, in order.</returns>
    public IReadOnlyList<RehearsedFrame> Arrive(Side from, ReadOnlySpan<byte> frame) => Seen(Frames.Arrive(from, frame));

    /// <summary>Lets time pass: frames that were held go on, and timers fire.</summary>
    /// <returns>All that departed meanwhile, in order.</returns>
    public IReadOnlyList<RehearsedFrame> PassTime(TimeSpan span) => Seen(Frames.PassTime(span));

    /// <summary>Lets rules do what they do at exit.</summary>
    /// <returns>All that departed meanwhile, in order.</returns>
    public IReadOnlyList<RehearsedFrame> End() => Seen(Frames.End());

    /// <summary>Takes the lines that the rules logged since this was called last.</summary>
    public IReadOnlyList<string> TakeLog() => Take(_log);

    /// <summary>Takes the rules' faults since this was called last: the rule, its line, and the exception's message.</summary>
    public IReadOnlyList<string> TakeFaults() => Take(_faults);

    /// <summary>Loads compiled rules.</summary>
    /// <param name="rules">The rules, in the order of the chain.</param>
    /// <param name="parameters">The values of their parameters.</param>
    /// <returns>What is wrong, a sentence each.</returns>
    internal IReadOnlyList<string> Load(IReadOnlyList<CompiledRule> rules, IReadOnlyDictionary<string, string> parameters)
    {
        var faults = new List<string>();
        var entries = new List<RuleEntry>();
        foreach (CompiledRule compiled in rules)
        {
            var counters = new RuleCounters();
            var globals = new RuleGlobals(compiled.Name, counters, Frames.Bridge.Services, parameters);
            if (!LoadedRule.TryLoad(compiled, globals, out LoadedRule? loaded, out RuleDiagnostic? diagnostic))
            {
                faults.Add($"{diagnostic}");
                continue;
            }

            _loaded.Add(loaded);
            entries.Add(new RuleEntry(compiled.Name, loaded.Rule, globals, counters));
        }

        if (faults.Count == 0)
            faults.AddRange(parameters.Keys.Except(Frames.Bridge.Services.ParameterNames).Select(name => $"no rule asks for a parameter '{name}'"));
        Frames.Bridge.Publish(new RuleChain(entries));
        return faults;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Frames.Dispose();
        _loaded.ForEach(rule => rule.Dispose());
    }

    private RehearsedFrame[] Seen(IReadOnlyList<DepartedFrame> departed) =>
        [.. departed.Select(frame => new RehearsedFrame(frame.Side, frame.Octets, frame.IsSame) { LinkType = Options.LinkType })];

    private string[] Take(List<string> lines)
    {
        foreach (JournalNote note in Frames.TakeNotes())
        {
            if (note is LogNote log)
                _log.Add(log.Message);
            else if (note is FaultNote { Fault: var fault })
                _faults.Add($"{fault.Rule}{(fault.At is null ? "" : $" at {fault.At}")}: {fault.Message}");
        }

        string[] taken = [.. lines];
        lines.Clear();
        return taken;
    }
}
