namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>
    /// Holds the frame back: <c>return frame.Hold(TimeSpan.FromMilliseconds(40));</c>. It leaves the chain as it is now, and after the
    /// delay goes on through the rules after this one and out, a super-segment still one. Of an inner frame, the whole frame is held.
    /// </summary>
    /// <remarks>
    /// <para>Frames that are due at the same moment go on in the order in which they were held. The rule may be reloaded, moved, switched
    /// off or taken out meanwhile: what it held goes on at its time, after the place where the rule is or was. When the bridge stops, all
    /// goes on at once.</para>
    /// <para>A bridge holds 262,144 frames and 256 MiB at most. What does not fit is dropped, counted and told in the log.</para>
    /// </remarks>
    /// <param name="delay">How long, at least: never less, and about the time of a thread's wake-up more. Not negative.</param>
    /// <returns><see cref="Verdict.Hold"/>, which the rule is to return.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    public readonly Verdict Hold(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Buffer.Outermost.HoldFor = Moment.Nanoseconds(delay);
        return Verdict.Hold;
    }
}
