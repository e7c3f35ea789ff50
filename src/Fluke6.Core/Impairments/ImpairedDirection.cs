using Fluke6.Engine;
using Fluke6.Frames;

namespace Fluke6.Impairments;

/// <summary>
/// The packets of one direction, or of a flow in it, on their way through an impairment. Those that do not go on at once are held by the engine, which asks
/// here when each is due. Worker's thread only; allocates nothing once it has seen the longest super-segment.
/// </summary>
internal sealed class ImpairedDirection : HoldQueue
{
    /// <summary>A packet that waits until others have passed it.</summary>
    public const byte HeldBack = 1;

    /// <summary>A packet that the link is sending.</summary>
    public const byte OnLink = 2;

    /// <summary>A packet that is under way.</summary>
    public const byte UnderWay = 3;

    private readonly ImpairmentSpecification _asked;
    private readonly HeldFrames _held;
    private readonly FateSource _fates;
    private readonly LinkQueue? _link;
    private readonly CrossTraffic? _others;
    private readonly SegmentRuns _runs;
    private readonly HeldBackPackets _heldBack;
    private readonly ReorderingMeter _order;
    private long _lostInARow;
    private long? _began;
    private int _phase;
    private long _lastDue = long.MinValue;
    private int _inside;    // packets that are held, those that the queue has dropped since included

    /// <summary>None so far.</summary>
    /// <param name="asked">The stages.</param>
    /// <param name="figures">Get what is done.</param>
    /// <param name="runs">For a moment whoever's packets are at hand.</param>
    /// <param name="held">Where packets wait.</param>
    /// <param name="flow">The flow's number, from 1; 0 for all of a direction.</param>
    public ImpairedDirection(ImpairmentSpecification asked, ImpairmentFigures figures, SegmentRuns runs, HeldFrames held, long flow)
    {
        _asked = asked;
        _runs = runs;
        _held = held;
        _heldBack = new HeldBackPackets(held);
        _fates = new FateSource(asked, figures.From, flow);
        _order = new ReorderingMeter(figures);
        Figures = figures;
        LinkModel? link = asked.Trace is { } trace ? new LinkModel.Traced(trace) : asked.Rate is { } rate ? new LinkModel.Steady(rate) : null;
        // A timeline may make a link where the rule has none.
        if (link is not null || asked.Timeline is not null)
            _link = new LinkQueue(asked.Queue ?? ImpairmentModels.DropTail(), link ?? new LinkModel.Steady(new BitRate(1e12)), held, Figures);
        if (asked.CrossConnections > 0)
            _others = new CrossTraffic(asked.CrossConnections, asked.CrossRoundTrip, held, _link!, this, figures);
    }

    public ImpairmentFigures Figures { get; }

    // But for packets that wait to be passed.
    private bool IsEmpty => _inside == _heldBack.Count + (_link?.Dropped ?? 0);

    /// <summary>Does to a frame what was asked for.</summary>
    /// <param name="frame">The frame; an outermost one.</param>
    /// <param name="source">The rule.</param>
    /// <param name="now">The time.</param>
    /// <returns>Continue, Drop, or Hold for one that is seen to.</returns>
    public Verdict Apply(FrameBuffer frame, HoldSource source, long now)
    {
        ImpairmentTimeline.Phase phase = _asked.Timeline?.At(now - (_began ??= now), ref _phase) ?? ImpairmentTimeline.Phase.AsTheRuleSays;
        _link?.Other = phase.Link;
        _others?.Go(now, phase.IsOff);
        int segments = _runs.Begin(frame);
        if (segments > 1)
            return ApplyToSegments(frame, source, now, phase, segments);

        long number = _fates.Packets;
        PacketFate fate = _fates.Next(phase, frame.Length);
        Figures.CountArrived(frame.Length);
        Figures.CountLoss(fate.IsLost, ref _lostInARow);
        if (fate.IsLost)
            return Verdict.Drop;

        Verdict verdict = Enter(frame, source, now, phase, ref fate, number, segments: 1, frame.Length, isWhole: true);
        _heldBack.Pass(now, fate.IsHeldBack ? 0 : 1, newest: number);
        return verdict;
    }

