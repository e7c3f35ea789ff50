namespace Fluke6.Engine;

/// <summary>How a worker treats rules.</summary>
internal sealed record WorkerOptions
{
    /// <summary>What becomes of a frame that a rule failed on.</summary>
    public FaultPolicy OnFault { get; init; } = FaultPolicy.Pass;

    /// <summary>After how many faults in a row a rule is taken out; at least 1.</summary>
    public int FaultLimit { get; init; } = 16;

    /// <summary>How long a rule may take over one frame or timer, if somebody watches over that.</summary>
    public TimeSpan OverrunLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For how much of the process's time due work goes on before frames have their turn again, however much is due;
    /// <see cref="Timeout.InfiniteTimeSpan"/> for no limit, so that what happens does not depend on the machine's speed.
    /// </summary>
    public TimeSpan DueWorkLimit { get; init; } = TimeSpan.FromMilliseconds(1);
}
