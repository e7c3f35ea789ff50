using Fluke6.Engine;
using Fluke6.Wire;

namespace Fluke6.Streams;

// The sender speaks: its octets are put in order and shown to the rule, which says what becomes of each.
internal sealed partial class StreamDirection
{
    /// <summary>Takes octets in, and lets the rule decide about all that are in order.</summary>
    private void Take(uint number, ReadOnlySpan<byte> octets, bool fin, StreamWork work)
    {
        uint end = number + (uint)octets.Length, next = _waiting.End;
        if (_finIsDecided)
            return;

        // The receiver would not take it (RFC 9293 §3.10.7.4), so it must not keep the place of what belongs there.
        if (SequenceNumber.IsAfter(number, next) && SequenceNumber.IsAfter(end, _promised))
        {
            work.Figures.Refused++;
            return;
        }

        if (fin && !_hasFin && !SequenceNumber.IsBefore(end, next))
        {
            (_hasFin, _finAt) = (true, end);
            _waiting.ForgetFrom(_finAt);
        }

        // Nothing follows a FIN, whoever says so.
        if (_hasFin && SequenceNumber.IsAfter(end, _finAt))
        {
            end = SequenceNumber.Later(number, _finAt);
            octets = octets[..(int)(end - number)];
        }

        bool isEnd = _hasFin && !_waiting.HasGap && !SequenceNumber.IsAfter(number, next) && !SequenceNumber.IsAfter(_finAt, SequenceNumber.Later(end, next));
        if (SequenceNumber.IsAfter(end, next))
        {
            bool isInOrder = !SequenceNumber.IsAfter(number, next);
            ReadOnlySpan<byte> fresh = isInOrder ? octets[(int)(next - number)..] : octets;
            if (isInOrder && _waiting.IsEmpty)
            {
                // Most often nothing waits: the rule sees the octets where they are.
                int used = Offer(fresh, isEnd, work);
                _waiting.Forget(_map.SenderEnd);
                if (used >= 0 && used < fresh.Length && !_waiting.TryAdd(_map.SenderEnd, fresh[used..], work.Capacity))
                    PassForRoom(fresh[used..], work);
                Settle(work);
                return;
            }

            if (!_waiting.TryAdd(SequenceNumber.Later(number, next), fresh, work.Capacity))
            {
                work.Figures.Refused++;
                return;
            }
        }

        if (HasSack && (_waiting.HasGap || (IsWaiting && _waiting.End == next)) && work.HandlerOf(_flow) is { Options.TellsOfWaiting: true })
            (_tellsOfWaiting, _cameLast) = (true, number);

        if (_waiting.End != next || isEnd)
            OfferWaiting(work);
    }

    /// <summary>Shows the rule what waits in order.</summary>
    private void OfferWaiting(StreamWork work)
    {
        bool isEnd = _hasFin && !SequenceNumber.IsAfter(_finAt, _waiting.End);
        Offer(_waiting.InOrder, isEnd, work);
        Settle(work);
    }

    /// <summary>Waited for too long: what waits in order passes as it is.</summary>
    public void PassWaiting(StreamWork work)
    {
        ReadOnlySpan<byte> waiting = _waiting.InOrder;
        if (_kept.TryReserve(waiting.Length, work.Capacity))
        {
            work.Figures.PassedForTime += waiting.Length;
            PassOctets(waiting);
        }

        Settle(work);
    }

    /// <summary>From here on all passes, and no rule is asked any more.</summary>
    public void BeginPassing(StreamWork work)
    {
        if (IsPassing)
            return;

        IsPassing = true;
        _isInCall = false;
        if (!IsWaiting || _kept.TryReserve(_waiting.InOrder.Length, work.Capacity))
            PassOctets(_waiting.InOrder);
        Settle(work);
    }

    /// <summary>Lets what waits follow from what was decided.</summary>
    private void Settle(StreamWork work)
    {
        uint decided = _map.SenderEnd;
        _waiting.Forget(decided);
        // From when the first of them came, or became the first.
        if (!_waits || decided != _waitsFrom)
            (WaitsSince, _waitsFrom) = (work.Now, decided);
        _waits = IsWaiting;
        if (IsPassing)
        {
            // What came before its turn comes again, and what was inserted before nothing belongs to nothing.
            _waiting.ForgetAfterGap();
            _waiting.Begin(decided);
            _kept.TakeBack(_lead);
            _lead = 0;
        }

        if (_hasFin && !_finIsDecided && _map.SenderEnd == _finAt)
            DecideFin();
        work.Note(this);
    }