    /// <inheritdoc/>
    public override Departure Leave(int slot, long due, long now, bool isEnd)
    {
        ref HeldFrame frame = ref _held[slot];
        if (frame.IsReserved)
            return _others!.Leave(slot, due, isEnd);

        switch (frame.Phase)
        {
            case HeldBack:
                _heldBack.Forget(slot);
                return isEnd ? Depart(ref frame, due, now) : GoOn(slot, due, now);

            case OnLink:
                _link!.SendNext(due, isEnd);
                // Whoever was sent next may have moved what is held.
                return isEnd ? Depart(ref _held[slot], due, now) : Travel(slot, due, now);

            default:
                return Depart(ref frame, due, now);
        }
    }

    private Verdict ApplyToSegments(FrameBuffer frame, HoldSource source, long now, ImpairmentTimeline.Phase phase, int segments)
    {
        long number = _fates.Packets;
        Span<PacketFate> fates = _runs.FatesFor(segments);
        long due = _lastDue;
        bool isWhole = !UsesLink(phase);
        for (int i = 0; i < segments; i++)
        {
            int octets = _runs.OctetsOf(i);
            ref PacketFate fate = ref fates[i];
            fate = _fates.Next(phase, octets);
            Figures.CountArrived(octets);
            Figures.CountLoss(fate.IsLost, ref _lostInARow);
            // Those that leave together, in order, leave as they came.
            if (_asked.KeepsOrder)
            {
                due = Math.Max(due, now + fate.Delay);
                fate.Delay = due - now;
            }

            isWhole &= fate.IsPlain && fate.Delay == fates[0].Delay;
        }

        if (isWhole)
        {
            Verdict verdict = Enter(frame, source, now, phase, ref fates[0], number, segments, _runs.WireOctets, isWhole: true);
            _heldBack.Pass(now, segments, newest: _fates.Packets - 1);
            return verdict;
        }

        if (_runs.CanCut(frame))
            return Cut(frame, source, now, phase, number, fates);

        // Headers that nobody here knows: all fare as the first does.
        return fates[0].IsLost ? Verdict.Drop
            : Enter(frame, source, now, phase, ref fates[0], number, segments, _runs.WireOctets, isWhole: true);
    }

    // Each run of segments that fare alike is a frame of its own.
    private Verdict Cut(FrameBuffer frame, HoldSource source, long now, ImpairmentTimeline.Phase phase, long number, Span<PacketFate> fates)
    {
        bool single = UsesLink(phase);
        for (int first = 0, count; first < fates.Length; first += count)
        {
            ref PacketFate fate = ref fates[first];
            count = 1;
            int octets = _runs.OctetsOf(first);
            while (!single && fate.IsPlain && first + count < fates.Length
                && fates[first + count] is { IsPlain: true } next && next.Delay == fate.Delay)
            {
                octets += _runs.OctetsOf(first + count++);
            }

            FrameBuffer piece = _runs.Next(frame, count);
            if (first > 0)
                source.Counters.Sent++;
            if (fate.IsLost)
                source.Counters.Dropped++;
            else
                Enter(piece, source, now, phase, ref fate, number + first, count, octets, isWhole: false);
            _heldBack.Pass(now, fate.IsLost | fate.IsHeldBack ? 0 : count, newest: _fates.Packets - 1);
        }

        frame.HoldFor = FrameBuffer.Taken;
        return Verdict.Hold;
    }

