using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Wire;

namespace Fluke6.Flows;

/// <summary>
/// Sees every frame before the chain and after it, and writes down what it shows. Most frames end in <see cref="Arrived"/>: only what a
/// rule hit, or what can change a connection, is looked at again. Worker's thread only.
/// </summary>
internal sealed class FlowObserver : FrameTap
{
    private readonly TcpTracker _tcp;
    private readonly HopLimitCheck _hopLimits;
    private readonly ObservedFlow _flow;
    private readonly ForwardedCollector? _forwarded;
    private Moment _moment;
    private long _now;
    private int _networkOffset;
    private int _transportOffset;
    private int _payloadEnd;
    private bool _swapped;
    private TcpFlags _flags;
    private DepartureInterest _interest;

    /// <summary>An observer with a table for as many flows.</summary>
    /// <param name="capacity">How many.</param>
    /// <param name="journal">Where to tell of handshakes.</param>
    /// <param name="services">The rules', which are told what they remember of flows; null where there are none.</param>
    /// <param name="kernel">The flows of which the kernel forwards frames; null if it forwards none.</param>
    public FlowObserver(int capacity, BridgeJournal journal, RuleServices? services = null, IForwardedFlows? kernel = null)
    {
        Table = new FlowTable(capacity, kernel);
        _flow = new ObservedFlow(Table, services);
        var handshakes = new HandshakeRing();
        journal.AddSource(handshakes);
        _tcp = new TcpTracker(Table, handshakes);
        _forwarded = kernel is null ? null : new ForwardedCollector(kernel, Table, _tcp);
        _hopLimits = new HopLimitCheck(journal, services?.RuleNames);
    }

    /// <summary>Why a frame is looked at again when it leaves.</summary>
    private enum DepartureInterest : byte
    {
        None,
        Tcp,
        NeighborDiscovery,
    }

    public FlowTable Table { get; }

    public NeighborLedger Neighbors { get; } = new();

    public ChangeLog Changes { get; } = new();

    /// <inheritdoc/>
    public override bool BeginBatch(in Moment now)
    {
        _now = now.UtcTicks;
        _moment = now;
        return true;
    }

