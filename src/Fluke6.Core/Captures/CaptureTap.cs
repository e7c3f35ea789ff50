using Fluke6.Engine;
using Fluke6.Frames;

namespace Fluke6.Captures;

/// <summary>
/// Shows frames to the capture that is being written, if one is. A capture begins and ends between two batches; any thread may ask for it.
/// </summary>
internal sealed class CaptureTap : FrameTap
{
    private CaptureFile? _capture;
    private CaptureFile _capturing = null!;    // of the batch at hand, which is shown only if there is one
    private long _now;

    /// <summary>A tap without a capture.</summary>
    public CaptureTap() => AwaitsDeparture = true;

    /// <summary>The capture to write from the next batch on.</summary>
    public CaptureFile? Capture => Volatile.Read(ref _capture);

    /// <summary>Begins to write a capture.</summary>
    /// <returns>False if another is being written.</returns>
    public bool TryBegin(CaptureFile capture) => Interlocked.CompareExchange(ref _capture, capture, null) is null;

    /// <summary>Writes no more of the capture, and hands it over.</summary>
    public CaptureFile? Take() => Interlocked.Exchange(ref _capture, null);

    /// <summary>Writes no more of a capture, unless another took its place already.</summary>
    public void End(CaptureFile capture) => Interlocked.CompareExchange(ref _capture, null, capture);

    /// <inheritdoc/>
    public override bool BeginBatch(in Moment now)
    {
        if (Capture is not { } capture)
            return false;

        (_capturing, _now) = (capture, now.Utc);
        return true;
    }

    /// <inheritdoc/>
    public override void Arrived(FrameBuffer frame) => _capturing.Arrived(frame, _now);

    /// <inheritdoc/>
    public override void Sent(Side side, FrameBuffer frame, int rule) => _capturing.Sent(side, frame, rule, _now);

    /// <inheritdoc/>
    protected override void LookAgain(FrameBuffer frame, Verdict verdict, RuleEntry? decider) =>
        _capturing.Departed(frame, verdict, decider, _now);
}
