using Fluke6.Engine;
using Fluke6.Frames;

namespace Fluke6.Impairments;

/// <summary>
/// The packets that one impairment is for: those of a direction together or, where that is asked for, those of each flow by themselves. Worker's thread, but for
/// <see cref="Figures"/>.
/// </summary>
internal sealed class ImpairedPackets
{
    private readonly ImpairmentSpecification _asked;
    private readonly int _number;
    private readonly HeldFrames _held;
    private readonly SegmentRuns _runs = new();
    private readonly ImpairedDirection?[] _together;
    private long _flows;

    /// <summary>None so far.</summary>
    /// <param name="asked">The stages.</param>
    /// <param name="number">Which one of the rule's impairments, from 1.</param>
    /// <param name="held">Where packets wait.</param>
    public ImpairedPackets(ImpairmentSpecification asked, int number, HeldFrames held)
    {
        (_asked, _number, _held) = (asked, number, held);
        _together = [For(Side.Left), For(Side.Right)];
        Figures = [.. _together.OfType<ImpairedDirection>().Select(direction => direction.Figures)];

        ImpairedDirection? For(Side side) => asked.From is { } from && from != side ? null
            : new ImpairedDirection(asked, new ImpairmentFigures(side), _runs, held, flow: 0);
    }

    /// <summary>The figures of each direction, all flows together.</summary>
    public IReadOnlyList<ImpairmentFigures> Figures { get; }

    /// <summary>The packets that a frame belongs to; null where its direction is left alone.</summary>
    /// <exception cref="InvalidOperationException">Each flow is by itself, and the bridge keeps no flows.</exception>
    public ImpairedDirection? Of(ref Frame frame)
    {
        FrameBuffer buffer = frame.Buffer.Outermost;
        // A frame that was held for longer than its flow was kept belongs to none.
        return _together[(int)buffer.From] is not { } together ? null : !_asked.IsPerFlow || buffer.Flow is { IsKnown: false } ? together
            : OfFlow(ref frame, together);
    }

    private ImpairedDirection OfFlow(ref Frame frame, ImpairedDirection together)
    {
        ref Own? first = ref frame.Flow.State<Own?>();
        Own? own = first;
        while (own is not null && own.Packets != this)
            own = own.Next;
        if (own is null)
        {
            // An earlier version's, of which this impairment takes the place, is forgotten.
            Own? others = null;
            for (Own? other = first; other is not null; other = other.Next)
            {
                if (other.Packets._number != _number)
                    others = new Own(other.Packets, other.Flow, other.Directions, others);
            }

            first = own = new Own(this, ++_flows, new ImpairedDirection?[2], others);
        }

        return own.Directions[(int)together.Figures.From] ??= new ImpairedDirection(_asked, together.Figures, _runs, _held, own.Flow);
    }

    /// <summary>A flow's part in a rule's impairments: in each impairment its number and its packets of each direction.</summary>
    private sealed record Own(ImpairedPackets Packets, long Flow, ImpairedDirection?[] Directions, Own? Next);
}
