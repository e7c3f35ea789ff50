using Fluke6.Engine;

namespace Fluke6.Impairments;

/// <summary>
/// The queue before a link, and the packet that the link is sending. Packets are slots of <see cref="HeldFrames"/>; each knows the one
/// after it. One direction's.
/// </summary>
internal sealed class LinkQueue(QueueModel model, LinkModel link, HeldFrames held, ImpairmentFigures figures) : ControlledDelay.IQueue
{
    private const int None = -1;
    private readonly ControlledDelay? _controlledDelay = model.Kind == QueueKind.CoDel
        ? new ControlledDelay(Moment.Nanoseconds(model.Target), Moment.Nanoseconds(model.Interval)) : null;

    private int _head = None;
    private int _tail = None;
    private int _packets;
    private int _counted;

    /// <summary>Whether only the network packet counts, without the link header before it.</summary>
    public bool CountsPackets => link.CountsPackets;

    /// <inheritdoc/>
    public long Octets { get; private set; }

    /// <summary>Whether a packet waits or is being sent.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>How many packets were dropped that were in it.</summary>
    public int Dropped { get; private set; }

    /// <summary>The link in use, in place of the rule's.</summary>
    public LinkModel? Other { get; set; }

    /// <summary>Whether there is room for a packet; one that drops at its head makes some.</summary>
    public bool Admits(int octets, long now)
    {
        if (!IsBusy)
            return true;
        while (_packets + 1 > model.Packets || Octets + octets > model.Octets)
        {
            if (model.Kind != QueueKind.DropHead || _packets == 0)
                return false;

            Drop(Take(out _), now);
        }

        return true;
    }

    /// <summary>Puts a packet at the end.</summary>
    public void Add(int slot, long now)
    {
        ref HeldFrame frame = ref held[slot];
        frame.Since = now;
        frame.Next = None;
        if (_tail == None)
            _head = slot;
        else
            held[_tail].Next = slot;
        _tail = slot;
        _packets++;
        Octets += frame.WireOctets;
        if (!IsBusy)
            SendNext(now, isEnd: false);
        Count();
    }

    /// <summary>The link is free: it sends the next packet, if there is one.</summary>
    public void SendNext(long now, bool isEnd)
    {
        int slot = _controlledDelay is null || isEnd ? Take(out _) : _controlledDelay.Dequeue(this, now);
        Count();
        IsBusy = slot != None;
        if (!IsBusy)
            return;

        held[slot].Phase = ImpairedDirection.OnLink;
        held.Schedule(slot, (Other ?? link).Send(now, held[slot].WireOctets));
    }

    /// <inheritdoc/>
    public int Take(out long since)
    {
        int slot = _head;
        since = 0;
        if (slot == None)
            return None;

        since = held[slot].Since;
        _head = held[slot].Next;
        if (_head == None)
            _tail = None;
        _packets--;
        Octets -= held[slot].WireOctets;
        return slot;
    }

    /// <inheritdoc/>
    public void Drop(int packet, long now)
    {
        if (!held[packet].IsReserved)
        {
            Dropped++;
            figures.CountQueueDrop();
        }

        held.Doom(packet, now);
    }

    private void Count()
    {
        figures.CountQueued(_packets - _counted);
        _counted = _packets;
    }
}
