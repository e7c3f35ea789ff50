using Fluke6.Wire;

namespace Fluke6.Streams;

/// <summary>
/// One direction's sequence numbers: the sender's, and those that the receiver knows. Between edits both go on alike; an edit makes some
/// of the sender's numbers into some of the receiver's, as one piece. Knows the edits that the receiver has not acknowledged; before them
/// the
/// numbers differ by what all older edits come to.
/// </summary>
internal sealed class StreamMap
{
    // More edits than this in flight are one: acknowledgments then come in larger steps.
    private const int MaxEdits = 1024;

    private Edit[] _edits = [];
    private int _first;
    private int _count;

    /// <summary>The first of the sender's numbers that is known; all before are acknowledged.</summary>
    public uint SenderStart { get; private set; }

    /// <summary>What the receiver knows <see cref="SenderStart"/> as.</summary>
    public uint ReceiverStart { get; private set; }

    /// <summary>How far it is decided what becomes of the sender's numbers.</summary>
    public uint SenderEnd { get; private set; }

    /// <summary>What the receiver knows <see cref="SenderEnd"/> as.</summary>
    public uint ReceiverEnd { get; private set; }

    /// <summary>Whether there never was an edit: both know the same numbers.</summary>
    public bool IsIdentity { get; private set; } = true;

    /// <summary>How much more the receiver is sent than the sender sent, octets.</summary>
    public int Delta => (int)(ReceiverEnd - SenderEnd);

    /// <summary>Begins anew, with numbers alike.</summary>
    public void Begin(uint number)
    {
        SenderStart = ReceiverStart = SenderEnd = ReceiverEnd = number;
        (_first, _count, IsIdentity) = (0, 0, true);
    }

    /// <summary>The next numbers are alike: octets that pass, or take the place of as many.</summary>
    public void AddPassed(int count)
    {
        SenderEnd += (uint)count;
        ReceiverEnd += (uint)count;
    }

    /// <summary>The sender's next numbers become some of the receiver's.</summary>
    /// <param name="sent">How many the sender used; at least 1.</param>
    /// <param name="received">How many the receiver sees; 0 or more.</param>
    public void AddReplaced(int sent, int received)
    {
        // As many as can be are alike one by one, so that acknowledgments come in small steps.
        int alike = received >= sent ? sent - 1 : received;
        if (sent == received)
            alike = sent;
        AddPassed(alike);
        if (sent > alike)
            Add(new Edit(SenderEnd, ReceiverEnd, sent - alike, received - alike));
    }

    /// <summary>The receiver's next numbers belong to the sender's last one, which is not sent yet.</summary>
    public void AddInserted(int received)
    {
        if (_count > 0 && Last.SenderEnd == SenderEnd)
        {
            Last.Received += received;
            ReceiverEnd += (uint)received;
            return;
        }

        SenderEnd--;
        ReceiverEnd--;
        Add(new Edit(SenderEnd, ReceiverEnd, 1, 1 + received));
    }

    /// <summary>What the receiver knows a number as; of one within an edit, that of the edit's first.</summary>
    public uint ToReceiver(uint sender)
    {
        int index = LastNotAfterSender(sender);
        if (index < 0)
            return ReceiverStart + (sender - SenderStart);

        ref Edit edit = ref At(index);
        return SequenceNumber.IsBefore(sender, edit.SenderEnd) ? edit.Receiver : edit.ReceiverEnd + (sender - edit.SenderEnd);
    }

    /// <summary>What the receiver knows the end of octets as; of one within an edit, the edit's end.</summary>
    public uint EndToReceiver(uint sender)
    {
        int index = LastNotAfterSender(sender);
        if (index < 0)
            return ReceiverStart + (sender - SenderStart);

        ref Edit edit = ref At(index);
        if (sender == edit.Sender)
            return edit.Receiver;
        return SequenceNumber.IsBefore(sender, edit.SenderEnd) ? edit.ReceiverEnd : edit.ReceiverEnd + (sender - edit.SenderEnd);
    }