    // The FIN takes up a number of both ends', after all that was inserted.
    private void DecideFin()
    {
        if (_lead > 0)
            _map.AddReplaced(1, 1 + _lead);
        else
            _map.AddPassed(1);
        _lead = 0;
        _finIsDecided = true;
        _finReceiver = _map.ReceiverEnd - 1;
        _waiting.Forget(_map.SenderEnd);
    }

    /// <summary>Asks the rule about octets until it wants to see more.</summary>
    /// <returns>How many it decided about; −1 if there is no memory to keep what they become, so that they have to come again.</returns>
    private int Offer(ReadOnlySpan<byte> octets, bool isEnd, StreamWork work)
    {
        if (!_kept.TryReserve(octets.Length, work.Capacity))
        {
            work.Figures.Refused++;
            return -1;
        }

        int used = 0;
        if (work.HandlerOf(_flow) is { } rule)
        {
            StreamCall call = work.Call;
            int taken;
            do
            {
                call.Begin(this, work);
                _isInCall = true;
                rule.Call(Stream, new TcpStreamData(call, octets[used..], isEnd));
                _isInCall = false;
                taken = call.Taken;
                used += taken;
            }
            while (taken > 0 && used < octets.Length && !Stream.WantsRest);
            IsPassing |= Stream.WantsRest;
            int excess = octets.Length - used - rule.Options.MaxHold;
            if (excess > 0 && !isEnd && !IsPassing)
            {
                PassForRoom(octets.Slice(used, excess), work);
                used += excess;
            }
        }
        else
        {
            IsPassing = true;
        }

        if (IsPassing | isEnd)
        {
            PassOctets(octets[used..]);
            used = octets.Length;
        }

        return used;
    }

    private void PassForRoom(ReadOnlySpan<byte> octets, StreamWork work)
    {
        work.Figures.PassedForRoom += octets.Length;
        PassOctets(octets);
    }

    /// <summary>Octets go out as they are. There is room for them.</summary>
    internal void PassOctets(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
            return;

        _kept.Append(octets);
        Edits.Passed += octets.Length;
        int alike = octets.Length;
        if (_lead > 0)
        {
            _map.AddReplaced(1, 1 + _lead);
            _lead = 0;
            alike--;
        }

        _map.AddPassed(alike);
    }

    /// <summary>Others go out in the place of the sender's next octets.</summary>
    /// <param name="sent">How many of the sender's octets.</param>
    /// <param name="octets">The octets that go out.</param>
    /// <param name="undecided">How many octets the rule is yet to decide about: there is still to be room for them.</param>
    /// <returns>Whether there is memory for that.</returns>
    internal bool TryReplaceOctets(int sent, ReadOnlySpan<byte> octets, int undecided)
    {
        if (!_kept.TryReserve(octets.Length + undecided, int.MaxValue))
            return false;

        _isAltered = true;
        _kept.Append(octets);
        _map.AddReplaced(sent, _lead + octets.Length);
        _lead = 0;
        if (octets.IsEmpty)
            Edits.Dropped += sent;
        else
            (Edits.Replaced, Edits.Replacing) = (Edits.Replaced + sent, Edits.Replacing + octets.Length);
        return true;
    }

    /// <summary>Octets go out that the sender did not send.</summary>
    /// <returns>Whether there is memory for that.</returns>
    internal bool TryInsertOctets(ReadOnlySpan<byte> octets, int undecided)
    {
        if (octets.IsEmpty)
            return true;
        if (!_kept.TryReserve(octets.Length + undecided, int.MaxValue))
            return false;

        _isAltered = true;
        _kept.Append(octets);
        Edits.Inserted += octets.Length;
        // They belong to the octet before them, if the receiver cannot have that yet; else to the one after them. So there is always one
        // of the sender's that is not acknowledged before they are, and that the sender sends again until then.
        if (_lead == 0 && SequenceNumber.IsAfter(_map.ReceiverEnd, _sentEnd))
            _map.AddInserted(octets.Length);
        else
            _lead += octets.Length;
        return true;
    }
}
