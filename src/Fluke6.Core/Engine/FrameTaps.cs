using System.Runtime.CompilerServices;
using Fluke6.Frames;

namespace Fluke6.Engine;

/// <summary>The taps of a worker, and those among them that want to see the frames at hand.</summary>
internal sealed class FrameTaps(params FrameTap[] taps)
{
    private readonly FrameTap[] _watching = new FrameTap[taps.Length];
    private int _count;

    /// <summary>Frames come, or go: asks every tap whether it wants to see them.</summary>
    public void BeginBatch(in Moment now)
    {
        int count = 0;
        foreach (FrameTap tap in taps)
        {
            if (tap.BeginBatch(now))
                _watching[count++] = tap;
        }

        _count = count;
    }

    /// <summary>Shows a frame that is about to enter the chain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Arrived(FrameBuffer frame)
    {
        for (int i = 0; i < _count; i++)
            _watching[i].Arrived(frame);
    }

    /// <summary>Shows the frame that arrived last as it is after the chain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Departed(FrameBuffer frame, Verdict verdict, RuleEntry? decider)
    {
        for (int i = 0; i < _count; i++)
            _watching[i].Departed(frame, verdict, decider);
    }

    /// <summary>Shows a frame that a rule sends.</summary>
    public void Sent(Side side, FrameBuffer frame, int rule)
    {
        for (int i = 0; i < _count; i++)
            _watching[i].Sent(side, frame, rule);
    }

    /// <summary>Lets what is known of the frame at hand be noted on it, or on a copy of it, that is held.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="rule">The bit of the rule that holds it.</param>
    public void Keep(FrameBuffer frame, ulong rule)
    {
        for (int i = 0; i < _count; i++)
            _watching[i].Keep(frame, rule);
    }

    /// <summary>Shows a frame that was held and goes on.</summary>
    public void Resumed(FrameBuffer frame)
    {
        for (int i = 0; i < _count; i++)
            _watching[i].Resumed(frame);
    }

    /// <summary>Says that the bridge stops.</summary>
    public void Ending()
    {
        foreach (FrameTap tap in taps)
            tap.Ending();
    }
}
