using Fluke6.Frames;
using Fluke6.Wire;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.Flows;

/// <summary>Follows TCP connections through their states and keeps their ledgers. Bridge's thread only.</summary>
internal sealed class TcpTracker(FlowTable flows, HandshakeRing handshakes)
{
    // RFC 7323 appendix A: how stacks lay out a segment that carries timestamps and nothing else.
    private const int TimestampsOnlyLength = 32;
    private const uint TimestampsOnly = 0x0101_080A;

    /// <summary>Whether a segment can change a connection's state, so that it matters what becomes of it.</summary>
    public static bool Matters(in FlowEntry entry, TcpFlags flags) => (flags & (Fin | Syn | Rst)) != 0 || entry.State != TcpState.Established;

    /// <summary>Notes what a segment that arrived shows.</summary>
    public void Arrived(in FlowEntry entry, bool swapped, TcpFlags flags, FrameBuffer frame)
    {
        if (entry.Ledger == 0 || (flags & Syn) != 0)
            return;

        ref TcpLedgerTable.Slot slot = ref flows.Ledgers.At(entry.Ledger);
        if (!slot.Ledger.IsComplete)
            return;

        ref readonly Layers layers = ref frame.Layers;
        ReadOnlySpan<byte> header = frame.Octets[layers.TransportOffset..layers.PayloadOffset];
        bool timestamps = false, sack = false;
        if (header.Length == TimestampsOnlyLength
            && System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(header[TcpHeader.MinLength..]) == TimestampsOnly)
            timestamps = true;
        else if (header.Length > TcpHeader.MinLength)
            FindOptions(frame, out timestamps, out sack);

        int payload = layers.PayloadEnd - layers.PayloadOffset;
        int segmentSize = frame.Offload.SegmentSize;
        int segment = segmentSize != 0 && segmentSize < payload ? segmentSize : payload;

        slot.Guard.BeginWrite();
        bool fromClient = IsFromClient(entry, swapped);
        ref TcpEvidence evidence = ref fromClient ? ref slot.Ledger.ClientEvidence : ref slot.Ledger.ServerEvidence;
        int limit = fromClient ? slot.Ledger.ClientSendLimit : slot.Ledger.ServerSendLimit;
        evidence.Count(payload > 0, sack, timestamps, segment > limit);
        slot.Guard.EndWrite();
    }

    /// <summary>Notes what became of a segment that matters.</summary>
    /// <param name="index">Its flow.</param>
    /// <param name="swapped">Whether the flow's upper end sent it.</param>
    /// <param name="flags">Its flags as it arrived.</param>
    /// <param name="transportOffset">Where its TCP header was when it arrived.</param>
    /// <param name="frame">The frame as it leaves.</param>
    /// <param name="verdict">Whether and where it leaves.</param>
    public void Departed(int index, bool swapped, TcpFlags flags, int transportOffset, FrameBuffer frame, Verdict verdict)
    {
        ref FlowEntry entry = ref flows.At(index);
        bool forwarded = verdict is Verdict.Continue or Verdict.Accept;
        var leaving = new Frame(frame);
        bool leavesAsTcp = leaving.TryGetTcp(out TcpHeader left) && verdict != Verdict.Drop;

        if ((flags & Syn) != 0)
        {
            TcpOffer offered = Offer(frame.ArrivedOctets, transportOffset);
            TcpOffer delivered = forwarded && leavesAsTcp && left.Syn ? TcpOffer.Read(left, byRule: false) : default;
            if ((flags & Ack) == 0)
                SynPassed(ref entry, index, swapped, offered, delivered);
            else
                SynAckPassed(ref entry, swapped, offered, delivered);
        }
        else if ((flags & Ack) != 0)
        {
            Acknowledged(ref entry, index, swapped, leavesAsTcp && frame.Layers.PayloadEnd > frame.Layers.PayloadOffset);
        }

        if (!leavesAsTcp)
            return;
        if (verdict == Verdict.Reflect)
            Answered(ref entry, swapped, left);
        else
            Close(ref entry, swapped, left.Flags);
    }

    /// <summary>The kernel forwarded segments of a connection, none of which begins or ends it: they follow a handshake.</summary>
    public void Forwarded(int index)
    {
        ref FlowEntry entry = ref flows.At(index);
        if (entry.State == TcpState.SynSeen && entry.Ledger != 0 && flows.Ledgers.At(entry.Ledger).Ledger.SynAckDelivered.IsPresent)
            CompleteHandshake(ref entry, index);
        else if (entry.State is TcpState.None or TcpState.SynSeen)
            SetState(ref entry, TcpState.Established);
        else if (entry.State == TcpState.Closing && (~entry.Marks & (FlowMarks.LowerFinished | FlowMarks.UpperFinished)) == 0)
            SetState(ref entry, TcpState.Closed);
    }

    /// <summary>Notes a frame that a rule sent.</summary>
    public void Sent(int index, bool swapped, FrameBuffer frame)
    {
        ref FlowEntry entry = ref flows.At(index);
        var sent = new Frame(frame);
        if (!sent.TryGetTcp(out TcpHeader tcp))
            return;

        if (tcp.Syn && !tcp.Ack && entry.Ledger != 0 && IsFromClient(entry, swapped))
        {
            // A rule that holds a SYN back sends it later itself; one that passed is not replaced by a copy.
            ref TcpLedgerTable.Slot slot = ref flows.Ledgers.At(entry.Ledger);
            if (slot.Ledger.SynDelivered.IsPresent)
                return;
            slot.Guard.BeginWrite();
            slot.Ledger.SynDelivered = TcpOffer.Read(tcp, byRule: true);
            slot.Guard.EndWrite();
        }
        else
        {
            Answered(ref entry, !swapped, tcp);
        }
    }