    /// <summary>The greatest of the sender's numbers that the receiver knows as no more than this: how far an acknowledgment
    /// goes.</summary>
    public uint Acknowledged(uint receiver)
    {
        int index = LastNotAfterReceiver(receiver);
        if (index < 0)
            return SenderStart + (receiver - ReceiverStart);

        ref Edit edit = ref At(index);
        return SequenceNumber.IsBefore(receiver, edit.ReceiverEnd) ? edit.Sender : edit.SenderEnd + (receiver - edit.ReceiverEnd);
    }

    /// <summary>The least of the sender's numbers that the receiver knows as no less than this: where what the receiver holds
    /// begins.</summary>
    public uint HeldFrom(uint receiver)
    {
        int index = LastNotAfterReceiver(receiver);
        // Of octets that are dropped at this very place, the first one.
        while (index >= 0 && At(index) is var edit && edit.Receiver == receiver)
            index--;
        if (index < 0)
            return SenderStart + (receiver - ReceiverStart);

        ref Edit last = ref At(index);
        return SequenceNumber.IsBefore(receiver, last.ReceiverEnd) ? last.SenderEnd : last.SenderEnd + (receiver - last.ReceiverEnd);
    }

    /// <summary>The receiver acknowledged this: edits before it are forgotten.</summary>
    public void Forget(uint acknowledged)
    {
        while (_count > 0 && !SequenceNumber.IsAfter(At(0).ReceiverEnd, acknowledged))
        {
            (SenderStart, ReceiverStart) = (At(0).SenderEnd, At(0).ReceiverEnd);
            _first = (_first + 1) & (_edits.Length - 1);
            _count--;
        }

        // Numbers are compared by half their range: the known ones must not reach farther.
        if (_count == 0 && SequenceNumber.IsAfter(acknowledged, ReceiverStart) && !SequenceNumber.IsAfter(acknowledged, ReceiverEnd))
        {
            SenderStart += acknowledged - ReceiverStart;
            ReceiverStart = acknowledged;
        }
    }

    private ref Edit Last => ref At(_count - 1);

    private ref Edit At(int index) => ref _edits[(_first + index) & (_edits.Length - 1)];

    private void Add(Edit edit)
    {
        IsIdentity = false;
        SenderEnd = edit.SenderEnd;
        ReceiverEnd = edit.ReceiverEnd;
        if (_count > 0 && (_count == MaxEdits || (Last.SenderEnd == edit.Sender && edit.Received == 0)))
        {
            Last.Sent = (int)(edit.SenderEnd - Last.Sender);
            Last.Received = (int)(edit.ReceiverEnd - Last.Receiver);
            return;
        }

        if (_count == _edits.Length)
        {
            var more = new Edit[Math.Max(8, _edits.Length * 2)];
            for (int i = 0; i < _count; i++)
                more[i] = At(i);
            (_edits, _first) = (more, 0);
        }

        _count++;
        Last = edit;
    }

    private int LastNotAfterSender(uint sender)
    {
        int low = 0, high = _count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (SequenceNumber.IsAfter(At(middle).Sender, sender))
                high = middle;
            else
                low = middle + 1;
        }

        return low - 1;
    }

    private int LastNotAfterReceiver(uint receiver)
    {
        int low = 0, high = _count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (SequenceNumber.IsAfter(At(middle).Receiver, receiver))
                high = middle;
            else
                low = middle + 1;
        }

        return low - 1;
    }

    private struct Edit(uint sender, uint receiver, int sent, int received)
    {
        public readonly uint Sender = sender, Receiver = receiver;
        public int Sent = sent, Received = received;

        public readonly uint SenderEnd => Sender + (uint)Sent;

        public readonly uint ReceiverEnd => Receiver + (uint)Received;
    }
}
