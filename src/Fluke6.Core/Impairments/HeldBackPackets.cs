using Fluke6.Engine;

namespace Fluke6.Impairments;

/// <summary>Packets that wait until others have passed them. Worker's thread.</summary>
internal sealed class HeldBackPackets(HeldFrames held)
{
    private readonly List<(int Slot, long Number, int Left)> _packets = [];

    /// <summary>How many wait.</summary>
    public int Count => _packets.Count;

    /// <summary>Adds a packet.</summary>
    /// <param name="slot">Where it is held.</param>
    /// <param name="number">Its number in its direction.</param>
    /// <param name="gap">How many are to pass it.</param>
    public void Add(int slot, long number, int gap) => _packets.Add((slot, number, gap));

    /// <summary>Packets passed: those that were held back until then follow.</summary>
    /// <param name="now">The time.</param>
    /// <param name="passes">How many passed.</param>
    /// <param name="newest">The number of the last packet so far, which does not pass itself.</param>
    public void Pass(long now, int passes, long newest)
    {
        if (_packets.Count == 0 || passes == 0)
            return;

        for (int i = 0; i < _packets.Count;)
        {
            (int slot, long number, int left) = _packets[i];
            left -= number == newest ? 0 : passes;
            if (left > 0)
            {
                _packets[i++] = (slot, number, left);
                continue;
            }

            // It is due now: the engine asks at once what is to become of it.
            _packets.RemoveAt(i);
            held.Schedule(slot, now);
        }
    }

    /// <summary>A packet's time is up, if it still waits: so many others did not come.</summary>
    public void Forget(int slot)
    {
        for (int i = 0; i < _packets.Count; i++)
        {
            if (_packets[i].Slot != slot)
                continue;

            _packets.RemoveAt(i);
            return;
        }
    }
}
