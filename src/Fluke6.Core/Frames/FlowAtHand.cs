namespace Fluke6.Frames;

/// <summary>The flow of the frame that a worker has in hand, as whoever counts flows tells it. Worker's thread.</summary>
internal abstract class FlowAtHand
{
    /// <summary>Whether there is one.</summary>
    public abstract bool IsKnown { get; }

    /// <summary>The end that began.</summary>
    public abstract FlowEndpoint Source { get; }

    /// <summary>The other end.</summary>
    public abstract FlowEndpoint Destination { get; }

    /// <summary>The frames and bytes that passed.</summary>
    public abstract FlowFigures Figures { get; }

    /// <summary>The memory of flows that the rule at hand has; ends with <see cref="EndState"/>.</summary>
    /// <param name="index">The flow's place in it.</param>
    /// <exception cref="InvalidOperationException">On another thread.</exception>
    public abstract FlowStates BeginState(out int index);

    /// <summary>The state was found.</summary>
    public abstract void EndState();

    /// <summary>The rule at hand lets go of the flow.</summary>
    /// <exception cref="InvalidOperationException">On another thread.</exception>
    public abstract void Release();

    /// <summary>A rule changed data of the connection, by this much more than when it said so last.</summary>
    /// <param name="fromClient">Of what the end sent that opened it.</param>
    /// <param name="fromServer">Of what the other end sent.</param>
    public virtual void NoteEdits(in StreamEdits fromClient, in StreamEdits fromServer)
    {
    }
}

/// <summary>The frames and bytes of a flow that passed. Times are UTC, in <see cref="DateTime.Ticks"/>.</summary>
/// <param name="FramesFromLeft">Frames that arrived on the left port.</param>
/// <param name="FramesFromRight">Frames that arrived on the right port.</param>
/// <param name="BytesFromLeft">Their octets.</param>
/// <param name="BytesFromRight">Their octets.</param>
/// <param name="FirstSeen">When the first frame arrived.</param>
/// <param name="SeenBefore">When the frame before the one at hand arrived.</param>
/// <param name="Now">When the frame at hand arrived.</param>
internal readonly record struct FlowFigures(
    long FramesFromLeft, long FramesFromRight, long BytesFromLeft, long BytesFromRight, long FirstSeen, long SeenBefore, long Now);

/// <summary>The flow of a frame that belongs to none: nothing is counted of it, and what a rule remembers of it is forgotten.</summary>
internal sealed class NoFlow : FlowAtHand
{
    /// <inheritdoc/>
    public override bool IsKnown => false;

    /// <inheritdoc/>
    public override FlowEndpoint Source => default;

    /// <inheritdoc/>
    public override FlowEndpoint Destination => default;

    /// <inheritdoc/>
    public override FlowFigures Figures => default;

    /// <inheritdoc/>
    public override FlowStates BeginState(out int index)
    {
        index = 0;
        return new FlowStates();
    }

    /// <inheritdoc/>
    public override void EndState()
    {
    }

    /// <inheritdoc/>
    public override void Release()
    {
    }
}
