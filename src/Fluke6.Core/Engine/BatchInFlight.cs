using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Engine;

/// <summary>
/// All that a worker has in hand of a batch: which frame is in the chain, and those that have their verdicts and leave when the batch is
/// through. A thread that is left behind in a rule keeps none of it but a frame that nobody else uses any more.
/// </summary>
internal sealed class BatchInFlight
{
    private FrameBuffer[] _forward = [];
    private FrameBuffer[] _reflect = [];
    private FrameBatch? _batch;
    private int _forwardCount;
    private int _reflectCount;

    /// <summary>The port that the frames came from.</summary>
    public Side From { get; private set; }

    /// <summary>When the frames arrived, in nanoseconds since 1970, UTC.</summary>
    public long ArrivedAt { get; private set; }

    /// <summary>The frames.</summary>
    public ReadOnlySpan<FrameBuffer> Frames => _batch is null ? [] : _batch.Frames;

    /// <summary>Which of them is in the chain, or will be next.</summary>
    public int Index { get; set; }

    /// <summary>Frames that leave by the other port.</summary>
    public ReadOnlySpan<FrameBuffer> Forward => _forward.AsSpan(0, _forwardCount);

    /// <summary>Frames that go back to where they came from.</summary>
    public ReadOnlySpan<FrameBuffer> Reflect => _reflect.AsSpan(0, _reflectCount);

    /// <summary>Takes a batch in hand, of which nothing is done yet.</summary>
    public void Begin(FrameBatch batch, Side from, in Moment now)
    {
        if (batch.Count > _forward.Length)
            (_forward, _reflect) = (new FrameBuffer[batch.Buffers.Length], new FrameBuffer[batch.Buffers.Length]);
        _batch = batch;
        From = from;
        ArrivedAt = now.Utc;
        Index = 0;
        _forwardCount = _reflectCount = 0;
    }

    /// <summary>The frame at hand has its verdict.</summary>
    public void Decide(FrameBuffer frame, Verdict verdict)
    {
        if (verdict is Verdict.Continue or Verdict.Accept)
            _forward[_forwardCount++] = frame;
        else if (verdict == Verdict.Reflect)
            _reflect[_reflectCount++] = frame;
    }

    /// <summary>Everything has been sent.</summary>
    public void End()
    {
        if (_batch is not null)
            _batch.Count = 0;
        Index = 0;
        _forwardCount = _reflectCount = 0;
    }

    /// <summary>Puts a copy of the frame at hand, as the rule found it, in its place: the rule, which does not return, keeps the original.</summary>
    /// <returns>The copy.</returns>
    public FrameBuffer ReplaceFrameAtHand()
    {
        FrameBuffer original = Frames[Index];
        FrameBuffer copy = original.LeaveBehind();
        _batch!.Replace(Index, copy);
        return copy;
    }
}
