using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Engine;

/// <summary>
/// All that a worker has in hand of a batch: which frame is in the chain, and those that have their verdicts and leave when the batch is
/// through. A thread that is left behind in a rule keeps none of it but a frame that nobody else uses any more.
/// </summary>
internal sealed class BatchInFlight
{
    private readonly FrameBuffer[][] _leaving = [[], []];
    private readonly int[] _counts = new int[2];
    private FrameBatch? _batch;

    /// <summary>The port that the frames came from; of frames that were held, which came from both, any.</summary>
    public Side From { get; private set; }

    /// <summary>When the frames arrived, in nanoseconds since 1970, UTC.</summary>
    public long ArrivedAt { get; private set; }

    /// <summary>The frames.</summary>
    public ReadOnlySpan<FrameBuffer> Frames => _batch is null ? [] : _batch.Frames;

    /// <summary>Which of them is in the chain, or will be next.</summary>
    public int Index { get; set; }

    /// <summary>Frames that leave by a side.</summary>
    public ReadOnlySpan<FrameBuffer> Leaving(Side side) => _leaving[(int)side].AsSpan(0, _counts[(int)side]);

    /// <summary>Takes a batch in hand, of which nothing is done yet.</summary>
    public void Begin(FrameBatch batch, Side from, in Moment now)
    {
        if (batch.Count > _leaving[0].Length)
            (_leaving[0], _leaving[1]) = (new FrameBuffer[batch.Buffers.Length], new FrameBuffer[batch.Buffers.Length]);
        _batch = batch;
        From = from;
        ArrivedAt = now.Utc;
        Index = 0;
        _counts[0] = _counts[1] = 0;
    }

    /// <summary>The frame at hand has its verdict.</summary>
    public void Decide(FrameBuffer frame, Verdict verdict)
    {
        if (verdict is Verdict.Drop or Verdict.Hold)
            return;

        int side = (int)(verdict == Verdict.Reflect ? frame.From : frame.From.Opposite());
        _leaving[side][_counts[side]++] = frame;
    }

    /// <summary>Everything has been sent.</summary>
    public void End()
    {
        if (_batch is not null)
            _batch.Count = 0;
        Index = 0;
        _counts[0] = _counts[1] = 0;
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
