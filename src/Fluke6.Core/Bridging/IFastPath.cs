using Fluke6.Flows;
using Fluke6.Rules;

namespace Fluke6.Bridging;

/// <summary>
/// Forwards frames between two ports without the bridge: those that no rule asks for, and that overtake none which a rule asked for. Any thread, one at a
/// time, unless said otherwise.
/// </summary>
internal interface IFastPath
{
    /// <summary>How many steps a guard may have: see <see cref="GuardFlows.Steps"/>.</summary>
    int MaxSteps { get; }

    /// <summary>Why frames cannot be forwarded as the ports are now; null if they can.</summary>
    string? Trouble { get; }

    /// <summary>Forwards from now on what a guard does not hold for.</summary>
    /// <param name="guard">Which frames come to the bridge; null for all.</param>
    /// <returns>Why that failed, so that all frames come; null if it did not.</returns>
    string? Direct(Guard? guard);

    /// <summary>The bridge has ended: all frames come to it, to be counted, unless another goes on with the path.</summary>
    void End();

    /// <summary>The frames that it forwarded, by flow; null where no flows are counted.</summary>
    IForwardedFlows? Flows { get; }

    /// <summary>
    /// All frames that waited at a port at a moment have left the bridge, so that none is overtaken by one of its flow which the path forwards.
    /// Bridge's thread.
    /// </summary>
    /// <param name="side">The port's.</param>
    /// <param name="monotonic">The moment, by <see cref="Moment.Monotonic"/>.</param>
    void Handled(Side side, long monotonic);

    /// <summary>Frames and bytes that arrived at a port and were forwarded so far.</summary>
    (long Frames, long Bytes) Forwarded(Side from);
}
