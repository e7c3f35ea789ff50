using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Bridging;

/// <summary>
/// Gives out a batch's frames as a wire would carry them, in their order: super-segments cut up, a few at a time. For chains whose rules ask for
/// that. Bridge's thread only; if that hangs in a rule, the next one goes on with what is left.
/// </summary>
/// <param name="port">Where the frames arrived, which counts those that cannot be cut.</param>
internal sealed class WireSizedFrames(IPort port)
{
    // A super-segment of 64 KiB has 45 segments of full size.
    private const int AtOnce = 64;

    private readonly Segmentation _segmentation = new();
    private readonly FrameBatch _given = new(AtOnce, new FrameUndo());
    private FrameBatch? _batch;
    private int _next;

    /// <summary>Whether frames of the batch are left.</summary>
    public bool HasMore => _batch is not null;

    /// <summary>Begins with a batch, which must stay as it is until <see cref="HasMore"/> is false.</summary>
    public void Begin(FrameBatch batch) => (_batch, _next) = (batch, 0);

    /// <summary>The next frames; none if there are no more.</summary>
    public FrameBatch Next()
    {
        FrameBatch given = _given;
        given.Count = 0;
        while (_batch is { } batch && given.Count < AtOnce)
        {
            FrameBuffer into = given.Buffers[given.Count];
            if (_segmentation.TryNext(into))
            {
                into.TagRoom = batch.TagRoom;
                given.Count++;
            }
            else if (_next == batch.Count)
            {
                batch.Count = 0;
                _batch = null;
            }
            else if (batch.Buffers[_next].Offload.Segmentation == SegmentationKind.None)
            {
                // As it is: the buffers change places.
                given.Replace(given.Count++, batch.Buffers[_next]);
                batch.Replace(_next++, into);
            }
            else if (!_segmentation.Begin(batch.Buffers[_next++]))
            {
                CountNotCut(batch.Buffers[_next - 1]);
            }
        }

        return given;
    }

    // The port has counted it as received.
    private void CountNotCut(FrameBuffer frame)
    {
        port.Counters.RxFrames--;
        port.Counters.RxBytes -= frame.Length;
        port.Counters.CountRxDropped(ReceiveLoss.NotCut);
    }
}
