using Fluke6.Frames;

namespace Fluke6.Engine;

/// <summary>
/// A rule's debt to connections that it changed: their frames have to be seen to, also where the rule is switched off, was taken out, gave
/// the frame back without a look at it, or is gone. Known by the rule's name, so that it outlives versions. Worker's thread only.
/// </summary>
internal abstract class FlowObligation
{
    /// <summary>Whether there is anybody to whom something is owed. Any thread.</summary>
    public abstract bool IsOwed { get; }

    /// <summary>Whether the rule at hand has not seen to the frame that it was given.</summary>
    public bool IsUnmet { get; protected set; }

    /// <summary>The rule is about to be given a frame.</summary>
    public void Begin() => IsUnmet = true;

    /// <summary>Sees to a frame in the rule's place.</summary>
    /// <returns>Continue, or Hold where its octets go on otherwise.</returns>
    public abstract Verdict Meet(FrameBuffer frame);
}
