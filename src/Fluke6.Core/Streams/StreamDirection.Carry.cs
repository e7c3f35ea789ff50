using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Streams;

// The sender's segments go on, in the receiver's numbers and with the octets that the rule made.
internal sealed partial class StreamDirection
{
    /// <summary>Lets a segment with data or a FIN go on as what the rule makes of it.</summary>
    /// <param name="frame">The segment; what it acknowledges is said already.</param>
    /// <param name="tcp">Its header.</param>
    /// <param name="isNews">Whether it says something besides its data.</param>
    /// <param name="work">The rule's.</param>
    public Verdict Carry(ref Frame frame, TcpHeader tcp, bool isNews, StreamWork work)
    {
        // A rule that had this direction did not give it back, or nobody decides any more.
        if (_isInCall || (IsWaiting && work.HandlerOf(_flow) is null))
            BeginPassing(work);

        uint number = tcp.SequenceNumber;
        ReadOnlySpan<byte> payload = frame.Payload;
        uint end = number + (uint)payload.Length;
        bool fin = tcp.Fin;
        if (IsPassing && !SequenceNumber.IsBefore(number, _map.SenderEnd))
            return PassOn(tcp, payload.Length, fin);
        if (IsPassing && SequenceNumber.IsAfter(end, _map.SenderEnd))
            return Split(ref frame, tcp, work);

        uint decided = _map.SenderEnd, sentEnd = _sentEnd;
        bool isProbe = SequenceNumber.IsAfter(end, _promised), nothingWaited = _sentEnd == _map.ReceiverEnd && _waiting.IsEmpty && _lead == 0;
        Take(number, payload, fin, work);
        if (IsAlike && nothingWaited && _waiting.IsEmpty && _lead == 0 && !SequenceNumber.IsAfter(end, _map.SenderEnd)
            && (!fin || _finIsDecided))
        {
            return PassAlike(ref frame, number, end, fin, sentEnd);
        }

        bool isOld = SequenceNumber.IsBefore(number, decided);
        uint last = end + (fin && _finIsDecided ? 1u : 0);
        if (isOld && !SequenceNumber.IsAfter(last, decided))
        {
            uint image = SequenceNumber.IsAfter(last, _map.SenderStart) ? _map.EndToReceiver(last) : _acknowledged;
            if (!SequenceNumber.IsAfter(image, _acknowledged))
                return Remind(ref frame, tcp);
        }

        uint from = isOld ? SequenceNumber.Later(_map.ToReceiver(SequenceNumber.Later(number, _map.SenderStart)), _acknowledged) : _sentEnd;
        from = SequenceNumber.Earlier(SequenceNumber.Earlier(from, _sentEnd), DataEnd);
        uint to = isOld && !SequenceNumber.IsAfter(end, decided) ? _map.EndToReceiver(SequenceNumber.Later(end, _map.SenderStart)) : DataEnd;
        to = SequenceNumber.Earlier(SequenceNumber.Later(to, from), DataEnd);
        if (SequenceNumber.IsAfter(to, _windowEdge))
        {
            // Octets for which the receiver has no room wait until it has; who asks whether it has sends one.
            uint limit = SequenceNumber.Later(_windowEdge, from);
            to = limit == from && to != from && (isOld || isProbe) ? from + 1 : limit;
        }

        bool withFin = _finIsDecided && to == DataEnd && (fin || !_finIsSent);
        if (isOld && to == from && !withFin)
            return Remind(ref frame, tcp);

        return Send(ref frame, tcp, from, to, withFin, isNews, work);
    }