    /// <summary>A packet that is not lost goes on at once, or is put into its place.</summary>
    /// <param name="isWhole">Whether it is the frame that the rule has; otherwise a piece of it, which goes on by being held for a moment
    /// at least.</param>
    private Verdict Enter(
        FrameBuffer frame, HoldSource source, long now, ImpairmentTimeline.Phase phase, ref PacketFate fate, long number, int segments,
        int octets, bool isWhole)
    {
        if (fate.IsCorrupted && _fates.Corrupt(frame, ref fate) is > 0 and int bits)
            Figures.CountCorruption(bits);

        bool goesAtOnce = isWhole && !fate.IsHeldBack && !UsesLink(phase) && fate.Delay == 0 && (IsEmpty || !_asked.KeepsOrder);
        if (goesAtOnce)
        {
            CountDeparture(number, segments, octets, 0, 0, now);
        }
        else
        {
            Hold(frame, source, now, phase, fate, number, segments, octets, isWhole);
        }

        if (fate.IsDuplicated)
        {
            Figures.CountDuplicate();
            source.Counters.Sent++;
            Hold(frame, source, now, phase, fate with { IsHeldBack = false }, number, segments, octets, isWhole: false);
        }

        if (goesAtOnce)
            return Verdict.Continue;

        frame.HoldFor = FrameBuffer.Taken;
        return Verdict.Hold;
    }

    private void Hold(
        FrameBuffer frame, HoldSource source, long now, ImpairmentTimeline.Phase phase, in PacketFate fate, long number, int segments,
        int octets, bool isWhole)
    {
        bool usesLink = UsesLink(phase) && !fate.IsHeldBack;
        int wire = _link is { CountsPackets: true } ? octets - (segments * frame.Layers.NetworkOffset) : octets;
        if (usesLink && !_link!.Admits(wire, now))
        {
            Figures.CountQueueDrop();
            source.Counters.Dropped++;
            return;
        }

        int slot = _held.TryAdd(frame, source, due: null, this);
        if (slot < 0)
        {
            Figures.CountNoRoom(segments);
            return;
        }

        _inside++;
        ref HeldFrame held = ref _held[slot];
        held.Number = number;
        held.Segments = segments;
        held.WireOctets = wire;
        held.Arrived = now;
        held.Further = fate.Delay;
        if (fate.IsHeldBack)
        {
            held.Phase = HeldBack;
            held.Link = UsesLink(phase);
            _heldBack.Add(slot, number, _asked.Gap);
            _held.Schedule(slot, now + Moment.Nanoseconds(_asked.LongestGap));
        }
        else if (usesLink)
        {
            _link!.Add(slot, now);
        }
        else
        {
            held.Phase = UnderWay;
            _held.Schedule(slot, DueOf(now, fate.Delay));
        }
    }

    // After it was held back.
    private Departure GoOn(int slot, long due, long now)
    {
        ref HeldFrame frame = ref _held[slot];
        if (!frame.Link)
            return Travel(slot, due, now);

        if (!_link!.Admits(frame.WireOctets, due))
        {
            Figures.CountQueueDrop();
            _inside--;
            return Departure.Dropped;
        }

        _link.Add(slot, due);
        return Departure.Stays;
    }

    private Departure Travel(int slot, long due, long now)
    {
        ref HeldFrame frame = ref _held[slot];
        long arrives = DueOf(due, frame.Further);
        frame.Phase = UnderWay;
        if (arrives <= now)
            return Depart(ref frame, arrives, now);

        _held.Schedule(slot, arrives);
        return Departure.Stays;
    }

    private Departure Depart(ref HeldFrame frame, long due, long now)
    {
        _inside--;
        CountDeparture(frame.Number, frame.Segments, frame.WireOctets, now - frame.Arrived, now - due, now);
        return Departure.GoesOn;
    }

    private void CountDeparture(long number, int segments, int octets, long delay, long lateness, long now)
    {
        Figures.CountDeparture(segments, octets, delay, lateness, now);
        _order.Add(number, segments);
    }

    private long DueOf(long from, long delay)
    {
        long due = from + delay;
        if (_asked.KeepsOrder)
            _lastDue = due = Math.Max(due, _lastDue);
        return due;
    }

    // Off, packets that are in the queue already are not overtaken.
    private bool UsesLink(ImpairmentTimeline.Phase phase) =>
        _link is not null && (_link.IsBusy || (!phase.IsOff && (phase.Link is not null || _asked.Rate is not null || _asked.Trace is not null)));
}
