using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Engine;

/// <summary>
/// Frames that rules hold, soonest due first, and those that are due at the same time in the order in which they were held. Bounded; once
/// it has grown to what is needed it allocates nothing. Times are <see cref="Moment.Monotonic"/>. Worker's thread only.
/// </summary>
internal sealed class HeldFrames(RuleServices services)
{
    private const int None = -1;
    private const long Parked = -1;

    private readonly PriorityQueue<int, (long Due, long Order)> _queue = new();
    private readonly OctetBlocks _blocks = new();
    private readonly Dictionary<string, HoldSource> _sources = [];
    private HeldFrame[] _frames = new HeldFrame[64];
    private RuleChain _chain = RuleChain.Empty;
    private int _made;
    private int _free = None;
    private long _order;
    private bool _isEnding;

    /// <summary>How many frames there may be.</summary>
    public int MaxFrames { get; init; } = 1 << 18;

    /// <summary>How many octets they may take.</summary>
    public long MaxOctets { get; init; } = 256 << 20;

    /// <summary>The taps, which say what is to be known of a frame when it goes on.</summary>
    public FrameTaps? Taps { get; set; }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many octets of memory their octets have, used or not.</summary>
    public long Memory => _blocks.Memory;

    /// <summary>When the next one is due; null if none waits for its time.</summary>
    public long? NextDue
    {
        get
        {
            while (_queue.TryPeek(out int slot, out (long Due, long Order) next))
            {
                if (_frames[slot].Order == next.Order)
                    return next.Due;

                // It was given another time since.
                _queue.Dequeue();
            }

            return null;
        }
    }

    /// <summary>A frame that is held.</summary>
    public ref HeldFrame this[int slot] => ref _frames[slot];

    /// <summary>Whether one is due.</summary>
    public bool IsDue(long now) => _queue.Count > 0 && NextDue <= now;

    /// <summary>Where a rule's frames come from.</summary>
    public HoldSource SourceOf(string name, RuleCounters counters)
    {
        if (_sources.TryGetValue(name, out HoldSource? source))
            return source;

        source = new HoldSource(name, counters)
        {
            ResumesAt = _chain.PositionOf(name) + 1,
            NumberBit = 1UL << services.RuleNames.NumberOf(name),
        };
        _sources.Add(name, source);
        return source;
    }

    /// <summary>Holds a copy of a frame as it stands.</summary>
    /// <param name="frame">The frame; an outermost one.</param>
    /// <param name="source">The rule.</param>
    /// <param name="due">Until when; null while its queue gives it no time.</param>
    /// <param name="queue">Who decides when it is due; null for nobody: it goes on then.</param>
    /// <param name="isOfFrameAtHand">Whether it is, or is made of, the frame that arrived last.</param>
    /// <returns>Where it is; −1 if there is no room, which is counted and told: it is dropped.</returns>
    public int TryAdd(FrameBuffer frame, HoldSource source, long? due, HoldQueue? queue = null, bool isOfFrameAtHand = true)
    {
        frame.SettleInner();
        ReadOnlySpan<byte> octets = frame.OffloadAndOctets, arrival = frame.Rewritten ? frame.ArrivedOctets : [];
        if (Count >= MaxFrames || (_blocks.Used + OctetBlocks.CountFor(octets.Length + arrival.Length)) * (long)OctetBlocks.BlockLength > MaxOctets)
        {
            Refuse(source);
            return None;
        }

        if (isOfFrameAtHand)
            Taps?.Keep(frame, source.NumberBit);
        else
            frame.FlowNote = FlowNote.None;
        int slot = TakeSlot();
        ref HeldFrame held = ref _frames[slot];
        held = new HeldFrame
        {
            Facts = frame.Facts,
            Source = source,
            Queue = queue,
            Length = frame.Length,
            ArrivalCount = arrival.Length,
            ArrivalLength = frame.ArrivedLength,
            Block = _blocks.Add(octets, arrival),
            Order = Parked,
        };
        held.Facts.HoldingRules |= source.NumberBit;
        held.Facts.HitRules |= source.NumberBit;
        held.Facts.HoldFor = FrameBuffer.NotHeld;
        Count++;
        source.Counters.Held++;
        source.Holding++;
        if (due is { } time)
            Schedule(slot, time);
        return slot;
    }

    /// <summary>Takes up a place without a frame, for a queue that others' packets pass.</summary>
    /// <param name="queue">Who decides when it is due, and has it forgotten.</param>
    /// <returns>Where it is; −1 if there is no room.</returns>
    public int TryReserve(HoldQueue queue)
    {
        if (Count >= MaxFrames)
            return None;

        int slot = TakeSlot();
        _frames[slot] = new HeldFrame { Queue = queue, Order = Parked, IsReserved = true };
        Count++;
        return slot;
    }

