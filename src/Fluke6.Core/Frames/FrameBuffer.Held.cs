namespace Fluke6.Frames;

// A frame that leaves the chain for a while: what is kept of it, and how it comes back.
public sealed partial class FrameBuffer
{
    /// <summary>No rule asked to hold the frame.</summary>
    internal const long NotHeld = -1;

    /// <summary>A rule took the frame, whole or in pieces, and sees to it by itself.</summary>
    internal const long Taken = -2;

    /// <summary>For how many nanoseconds the rule at hand asks to hold the frame; <see cref="NotHeld"/> or <see cref="Taken"/>
    /// otherwise.</summary>
    internal long HoldFor
    {
        get => _facts.HoldFor;
        set => _facts.HoldFor = value;
    }

    /// <summary>The rules that held the frame, by their numbers.</summary>
    internal ulong HoldingRules => _facts.HoldingRules;

    /// <summary>Whether the frame was held, and goes on.</summary>
    internal bool WasHeld => _facts.HoldingRules != 0;

    /// <summary>Where in the chain a frame goes on that was held.</summary>
    internal int ResumesAt => _facts.ResumesAt;

    /// <summary>Whether a rule damaged the frame on purpose.</summary>
    internal bool Corrupted
    {
        get => _facts.Corrupted;
        set => _facts.Corrupted = value;
    }

    /// <summary>The flow table's knowledge of the frame.</summary>
    internal FlowNote FlowNote
    {
        get => _facts.Flow;
        set => _facts.Flow = value;
    }

    /// <summary>All that is known of the frame besides its octets.</summary>
    internal FrameFacts Facts
    {
        get => _facts;
        set => _facts = value;
    }

    /// <summary>The offload header and the frame.</summary>
    internal ReadOnlySpan<byte> OffloadAndOctets => Array.AsSpan(Start - Offload.Length, Offload.Length + Length);

    /// <summary>Where the offload header and a frame that comes back are to be written.</summary>
    /// <param name="length">The frame's octets.</param>
    internal Span<byte> RoomFor(int length) => Array.AsSpan(FrameStart - Offload.Length, Offload.Length + length);

    /// <summary>Where the first octets of a frame that comes back are to be written as it arrived, if a rule changed it.</summary>
    /// <param name="count">How many were kept.</param>
    /// <param name="length">How many the frame had.</param>
    internal Span<byte> RoomForArrival(int count, int length) => _undo.RoomForArrival(count, length);

    /// <summary>The frame whose octets were written to <see cref="RoomFor"/> goes on.</summary>
    internal void Resume(int length, in FrameFacts facts)
    {
        Start = FrameStart;
        Length = length;
        _facts = facts;
        Edited = false;
        ForgetWalk();
        AbandonInner();
    }
}
