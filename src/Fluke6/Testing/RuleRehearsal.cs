using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Scripting;

namespace Fluke6.Command.Testing;

/// <summary>Compiled rules, loaded anew, and shown frames. Belongs to the thread that made it.</summary>
internal sealed class RuleRehearsal : IDisposable
{
    /// <summary>How long a rule may take: as in a replay, a slow machine must find what a quick one does.</summary>
    public static readonly TimeSpan OverrunLimit = TimeSpan.FromSeconds(10);

    private static readonly DateTimeOffset s_start = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<LoadedRule> _loaded = [];

    /// <summary>A rehearsal as a test wants it, without rules.</summary>
    public RuleRehearsal(TestCase test)
    {
        LinkType = test.LinkType;
        Frames = new Rehearsal(LinkType, test.Mtu, s_start, new BridgeOptions
        {
            LogLimit = int.MaxValue,
            Flows = 1024,
            FaultLimit = int.MaxValue,
            OverrunLimit = OverrunLimit,
            Random = new Random(test.Seed),
        });
    }

    /// <summary>The header that frames begin with.</summary>
    public LinkType LinkType { get; }

    /// <summary>The bridge that the frames pass.</summary>
    public Rehearsal Frames { get; }

    /// <summary>Loads the rules.</summary>
    /// <param name="rules">The rules, compiled, in the order of the chain.</param>
    /// <param name="parameters">The values of their parameters.</param>
    /// <returns>What is wrong, a sentence each.</returns>
    public IReadOnlyList<string> Load(IReadOnlyList<CompiledRule> rules, IReadOnlyDictionary<string, string> parameters)
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

    /// <summary>Checks that hold whatever a test says: nothing throws, what is not changed stays as it is, lengths and checksums that were right are right.</summary>
    /// <param name="arrived">The frame that arrived; empty if none did.</param>
    /// <param name="departed">The frames that departed because of it.</param>
    /// <param name="notes">The rules' notes.</param>
    /// <returns>What does not hold, with the frame where it is about one.</returns>
    public IEnumerable<(string What, byte[]? Frame)> Breaches(byte[] arrived, IReadOnlyList<DepartedFrame> departed, IReadOnlyList<JournalNote> notes)
    {
        foreach (FaultNote note in notes.OfType<FaultNote>())
            yield return ($"{note.Fault.Rule} threw{(note.Fault.At is null ? "" : $" at {note.Fault.At}")}: {note.Fault.Message}", null);
        bool wasRight = arrived.Length == 0 || FrameFaults.Of(arrived, LinkType).Count == 0;
        foreach (DepartedFrame frame in departed)
        {
            if (frame.IsSame && !arrived.AsSpan().SequenceEqual(frame.Octets))
                yield return ("the frame changed, and no rule changed it", frame.Octets);
            if (frame.IsSame || frame.IsCorrupted || !wasRight)
                continue;

            foreach (string fault in FrameFaults.Of(frame.Octets, LinkType))
                yield return ($"a frame departed, and {fault}", frame.Octets);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Frames.Dispose();
        _loaded.ForEach(rule => rule.Dispose());
    }
}