    /// <summary>Gives a frame another time, or one at all.</summary>
    public void Schedule(int slot, long due)
    {
        long order = _order++;
        _frames[slot].Order = order;
        _queue.Enqueue(slot, (due, order));
    }

    /// <summary>Drops a frame at the next opportunity, which taps then see.</summary>
    public void Doom(int slot, long now)
    {
        _frames[slot].IsDoomed = true;
        Schedule(slot, now);
    }

    /// <summary>Takes the next frame that is due and leaves, whether it goes on or is dropped.</summary>
    /// <param name="now">The time.</param>
    /// <param name="into">Gets the frame.</param>
    /// <param name="isDropped">Whether it is dropped.</param>
    public bool TryTakeDue(long now, FrameBuffer into, out bool isDropped)
    {
        isDropped = false;
        while (NextDue is { } due && (due <= now || _isEnding))
        {
            int slot = _queue.Dequeue();
            ref HeldFrame frame = ref _frames[slot];
            frame.Order = Parked;
            isDropped = frame.IsDoomed;
            if ((!isDropped || frame.IsReserved) && frame.Queue is { } queue)
            {
                Departure departure = queue.Leave(slot, due, now, _isEnding);
                if (departure == Departure.Stays)
                    continue;

                if (departure == Departure.Forgotten)
                {
                    Free(slot);
                    continue;
                }

                isDropped = departure == Departure.Dropped;
            }

            // Whoever was asked may have held more, elsewhere in memory then.
            Release(slot, into, isEarly: due > now, isDropped);
            return true;
        }

        return false;
    }

    /// <summary>From here on all goes on at once.</summary>
    public void BeginEnd() => _isEnding = true;

    /// <summary>Another chain is in force: frames go on after the place where their rule is in it or, where it is gone, was.</summary>
    public void Follow(RuleChain chain)
    {
        foreach (HoldSource source in _sources.Values)
        {
            int position = chain.PositionOf(source.Name);
            if (position >= 0)
            {
                source.ResumesAt = position + 1;
                source.CountIn(chain.RuleAt(position)!.Counters);
                continue;
            }

            int before = source.ResumesAt - 1;
            while (before >= 0 && (_chain.RuleAt(before) is not { } rule || rule.Name == source.Name || chain.PositionOf(rule.Name) < 0))
                before--;
            source.ResumesAt = before < 0 ? 0 : chain.PositionOf(_chain.RuleAt(before)!.Name) + 1;
        }

        foreach (HoldSource source in _sources.Values)
        {
            if (source.Holding == 0 && chain.PositionOf(source.Name) < 0)
                _sources.Remove(source.Name);
        }

        _chain = chain;
    }

    private int TakeSlot()
    {
        int slot = _free;
        if (slot != None)
        {
            _free = _frames[slot].Next;
            return slot;
        }

        if (_made == _frames.Length)
            Array.Resize(ref _frames, _frames.Length * 2);
        return _made++;
    }

    private void Release(int slot, FrameBuffer into, bool isEarly, bool isDropped)
    {
        ref HeldFrame frame = ref _frames[slot];
        _blocks.Take(frame.Block, into.RoomFor(frame.Length), into.RoomForArrival(frame.ArrivalCount, frame.ArrivalLength));
        HoldSource source = frame.Source;
        frame.Facts.ResumesAt = source.ResumesAt;
        into.Resume(frame.Length, frame.Facts);
        Free(slot);
        source.Holding--;
        source.SaidFull &= Count > MaxFrames / 2;
        if (isDropped)
            source.Counters.Dropped++;
        else if (isEarly)
            source.Counters.ReleasedEarly++;
    }

    private void Free(int slot)
    {
        // An entry of it that is still in the queue, from before it was given another time, is of no frame.
        _frames[slot] = new HeldFrame { Order = Parked, Next = _free };
        _free = slot;
        Count--;
    }

    private void Refuse(HoldSource source)
    {
        source.Counters.HoldRefused++;
        source.Counters.Dropped++;
        if (source.SaidFull)
            return;

        source.SaidFull = true;
        services.Journal.Add(new LogNote(
            source.Name, $"frames are dropped that it wants to hold: {Count:N0} are held, in {_blocks.Used * (long)OctetBlocks.BlockLength >> 20:N0} MiB, "
                + $"and there is room for {MaxFrames:N0} and {MaxOctets >> 20:N0} MiB; hold fewer, or for a shorter time")
        {
            Time = services.Now.UtcTime,
        });
    }
}