    /// <inheritdoc/>
    public override void Arrived(FrameBuffer frame)
    {
        ref readonly Layers layers = ref frame.Layers;
        ReadOnlySpan<byte> octets = frame.Octets;
        FlowKey key = FlowKeyReader.Read(octets, layers, frame.LinkType, out bool swapped);
        int index = Table.FindOrAdd(key, swapped, _now);
        ref FlowEntry entry = ref Table.At(index);
        entry.Guard.BeginWrite();
        if (frame.From == Side.Left)
        {
            entry.FramesFromLeft++;
            entry.BytesFromLeft += octets.Length;
        }
        else
        {
            entry.FramesFromRight++;
            entry.BytesFromRight += octets.Length;
        }

        _flow.SeenBefore = entry.LastSeen;
        entry.LastSeen = _now;
        entry.Guard.EndWrite();

        _flow.Index = index;
        if (frame.Flow != _flow)
            frame.Flow = _flow;
        Table.Releases.Arrived(index);
        frame.ReleasedBy = Table.Releases.Of(index);
        if (frame.ReleasedBy != 0 && _now - _flow.SeenBefore > FlowReleases.IdleAfter)
            AskAgain(index, frame);
        _swapped = swapped;
        _interest = DepartureInterest.None;
        AwaitsDeparture = false;
        if (!layers.HasTransport)
            return;

        _transportOffset = layers.TransportOffset;
        if (layers.Transport == IpProtocol.Tcp)
        {
            TcpFlags flags = _flags = (TcpFlags)octets[_transportOffset + 13];
            if ((flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn)
                AskAgain(index, frame);
            // Of a connection that is over so soon, the kernel may know more.
            if (_forwarded is not null && entry.State == TcpState.SynSeen && (flags & (TcpFlags.Fin | TcpFlags.Rst)) != 0)
                _forwarded.Collect(key, _moment);
            if (entry.Ledger != 0)
                _tcp.Arrived(entry, swapped, flags, frame);
            if (TcpTracker.Matters(entry, flags))
                (_interest, AwaitsDeparture) = (DepartureInterest.Tcp, true);
        }
        else if (layers.Transport == IpProtocol.Icmpv6 && NeighborLedger.Concerns(octets[_transportOffset]))
        {
            _networkOffset = layers.NetworkOffset;
            _payloadEnd = layers.PayloadEnd;
            (_interest, AwaitsDeparture) = (DepartureInterest.NeighborDiscovery, true);
        }
    }

    /// <summary>Adds what the kernel forwarded to the flows, of as many as take no time that frames would miss.</summary>
    /// <param name="now">Now.</param>
    /// <param name="isLast">Whether it forwards no more, so that all are to be added.</param>
    public void Collect(in Moment now, bool isLast = false)
    {
        _forwarded?.Collect(now, isLast);
        Table.Releases.Look(now.UtcTicks);
    }

    private void AskAgain(int index, FrameBuffer frame)
    {
        Table.Releases.Forget(index);
        frame.ReleasedBy = 0;
    }

    /// <inheritdoc/>
    public override void Sent(Side side, FrameBuffer frame, int rule)
    {
        ref readonly Layers layers = ref frame.Layers;
        if (!layers.HasTransport)
            return;

        if (layers.Transport == IpProtocol.Tcp)
        {
            FlowKey key = FlowKeyReader.Read(frame.Octets, layers, frame.LinkType, out bool swapped);
            int index = Table.Find(key);
            if (index >= 0)
                _tcp.Sent(index, swapped, frame);
        }
        else if (layers.Transport == IpProtocol.Icmpv6 && NeighborLedger.Concerns(frame.Octets[layers.TransportOffset]))
        {
            Neighbors.Sent(frame, _now);
        }
    }

    /// <inheritdoc/>
    public override void Keep(FrameBuffer frame, ulong rule)
    {
        Table.Releases.Holds(_flow.Index, rule);
        frame.FlowNote = new FlowNote(
            _flow.Index, _flow.Index < 0 ? 0 : Table.At(_flow.Index).FirstSeen, (byte)_interest,
            _networkOffset, _transportOffset, _payloadEnd, (byte)_flags, _swapped);
    }

    /// <inheritdoc/>
    public override void Resumed(FrameBuffer frame)
    {
        FlowNote note = frame.FlowNote;
        // Its place may be another flow's by now.
        frame.Flow = _flow;
        _flow.Index = note.Flow >= 0 && Table.At(note.Flow).FirstSeen == note.Began ? note.Flow : -1;
        frame.ReleasedBy = _flow.Index < 0 ? 0 : Table.Releases.Of(_flow.Index);
        _interest = _flow.Index < 0 ? DepartureInterest.None : (DepartureInterest)note.Interest;
        (_networkOffset, _transportOffset, _payloadEnd) = (note.Network, note.Transport, note.End);
        (_flags, _swapped) = ((TcpFlags)note.Flags, note.Swapped);
        AwaitsDeparture = _interest != DepartureInterest.None;
    }

    /// <inheritdoc/>
    public override void Ending() => Neighbors.IsEnding = true;

    /// <inheritdoc/>
    protected override void LookAgain(FrameBuffer frame, Verdict verdict, RuleEntry? decider)
    {
        if (verdict == Verdict.Hold | _flow.Index < 0)
            return;

        ref FlowEntry entry = ref Table.At(_flow.Index);
        if (frame.HitRules != 0 | verdict == Verdict.Drop)
        {
            entry.Guard.BeginWrite();
            entry.Rules |= frame.HitRules;
            entry.Rewritten += frame.Rewritten ? 1 : 0;
            entry.Dropped += verdict == Verdict.Drop ? 1 : 0;
            entry.Guard.EndWrite();
            if (frame.Rewritten)
                Changes.Add(frame, entry.Key, verdict, _now);
        }

        switch (_interest)
        {
            case DepartureInterest.Tcp:
                _tcp.Departed(_flow.Index, _swapped, _flags, _transportOffset, frame, verdict);
                break;

            case DepartureInterest.NeighborDiscovery:
                Span<byte> arrived = frame.ArrivedOctets;
                int end = Math.Min(_payloadEnd, arrived.Length);
                // Where headers without end stand before the message, it is past what was kept.
                if (_transportOffset >= end)
                    break;

                Neighbors.Passed(arrived[_transportOffset..end], Ipv6Address.Read(arrived[(_networkOffset + 8)..]), frame, verdict, _now);
                if (frame.Rewritten & verdict != Verdict.Drop)
                    _hopLimits.Look(arrived[_networkOffset + 7], frame);
                break;

            // A segment that changes nothing itself, which a rule turned into one that does.
            case DepartureInterest.None when verdict == Verdict.Reflect && entry.State != TcpState.None:
                _tcp.Departed(_flow.Index, _swapped, 0, 0, frame, verdict);
                break;
        }
    }
}