    private void SynPassed(ref FlowEntry entry, int index, bool swapped, TcpOffer offered, TcpOffer delivered)
    {
        ushort ledger = entry.Ledger != 0 ? entry.Ledger : flows.Ledgers.Take(index, flows);
        entry.Guard.BeginWrite();
        entry.Ledger = ledger;
        entry.State = TcpState.SynSeen;
        entry.Marks = FlowMarks.InUse | (swapped ? FlowMarks.UpperBegan : FlowMarks.None);
        entry.Guard.EndWrite();

        ref TcpLedgerTable.Slot slot = ref flows.Ledgers.At(ledger);
        slot.Guard.BeginWrite();
        slot.Ledger = default;
        slot.Ledger.IsIpv6 = entry.Key.Family == FlowFamily.Ipv6;
        slot.Ledger.SynOffered = offered;
        slot.Ledger.SynDelivered = delivered;
        slot.Guard.EndWrite();
    }

    private void SynAckPassed(ref FlowEntry entry, bool swapped, TcpOffer offered, TcpOffer delivered)
    {
        if (entry.Ledger == 0 || IsFromClient(entry, swapped))
            return;

        ref TcpLedgerTable.Slot slot = ref flows.Ledgers.At(entry.Ledger);
        slot.Guard.BeginWrite();
        slot.Ledger.SynAckOffered = offered;
        slot.Ledger.SynAckDelivered = delivered;
        slot.Guard.EndWrite();
    }

    /// <summary>A rule answered, or sent, a segment as the server would.</summary>
    /// <param name="toUpper">Whether it goes to the flow's upper end.</param>
    private void Answered(ref FlowEntry entry, bool toUpper, TcpHeader answer)
    {
        if (answer.Rst)
        {
            Close(ref entry, !toUpper, answer.Flags);
        }
        else if (answer.Syn && answer.Ack && entry.Ledger != 0 && IsFromClient(entry, toUpper))
        {
            ref TcpLedgerTable.Slot slot = ref flows.Ledgers.At(entry.Ledger);
            slot.Guard.BeginWrite();
            slot.Ledger.SynAckDelivered = TcpOffer.Read(answer, byRule: true);
            slot.Guard.EndWrite();
        }
    }

    private void Acknowledged(ref FlowEntry entry, int index, bool swapped, bool withPayload)
    {
        switch (entry.State)
        {
            case TcpState.None:
                SetState(ref entry, TcpState.Established);
                break;

            case TcpState.SynSeen when entry.Ledger != 0 && flows.Ledgers.At(entry.Ledger).Ledger.SynAckDelivered.IsPresent:
                if (IsFromClient(entry, swapped))
                    CompleteHandshake(ref entry, index);
                break;

            // The SYN-ACK went another way, or its ledger to another flow.
            case TcpState.SynSeen when withPayload:
                SetState(ref entry, TcpState.Established);
                break;

            case TcpState.Closing when (~entry.Marks & (FlowMarks.LowerFinished | FlowMarks.UpperFinished)) == 0:
                SetState(ref entry, TcpState.Closed);
                break;
        }
    }

    private void CompleteHandshake(ref FlowEntry entry, int index)
    {
        SetState(ref entry, TcpState.Established);
        ref TcpLedgerTable.Slot slot = ref flows.Ledgers.At(entry.Ledger);
        slot.Guard.BeginWrite();
        slot.Ledger.IsComplete = true;
        slot.Guard.EndWrite();
        handshakes.Write(new FlowSnapshot(entry, index, flows.KernelFrames(index)), slot.Ledger);
    }

    private static TcpOffer Offer(Span<byte> arrived, int transportOffset) =>
        // Behind headers without end, it is past what was kept of a frame that a rule changed.
        transportOffset < arrived.Length && TcpHeader.TryRead(arrived[transportOffset..], out TcpHeader tcp)
            ? TcpOffer.Read(tcp, byRule: false)
            : default;

    private static void Close(ref FlowEntry entry, bool swapped, TcpFlags flags)
    {
        if ((flags & Rst) != 0)
        {
            SetState(ref entry, TcpState.Reset);
        }
        else if ((flags & Fin) != 0)
        {
            entry.Guard.BeginWrite();
            entry.Marks |= swapped ? FlowMarks.UpperFinished : FlowMarks.LowerFinished;
            entry.State = TcpState.Closing;
            entry.Guard.EndWrite();
        }
    }

    private static void SetState(ref FlowEntry entry, TcpState state)
    {
        entry.Guard.BeginWrite();
        entry.State = state;
        entry.Guard.EndWrite();
    }

    private static bool IsFromClient(in FlowEntry entry, bool swapped) => swapped == ((entry.Marks & FlowMarks.UpperBegan) != 0);

    private static void FindOptions(FrameBuffer frame, out bool timestamps, out bool sack)
    {
        timestamps = sack = false;
        new Frame(frame).TryGetTcp(out TcpHeader tcp);
        foreach (TcpOption option in tcp.Options)
        {
            timestamps |= option.Kind == TcpOptionKind.Timestamps;
            sack |= option.Kind == TcpOptionKind.Sack;
        }
    }
}
