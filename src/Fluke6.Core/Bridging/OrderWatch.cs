using Fluke6.Ports;

namespace Fluke6.Bridging;

/// <summary>
/// Tells the fast path up to when frames that came to the bridge have left it, so that those which follow them overtake none. Goes by looks at the clock
/// that the loop takes anyway: a moment is told only once a port was found empty after it. Bridge's thread.
/// </summary>
/// <param name="path">The fast path.</param>
internal sealed class OrderWatch(FastPathSwitch path)
{
    // After frames, the ports are looked at once more after so long; then their flows are the path's, unless more came.
    private const long Quiet = 500_000;
    private long _lookAt;

    /// <summary>Frames that came to a port were processed.</summary>
    /// <param name="side">The port's.</param>
    /// <param name="before">A moment before they were received.</param>
    /// <param name="now">When they were.</param>
    /// <param name="more">Whether there may be more.</param>
    public void Processed(Side side, in Moment before, in Moment now, bool more)
    {
        if (!path.IsOn)
            return;

        if (!more)
            path.Handled(side, before);
        _lookAt = now.Monotonic + Quiet;
    }

    /// <summary>The ports were waited for.</summary>
    /// <param name="ready">Those that have frames.</param>
    /// <param name="before">A moment before.</param>
    public void Waited(ReadySides ready, in Moment before)
    {
        if (_lookAt == 0)
            return;

        if ((ready & ReadySides.Left) == 0)
            path.Handled(Side.Left, before);
        if ((ready & ReadySides.Right) == 0)
            path.Handled(Side.Right, before);
        if (ready == ReadySides.None && before.Monotonic >= _lookAt)
            _lookAt = 0;
    }

    /// <summary>How long to wait for frames at the most.</summary>
    /// <param name="patience">How long without this, in nanoseconds.</param>
    /// <param name="now">The moment that <see cref="Waited"/> is told next.</param>
    public long Patience(long patience, in Moment now) => _lookAt == 0 ? patience : Math.Min(patience, Math.Max(0, _lookAt - now.Monotonic));
}
