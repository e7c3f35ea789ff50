using System.Runtime.CompilerServices;
using Fluke6.Frames;

namespace Fluke6.Engine;

/// <summary>
/// Sees frames before the chain and after it, and those that rules send. Chosen when the worker is made; the worker's thread. A class
/// rather than an interface: a virtual call costs the same however many kinds there are.
/// </summary>
internal abstract class FrameTap
{
    /// <summary>Whether it wants to see the frame that arrived last when it departs, even if no rule was concerned with it.</summary>
    protected bool AwaitsDeparture { get; set; }

    /// <summary>Frames come, or go.</summary>
    /// <param name="now">When.</param>
    /// <returns>Whether it wants to see them.</returns>
    public abstract bool BeginBatch(in Moment now);

    /// <summary>A frame is about to enter the chain.</summary>
    public abstract void Arrived(FrameBuffer frame);

    /// <summary>The frame that arrived last is through the chain. Most frames are not looked at again, which costs no call.</summary>
    /// <param name="frame">As it is now.</param>
    /// <param name="verdict">What becomes of it; of one that is held it is said again when it has gone on.</param>
    /// <param name="decider">The rule that said so; null if none did.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Departed(FrameBuffer frame, Verdict verdict, RuleEntry? decider)
    {
        if (frame.HitRules != 0 | verdict == Verdict.Drop | AwaitsDeparture)
            LookAgain(frame, verdict, decider);
    }

    /// <summary>A rule sends a frame of its own.</summary>
    /// <param name="side">Where it goes out.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="rule">The number of the rule.</param>
    public abstract void Sent(Side side, FrameBuffer frame, int rule);

    /// <summary>The frame that arrived last, or a copy or a piece of it, will go on later: notes on it what is to be known of it then.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="rule">The bit of the rule that holds it.</param>
    public virtual void Keep(FrameBuffer frame, ulong rule)
    {
    }

    /// <summary>A frame that was held goes on: it is to be taken for the one that arrived last.</summary>
    public virtual void Resumed(FrameBuffer frame)
    {
    }

    /// <summary>The bridge stops: rules send from now on only to take back what they did.</summary>
    public virtual void Ending()
    {
    }

    /// <summary>Looks at the frame that arrived last, which is through the chain: a rule hit it, it is dropped, or this tap awaits it.</summary>
    protected abstract void LookAgain(FrameBuffer frame, Verdict verdict, RuleEntry? decider);
}
