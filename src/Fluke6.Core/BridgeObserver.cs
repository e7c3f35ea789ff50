using System.Runtime.CompilerServices;
using Fluke6.Captures;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Ports;
using Fluke6.Rules;

namespace Fluke6;

/// <summary>Shows frames, before and after the chain, to what keeps flows and to what writes a capture. Bridge's thread only, but for
/// <see cref="Capture"/>.</summary>
internal sealed class BridgeObserver(FlowObserver? flows, TimeProvider clock)
{
    private CaptureFile? _capture;
    private CaptureFile? _capturing;
    private long _now;

    public FlowObserver? Flows => flows;

    /// <summary>The capture to write from the next batch on. From any thread.</summary>
    public CaptureFile? Capture => Volatile.Read(ref _capture);

    /// <summary>Begins to write a capture. From any thread.</summary>
    /// <returns>False if another is being written.</returns>
    public bool TryBeginCapture(CaptureFile capture) => Interlocked.CompareExchange(ref _capture, capture, null) is null;

    /// <summary>Writes no more of the capture, and hands it over. From any thread.</summary>
    public CaptureFile? TakeCapture() => Interlocked.Exchange(ref _capture, null);

    /// <summary>Writes no more of a capture, unless another took its place already. From any thread.</summary>
    public void EndCapture(CaptureFile capture) => Interlocked.CompareExchange(ref _capture, null, capture);

    /// <summary>Frames come, or go. One look at the clock serves a batch: it costs as much as a frame.</summary>
    public void BeginBatch()
    {
        _capturing = Capture;
        if (flows is null && _capturing is null)
            return;

        _now = clock.GetUtcNow().UtcTicks;
        flows?.BeginBatch(_now);
    }

    /// <summary>A frame is about to enter the chain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Arrived(FrameBuffer frame)
    {
        flows?.Arrived(frame);
        _capturing?.Arrived(frame, _now);
    }

    /// <summary>A frame left the chain.</summary>
    /// <param name="frame">As it is now.</param>
    /// <param name="verdict">What becomes of it.</param>
    /// <param name="decider">The rule that said so; null if none did.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Departed(FrameBuffer frame, Verdict verdict, RuleEntry? decider)
    {
        flows?.Left(frame, verdict);
        _capturing?.Left(frame, verdict, decider, _now);
    }

    /// <summary>Rules send frames of their own.</summary>
    /// <param name="side">Where they go out.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="rules">The number of the rule behind each.</param>
    public void Sending(Side side, ReadOnlySpan<FrameBuffer> frames, ReadOnlySpan<byte> rules)
    {
        BeginBatch();
        for (int i = 0; i < frames.Length; i++)
        {
            flows?.Sent(frames[i]);
            _capturing?.Sent(side, frames[i], rules[i], _now);
        }
    }
}