    /// <summary>Lets a segment without data go on.</summary>
    public Verdict Carry(TcpHeader tcp)
    {
        uint number = tcp.SequenceNumber, mapped = number;
        if (IsAlike && !tcp.Rst)
            return Verdict.Continue;

        if (IsPassing && !SequenceNumber.IsBefore(number, _map.SenderEnd))
            mapped = number + (uint)Delta;
        else if (SequenceNumber.IsAfter(number, _map.SenderEnd))
            mapped = _sentEnd;
        else if (tcp.Rst && number == _map.Acknowledged(_acknowledged))
            mapped = _acknowledged;    // RFC 5961 §3.2: no other number ends a connection
        else if (SequenceNumber.IsBefore(number, _map.Acknowledged(_acknowledged)))
            mapped = KeepAlive(number);
        else
            mapped = SequenceNumber.Earlier(_map.ToReceiver(number), _sentEnd);
        if (mapped != number)
            tcp.SequenceNumber = mapped;
        if (tcp.Urg)
            TranslateUrgent(tcp, number, mapped);
        return Verdict.Continue;
    }

    /// <summary>Sends what the receiver has room for and was not sent yet.</summary>
    public void Pump(StreamWork work)
    {
        uint to = SequenceNumber.Earlier(DataEnd, SequenceNumber.Later(_windowEdge, _sentEnd));
        bool withFin = _finIsDecided && !_finIsSent && to == DataEnd;
        if (SequenceNumber.IsAfter(to, _sentEnd) || withFin)
            SendOwn(_sentEnd, to, withFin, work);
    }

    // RFC 1122 §4.2.3.6: the number before the next one, which the receiver acknowledged.
    private uint KeepAlive(uint number) => _map.IsIdentity ? number
        : SequenceNumber.IsBefore(number, _map.SenderStart) ? _acknowledged - 1
        : SequenceNumber.Earlier(_map.ToReceiver(number + 1), _acknowledged) - 1;

    private Verdict PassOn(TcpHeader tcp, int length, bool fin)
    {
        uint number = tcp.SequenceNumber, mapped = number + (uint)Delta, end = mapped + (uint)length;
        if (mapped != number)
            tcp.SequenceNumber = mapped;
        if (fin)
            (_finReceiver, _finIsSent) = (end++, true);
        _sentEnd = SequenceNumber.Later(_sentEnd, end);
        return Verdict.Continue;
    }

    /// <summary>Octets that were decided about are sent again, and those after them go on as they are.</summary>
    private Verdict Split(ref Frame frame, TcpHeader tcp, StreamWork work)
    {
        uint number = tcp.SequenceNumber, rest = _map.SenderEnd;
        uint from = SequenceNumber.Later(_map.ToReceiver(SequenceNumber.Later(number, _map.SenderStart)), _acknowledged);
        from = SequenceNumber.Earlier(from, _sentEnd);
        if (SequenceNumber.IsBefore(from, DataEnd) && !_finIsDecided)
            SendOwn(from, DataEnd, withFin: false, work);
        int skipped = (int)(rest - number);
        tcp.SequenceNumber = rest;
        if (frame.ReplacePayload(frame.Payload[skipped..]) == EditResult.Refused || !frame.TryGetTcp(out TcpHeader after))
            return StreamWork.Swallow(ref frame);
        return PassOn(after, frame.Payload.Length, after.Fin);
    }

    /// <summary>Nothing was ever changed, and nothing waits: the frame goes on as it is, if its octets are those that were sent
    /// before.</summary>
    private Verdict PassAlike(ref Frame frame, uint number, uint end, bool fin, uint sentEnd)
    {
        uint from = SequenceNumber.Later(number, _kept.Start), to = SequenceNumber.Earlier(SequenceNumber.Earlier(end, sentEnd), _kept.End);
        if (SequenceNumber.IsBefore(from, to))
        {
            ReadOnlySpan<byte> again = frame.Payload[(int)(from - number)..(int)(to - number)];
            if (!_kept.Matches(from, again))
            {
                Span<byte> kept = _flow.Scratch.AsSpan(0, again.Length);
                _kept.CopyTo(from, kept);
                frame.WritePayload((int)(from - number), kept);
            }
        }

        _sentEnd = SequenceNumber.Later(_sentEnd, end + (fin ? 1u : 0));
        _finIsSent |= fin;
        return Verdict.Continue;
    }

