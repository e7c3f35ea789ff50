using Fluke6.Engine;
using Fluke6.Frames;

namespace Fluke6.Bridging;

/// <summary>Keeps what departs, and what became of the frame that arrived last.</summary>
internal sealed class RehearsalTap : FrameTap
{
    private readonly LinkType _linkType;

    /// <summary>A tap that kept nothing yet.</summary>
    public RehearsalTap(LinkType linkType)
    {
        _linkType = linkType;
        AwaitsDeparture = true;
    }

    /// <summary>Whether to keep anything.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>The frames that departed.</summary>
    public List<DepartedFrame> DepartedFrames { get; } = [];

    /// <summary>The verdict on the frame that arrived last.</summary>
    public Verdict Verdict { get; private set; }

    /// <inheritdoc/>
    public override bool BeginBatch(in Moment now) => IsOn;

    /// <inheritdoc/>
    public override void Arrived(FrameBuffer frame)
    {
    }

    /// <inheritdoc/>
    public override void Sent(Side side, FrameBuffer frame, int rule) => Add(side, frame, isSame: false);

    /// <inheritdoc/>
    protected override void LookAgain(FrameBuffer frame, Verdict verdict, RuleEntry? decider)
    {
        Verdict = verdict;
        if (verdict is not (Verdict.Drop or Verdict.Hold))
            Add(verdict == Verdict.Reflect ? frame.From : frame.From.Opposite(), frame, !frame.Rewritten && !frame.WasHeld);
    }

    private void Add(Side side, FrameBuffer frame, bool isSame)
    {
        byte[] octets = frame.Octets.ToArray();
        PartialChecksum.Complete(octets, _linkType, frame.Offload);
        DepartedFrames.Add(new DepartedFrame(side, octets, isSame, frame.Corrupted));
    }
}
