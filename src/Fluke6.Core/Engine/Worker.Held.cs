using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Engine;

// Frames that rules held and that go on.
internal sealed partial class Worker
{
    private const int HeldAtOnce = 32;

    // Made when a frame is held first.
    private FrameBatch? _resumed;

    /// <summary>Lets frames go on that are due, as many as make a batch.</summary>
    /// <returns>Whether there was one.</returns>
    private bool RunHeld(in Moment now)
    {
        FrameBatch batch = _resumed ??= new FrameBatch(HeldAtOnce);
        batch.Count = 0;
        bool any = false;
        while (batch.Count < HeldAtOnce && _services.Held.TryTakeDue(now.Monotonic, batch.Buffers[batch.Count], out bool isDropped))
        {
            any = true;
            if (isDropped)
                Discard(batch.Buffers[batch.Count]);
            else
                batch.Count++;
        }

        if (batch.Count == 0)
            return any;

        _inFlight.Begin(batch, batch.Buffers[0].From, now);
        Finish(position: 0, isNew: true);
        return true;
    }

    /// <summary>Lets all frames go on that are held, before their time: the bridge stops.</summary>
    private void ReleaseHeld(in Moment now)
    {
        _services.Held.BeginEnd();
        while (RunHeld(now))
        {
        }
    }

    /// <summary>Puts a frame away that a rule wants to hold.</summary>
    /// <returns>The verdict: Drop if there is no room.</returns>
    private Verdict Hold(FrameBuffer frame, RuleEntry rule, bool isOfFrameAtHand = true)
    {
        long delay = frame.HoldFor;
        if (delay == FrameBuffer.Taken)
            return Verdict.Hold;

        HoldSource source = _services.Held.SourceOf(rule.Name, rule.Counters);
        long now = _services.Now.Monotonic, due = delay > long.MaxValue - now ? long.MaxValue : now + delay;
        return _services.Held.TryAdd(frame, source, due, queue: null, isOfFrameAtHand) >= 0 ? Verdict.Hold : Verdict.Drop;
    }

    private void Discard(FrameBuffer frame)
    {
        _taps.Resumed(frame);
        _taps.Departed(frame, Verdict.Drop, decider: null);
    }
}