    /// <summary>The receiver has it all and said so, which was lost: it is to say it again.</summary>
    private Verdict Remind(ref Frame frame, TcpHeader tcp)
    {
        if (tcp.Fin && _finIsDecided)
        {
            tcp.SequenceNumber = _finReceiver;
            frame.ReplacePayload([]);
            return Verdict.Continue;
        }

        bool hasOctet = SequenceNumber.IsBefore(_acknowledged - 1, _kept.End) && !SequenceNumber.IsBefore(_acknowledged - 1, _kept.Start);
        tcp.SequenceNumber = _acknowledged - 1;
        tcp.Flags &= ~(TcpFlags.Fin | TcpFlags.Urg);
        Span<byte> octet = _flow.Scratch.AsSpan(0, hasOctet ? 1 : 0);
        if (hasOctet)
            _kept.CopyTo(_acknowledged - 1, octet);
        frame.ReplacePayload(octet);
        return Verdict.Continue;
    }

    private Verdict Send(ref Frame frame, TcpHeader tcp, uint from, uint to, bool withFin, bool isNews, StreamWork work)
    {
        uint number = tcp.SequenceNumber;
        int length = (int)(to - from);
        if (length == 0 && !withFin)
        {
            if (!isNews)
                return StreamWork.Swallow(ref frame);

            // What it acknowledges goes on.
            tcp.SequenceNumber = _sentEnd;
            tcp.Flags &= ~(TcpFlags.Fin | TcpFlags.Psh | TcpFlags.Urg);
            frame.ReplacePayload([]);
            return Verdict.Continue;
        }

        int limit = frame.SegmentSize > 0 ? ushort.MaxValue : Math.Max(Template.SegmentLimit, frame.Payload.Length);
        bool fits = length <= limit;
        if (fits)
        {
            Span<byte> octets = _flow.Scratch.AsSpan(0, length);
            _kept.CopyTo(from, octets);
            bool hasUrgent = tcp.Urg;
            fits = frame.ReplacePayload(octets) != EditResult.Refused && frame.TryGetTcp(out tcp);
            if (fits)
            {
                tcp.SequenceNumber = from;
                if (tcp.Fin != withFin)
                    tcp.Fin = withFin;
                if (hasUrgent)
                    TranslateUrgent(tcp, number, from);
                NoteSent(to, withFin);
                return Verdict.Continue;
            }
        }

        SendOwn(from, to, withFin, work);
        if (!tcp.Options.Contains(TcpOptionKind.Sack))
            return StreamWork.Swallow(ref frame);

        tcp.SequenceNumber = _sentEnd;
        tcp.Flags &= ~(TcpFlags.Fin | TcpFlags.Psh | TcpFlags.Urg);
        frame.ReplacePayload([]);
        return Verdict.Continue;
    }

    private void SendOwn(uint from, uint to, bool withFin, StreamWork work)
    {
        work.SendData(this, from, (int)(to - from), withFin);
        NoteSent(to, withFin);
    }

    private void NoteSent(uint to, bool withFin)
    {
        _sentEnd = SequenceNumber.Later(_sentEnd, to + (withFin ? 1u : 0));
        _finIsSent |= withFin;
    }

    // RFC 6093 §3.1: the pointer names the octet after the urgent data.
    private void TranslateUrgent(TcpHeader tcp, uint number, uint mapped)
    {
        uint end = number + tcp.UrgentPointer;
        uint image = SequenceNumber.IsAfter(end, _map.SenderEnd)
            ? IsPassing ? end + (uint)Delta : DataEnd
            : _map.EndToReceiver(SequenceNumber.Later(end, _map.SenderStart));
        int pointer = (int)(image - mapped);
        if (pointer is > 0 and <= ushort.MaxValue)
            tcp.UrgentPointer = (ushort)pointer;
        else
            tcp.Urg = false;
    }
}
