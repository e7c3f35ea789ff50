using Fluke6.Engine;

namespace Fluke6.Impairments;

/// <summary>
/// The TCP connections of others that share a link: each always has something to send, in packets of full size, and goes by slow start, congestion avoidance and halving
/// (RFC 5681, with SACK: one loss or several in a round trip halve the window once). Their packets have a place in the queue and their time on the link, and nobody receives
/// them. They rest when no packet of the rule's has come for a second. Worker's thread only.
/// </summary>
internal sealed class CrossTraffic(int connections, TimeSpan roundTrip, HeldFrames held, LinkQueue link, HoldQueue owner, ImpairmentFigures figures)
{
    private const int Octets = 1514;
    private const long Rest = Moment.Frequency;

    // RFC 6928 §2.
    private const int InitialWindow = 10;

    private readonly Connection[] _connections = [.. Enumerable.Range(0, connections).Select(_ => new Connection())];
    private readonly long _roundTrip = Moment.Nanoseconds(roundTrip);
    private long _lastSeen;
    private bool _isOff;

    /// <summary>A packet of the rule's came: the others send if they do not yet.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isOff">Whether nothing is to be done to packets now.</param>
    public void Go(long now, bool isOff)
    {
        (_lastSeen, _isOff) = (now, isOff);
        for (int i = 0; i < connections && !isOff; i++)
        {
            if (_connections[i].InFlight > 0)
                continue;

            _connections[i] = new Connection();
            Fill(i, now);
        }
    }

    /// <summary>A packet is due: the link has sent it, or its acknowledgment has come.</summary>
    public Departure Leave(int slot, long due, bool isEnd)
    {
        int index = (int)held[slot].Number;
        ref Connection connection = ref _connections[index];
        if (!isEnd && held[slot].Phase == ImpairedDirection.OnLink)
        {
            link.SendNext(due, isEnd: false);
            figures.CountOther();
            held[slot].Phase = ImpairedDirection.UnderWay;
            held.Schedule(slot, due + _roundTrip);
            return Departure.Stays;
        }

        connection.InFlight--;
        if (held[slot].IsDoomed)
        {
            connection.Lose(due, _roundTrip);
        }
        else
        {
            connection.Window += connection.Window < connection.Threshold ? 1 : 1 / connection.Window;
        }

        if (!isEnd)
            Fill(index, due);
        return Departure.Forgotten;
    }

    private void Fill(int index, long now)
    {
        ref Connection connection = ref _connections[index];
        if (_isOff || now - _lastSeen > Rest)
            return;

        while (connection.InFlight < (int)connection.Window)
        {
            if (!link.Admits(Octets, now))
            {
                connection.Lose(now, _roundTrip);
                return;
            }

            int slot = held.TryReserve(owner);
            if (slot < 0)
                return;

            ref HeldFrame packet = ref held[slot];
            packet.Number = index;
            packet.WireOctets = Octets;
            connection.InFlight++;
            link.Add(slot, now);
        }
    }

    private struct Connection()
    {
        public double Window = InitialWindow, Threshold = double.PositiveInfinity;
        public int InFlight;
        private long _halvedUntil;

        public void Lose(long now, long roundTrip)
        {
            if (now < _halvedUntil)
                return;

            Window = Threshold = Math.Max(2, Window / 2);
            _halvedUntil = now + roundTrip;
        }
    }
}
