using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Rules;

namespace Fluke6.Engine;

/// <summary>One version of a rule in a chain: the delegate, what it may call, what it did, how it stands.</summary>
internal sealed class RuleEntry
{
    private volatile bool _bypassed;
    private volatile bool _drops;
    private volatile bool _disabled;
    private volatile RuleState _loadState;

    /// <summary>A rule for a chain.</summary>
    /// <param name="name">The rule's name: its file's, without the extension.</param>
    /// <param name="rule">What to call; null for a rule whose file never compiled, which is listed and not asked.</param>
    /// <param name="context">The rule's services; null for a rule that uses none.</param>
    /// <param name="counters">Where it counts; those of the version before, after a reload.</param>
    public RuleEntry(string name, Rule? rule, RuleInstance? context = null, RuleCounters? counters = null)
    {
        Name = name;
        Rule = rule;
        Context = context;
        Counters = counters ?? new RuleCounters();
        Counters.FaultsInARow = 0;
        Check = context?.Check;
        Parts = context?.Parts;
        _loadState = rule is null ? RuleState.Failed : RuleState.Live;
    }

    /// <summary>The rule's name.</summary>
    public string Name { get; }

    /// <summary>The rule's counters.</summary>
    public RuleCounters Counters { get; }

    /// <summary>The rule's services.</summary>
    public RuleInstance? Context { get; }

    /// <summary>Which frames the rule is asked about; null for all.</summary>
    public Guard? Guard => Context?.Guard;

    /// <summary>How the rule stands.</summary>
    public RuleState State => _disabled ? RuleState.Disabled : _bypassed ? RuleState.Bypassed : StandsIn ? RuleState.Failed : _loadState;

    /// <summary>The last exception, or that the rule overran; null if there was none.</summary>
    public RuleFault? LastFault { get; internal set; }

    /// <summary>Whether this is not the file's rule, which cannot be loaded, but one in its place.</summary>
    internal bool StandsIn { get; init; }

    /// <summary>When a fault was told last, by <see cref="Moment.Monotonic"/>: none hides another rule's.</summary>
    internal long LastReport { get; set; } = long.MinValue / 2;

    /// <summary>
    /// Whether the user switched the rule off. Off, in a chain that runs, the rule's <see cref="RuleInstance.AtExit"/> is called.
    /// </summary>
    public bool Disabled
    {
        get => _disabled;
        set
        {
            _disabled = value;
            Context?.Switched(this);
        }
    }

    /// <summary>The rule's number among <see cref="RuleNames"/>; the last one until the bridge gives it another.</summary>
    internal int Number { get; set; } = RuleNames.Capacity - 1;

    /// <summary>Its position among the rules of the chain that are asked, for the <see cref="CrashRecord"/>.</summary>
    internal int Place { get; set; }

    /// <summary>The rule in a set of rules.</summary>
    internal ulong NumberBit => 1UL << Number;

    /// <summary>The rule's memory of flows; null until it first asks. Worker's thread.</summary>
    internal FlowStates? FlowStates { get; set; }

    /// <summary>Whether this version let go of a flow. Worker's thread.</summary>
    internal bool LetsGoOfFlows { get; set; }

    /// <summary>Calls an action once this version has left the chain. Worker's thread.</summary>
    internal void AtItsEnd(Action action)
    {
        if (Context is { } context)
            context.Ended += action;
    }

    /// <summary>The rule's debt to connections that it changed; null if nothing. Worker's thread.</summary>
    internal FlowObligation? Owes { get; set; }

    /// <summary>
    /// Whether an earlier version of the rule had another guard, so that the rule may owe something to frames which its own does not hold
    /// for.
    /// </summary>
    internal bool OwesBesidesGuard { get; set; }

    /// <summary>Whether it was told that this version is slow. Watchdog's thread.</summary>
    internal bool IsNamedSlow { get; set; }

    /// <summary>What to call.</summary>
    internal Rule? Rule { get; }

    /// <summary>Tells whether to call it for a frame; null if it is for all.</summary>
    internal GuardCheck? Check { get; init; }

    /// <summary>Which of the rule's several guards have held; null where there is no more than one.</summary>
    internal GuardParts? Parts { get; }

    /// <summary>Whether the rule was taken out after faults.</summary>
    internal bool Bypassed => _bypassed;

    /// <summary>Whether the chain passes over the rule.</summary>
    internal bool Skipped => _bypassed | _disabled;

    /// <summary>Says that the file's current version cannot be loaded and this, older, one runs on.</summary>
    public void MarkStale() => _loadState = Rule is null ? RuleState.Failed : RuleState.Stale;

    /// <summary>Says that the file again holds the version that runs.</summary>
    public void MarkLive() => _loadState = Rule is null ? RuleState.Failed : RuleState.Live;

    /// <summary>Whether what the rule would have been asked about is dropped, since it was taken out and does not open for that.</summary>
    internal bool Holds => _bypassed & _drops & !_disabled;

    /// <summary>Takes the rule out until it is loaded anew. Any thread.</summary>
    /// <param name="policy">What becomes of frames that it would have been asked about.</param>
    internal void Bypass(FaultPolicy policy)
    {
        _drops = policy == FaultPolicy.Drop;
        _bypassed = true;
    }
}
