using Fluke6.Engine;
using Fluke6.Frames;

namespace Fluke6.Captures;

/// <summary>
/// Shows frames to the captures that are being written, if any is. A capture begins and ends between two batches; any thread may ask for it.
/// </summary>
internal sealed class CaptureTap : FrameTap
{
    /// <summary>How many captures may be written at once: each has memory of its own.</summary>
    public const int Most = 16;

    private CaptureFile[] _captures = [];      // replaced as a whole
    private CaptureFile[] _capturing = [];     // of the batch at hand, which is shown only if there is one
    private long _now;

    /// <summary>A tap without a capture.</summary>
    public CaptureTap() => AwaitsDeparture = true;

    /// <summary>The captures to write from the next batch on, in the order in which they began.</summary>
    public IReadOnlyList<CaptureFile> Captures => Volatile.Read(ref _captures);

    /// <summary>Begins to write a capture.</summary>
    /// <returns>False if as many as may be are being written.</returns>
    public bool TryBegin(CaptureFile capture)
    {
        CaptureFile[] before = Volatile.Read(ref _captures);
        return before.Length < Most && (TryReplace(before, [.. before, capture]) || TryBegin(capture));
    }

    /// <summary>Writes no more of a capture.</summary>
    /// <returns>False if another thread saw to that before.</returns>
    public bool End(CaptureFile capture)
    {
        CaptureFile[] before = Volatile.Read(ref _captures);
        return before.Contains(capture) && (TryReplace(before, [.. before.Where(other => other != capture)]) || End(capture));
    }

    /// <inheritdoc/>
    public override bool BeginBatch(in Moment now)
    {
        CaptureFile[] captures = Volatile.Read(ref _captures);
        if (captures.Length == 0)
            return false;

        (_capturing, _now) = (captures, now.Utc);
        return true;
    }

    /// <inheritdoc/>
    public override void Arrived(FrameBuffer frame)
    {
        foreach (CaptureFile capture in _capturing)
            capture.Arrived(frame, _now);
    }

    /// <inheritdoc/>
    public override void Sent(Side side, FrameBuffer frame, int rule)
    {
        foreach (CaptureFile capture in _capturing)
            capture.Sent(side, frame, rule, _now);
    }

    /// <inheritdoc/>
    protected override void LookAgain(FrameBuffer frame, Verdict verdict, RuleEntry? decider)
    {
        foreach (CaptureFile capture in _capturing)
            capture.Departed(frame, verdict, decider, _now);
    }

    private bool TryReplace(CaptureFile[] before, CaptureFile[] after) => Interlocked.CompareExchange(ref _captures, after, before) == before;
}
