using Fluke6.Engine;
using Fluke6.Journal;

namespace Fluke6.Bridging;

/// <summary>How a bridge treats its rules.</summary>
internal sealed record BridgeOptions
{
    /// <summary>What becomes of a frame that a rule threw on.</summary>
    public FaultPolicy OnFault { get; init; } = FaultPolicy.Pass;

    /// <summary>After how many faults in a row a rule is taken out; at least 1.</summary>
    public int FaultLimit { get; init; } = 16;

    /// <summary>How many frames of its own that come back within a second the bridge takes for a loop, which it then stops; 0 for never.</summary>
    public int LoopLimit { get; init; } = 1000;

    /// <summary>How long a rule may take over one frame or timer before it is taken out.</summary>
    public TimeSpan OverrunLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How the system treats threads that rules do not give back; null: as any other.</summary>
    public IThreads? Threads { get; init; }

    /// <summary>How many lines a second each rule may log, at least 1; five times as many at once.</summary>
    public int LogLimit { get; init; } = BridgeJournal.DefaultLogLimit;

    /// <summary>How many flows to keep, the last seen ones; 0 to look at none.</summary>
    public int Flows { get; init; } = 65_536;

    /// <summary>The rules' time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where the rule at work is noted, for whoever outlives this process; null if nobody does.</summary>
    public CrashRecord? CrashRecord { get; init; }

    /// <summary>The rules' random numbers.</summary>
    public Random Random { get; init; } = new();

    /// <summary>Forwards what no rule asks for; null if there is no such.</summary>
    public IFastPath? FastPath { get; init; }

    /// <summary>Why there is no <see cref="FastPath"/>.</summary>
    public string? FastPathReason { get; init; }

    internal WorkerOptions ForWorker => new() { OnFault = OnFault, FaultLimit = FaultLimit, OverrunLimit = OverrunLimit };
}
