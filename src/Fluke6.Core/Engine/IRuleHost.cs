namespace Fluke6.Engine;

/// <summary>Runs a chain of rules that somebody else loads: a bridge, or captures that are replayed. Any thread.</summary>
internal interface IRuleHost
{
    /// <summary>The services that rules are loaded with.</summary>
    RuleServices Services { get; }

    /// <summary>What becomes of frames that a rule fails on.</summary>
    FaultPolicy OnFault { get; }

    /// <summary>
    /// Replaces the chain between two batches. The task ends when the old chain has been left: from then on nothing calls its rules, and what
    /// they were loaded from may be unloaded.
    /// </summary>
    Task Publish(RuleChain chain);
}
