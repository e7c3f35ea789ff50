using System.Runtime.CompilerServices;
using Fluke6.Engine;
using Fluke6.Frames;

namespace Fluke6.Impairments;

/// <summary>
/// A bad network by numbers: <c>readonly Impairment link = Impair(Side.Left, seed: 7).Loss(Bernoulli(0.05)).Delay(Fixed(Ms(40)));</c>, and
/// then <c>Verdict Apply(ref Frame frame) =&gt; link.Apply(ref frame);</c>, or behind a condition. To be made at the rule's top level.
/// </summary>
/// <remarks>
/// <para>Whatever order the stages are named in, a packet meets them in this one: loss, corruption, duplication, being held back
/// (reordering), the queue and the link (rate), and the way (delay). Each direction has its own of everything.</para>
/// <para>Each stage has random numbers of its own for each packet: the same seed hits the same packets, live and in a replay, whatever
/// other stages there are. A super-segment is as many packets as it is on the wire, and is cut where they fare differently.</para>
/// <para>After a reload of the rule everything goes on where it was if its stages, seed and side are the same, counted by their order in
/// the file; otherwise that impairment begins anew. What is under way goes on at its time in either case.</para>
/// </remarks>
public sealed class Impairment
{
    private static readonly ConditionalWeakTable<RuleInstance, List<Impairment>> s_all = [];

    private readonly RuleInstance _rule;
    private readonly int _number;
    private ImpairmentSpecification _specification;
    private ImpairedPackets? _packets;

    internal Impairment(RuleInstance rule, Side? from, long seed)
    {
        _rule = rule;
        _specification = new ImpairmentSpecification(seed, from?.Checked());
        List<Impairment> all = s_all.GetOrCreateValue(rule);
        lock (all)
        {
            all.Add(this);
            _number = all.Count;
        }
    }

    /// <summary>Its figures of each direction, from the left first; empty until it had a frame. Any thread.</summary>
    public IReadOnlyList<ImpairmentFigures> Figures => Volatile.Read(ref _packets)?.Figures ?? [];

    /// <summary>The impairments of a version of a rule, in the order in which it made them. Any thread.</summary>
    public static IReadOnlyList<Impairment> Of(RuleInstance? rule)
    {
        if (rule is null || !s_all.TryGetValue(rule, out List<Impairment>? all))
            return [];

        lock (all)
            return [.. all];
    }

    /// <summary>
    /// Each flow (<see cref="Frame.Flow"/>), both directions by themselves, has all stages to itself: its own random numbers, timeline, queue and link. The figures are
    /// of all flows together. The numbers of a flow follow from the seed and from how many flows came before it.
    /// </summary>
    public Impairment PerFlow() => With(_specification with { IsPerFlow = Once(!_specification.IsPerFlow, true) });

    /// <summary>Loses packets.</summary>
    /// <param name="model">Which: <c>Bernoulli(0.05)</c>, <c>GilbertElliott(mean: 0.02, burst: 3)</c>, <c>Every(100)</c>, <c>At(3, 7)</c>,
    /// <c>Pattern("..x.x")</c>.</param>
    public Impairment Loss(LossModel model) => With(_specification with { Loss = Once(_specification.Loss is null, model) });

    /// <summary>Loses each packet with this probability: <see cref="ImpairmentModels.Bernoulli"/>.</summary>
    public Impairment Loss(double probability) => Loss(ImpairmentModels.Bernoulli(probability));

    /// <summary>Lets packets be under way for a while, all alike.</summary>
    public Impairment Delay(TimeSpan delay) => Delay(ImpairmentModels.Fixed(delay));

    /// <summary>Lets packets be under way for a while.</summary>
    /// <param name="model">How long: <c>Fixed(Ms(40))</c>, <c>Uniform</c>, <c>Normal(Ms(40), Ms(5))</c>, <c>Pareto</c>, <c>DelayTable</c>,
    /// <c>DelayTrace</c>.</param>
    /// <param name="keepOrder">Whether a packet waits for those before it; otherwise a shorter delay overtakes a longer one.</param>
    public Impairment Delay(DelayModel model, bool keepOrder = true) =>
        With(_specification with { Delay = Once(_specification.Delay is null, model), KeepsOrder = keepOrder });

    /// <summary>Holds packets back until others have passed them.</summary>
    /// <param name="probability">Of a packet, to be held back.</param>
    /// <param name="gap">How many packets of its direction pass it.</param>
    /// <param name="longest">After how long it goes on if so many do not come, above 0; a tenth of a second.</param>
    /// <exception cref="ArgumentException">The probability is not from 0 to 1, the gap below 1, or the time not above 0.</exception>
    public Impairment Reorder(double probability, int gap = 1, TimeSpan? longest = null)
    {
        if (gap < 1)
            throw new ArgumentException($"Reorder: {gap} packets cannot pass one; the gap is at least 1");

        if (longest <= TimeSpan.Zero)
            throw new ArgumentException("Reorder: nothing can pass a packet that is held for no time; longest is above 0, such as Ms(100)");

        return With(_specification with
        {
            Reordered = Once(_specification.Gap == 0, ImpairmentModels.Share(probability, "the probability of reordering")),
            Gap = gap,
            LongestGap = ImpairmentModels.DelayOf(longest ?? ImpairmentModels.Ms(100)),
        });
    }

    /// <summary>Sends packets twice, the second right after the first.</summary>
    /// <exception cref="ArgumentException">The probability is not from 0 to 1.</exception>
    public Impairment Duplicate(double probability) => With(_specification with
    {
        Duplicated = Once(_specification.Duplicated == 0, ImpairmentModels.Share(probability, "the probability of a duplicate")),
    });

    /// <summary>Changes bits of packets.</summary>
    /// <param name="probability">Of a packet, to have one bit changed.</param>
    /// <param name="bitErrorRate">Of each bit, to be changed; in place of the probability.</param>
    /// <param name="rightChecksum">Whether the transport's checksum is made right again, so that whoever is above it sees the error.
    /// Otherwise it is wrong, and the host's transport drops the packet.</param>
    /// <exception cref="ArgumentException">Neither or both are given, or one is not from 0 to 1.</exception>
    public Impairment Corrupt(double probability = 0, double bitErrorRate = 0, bool rightChecksum = false)
    {
        ImpairmentModels.Share(probability, "the probability of corruption");
        ImpairmentModels.Share(bitErrorRate, "the bit error rate");
        if (probability > 0 && bitErrorRate > 0)
            throw new ArgumentException("Corrupt: give a probability or a bit error rate, not both");

        bool isFirst = _specification is { Corrupted: 0, BitErrorRate: 0 };
        return With(_specification with { Corrupted = Once(isFirst, probability), BitErrorRate = bitErrorRate, HasRightChecksum = rightChecksum });
    }

    /// <summary>Sends packets one after the other over a link, with a queue before it.</summary>
    /// <param name="rate">Such as <c>Mbit(20)</c>.</param>
    /// <param name="queue"><c>DropTail(packets: 100)</c>, <c>DropHead</c>, <c>CoDel()</c>; without it, <c>DropTail</c> of 1,000
    /// packets.</param>
    public Impairment Rate(BitRate rate, QueueModel? queue = null) => With(_specification with
    {
        Rate = Once(
            _specification is { Rate: null, Trace: null },
            ImpairmentModels.RateOf(rate)),
        Queue = queue ?? ImpairmentModels.DropTail(),
    });

    /// <summary>Sends packets when a trace says that the link can, with a queue before it.</summary>
    /// <param name="trace">Such as <c>LinkTrace("lte.trace")</c>.</param>
    /// <inheritdoc cref="Rate(BitRate, QueueModel?)"/>
    public Impairment Rate(DeliveryTrace trace, QueueModel? queue = null) => With(_specification with
    {
        Trace = Once(_specification is { Rate: null, Trace: null }, trace),
        Queue = queue ?? ImpairmentModels.DropTail(),
    });

    /// <summary>
    /// Lets TCP connections of others share the link that <c>Rate</c> makes, in each direction, while packets come: they always have something to send, and make room as TCP
    /// does when the queue drops a packet of theirs. RFC 5681.
    /// </summary>
    /// <param name="connections">How many, 1 to 1,000.</param>
    /// <param name="roundTrip">Their round trip beside the time in the queue; 30 ms.</param>
    /// <exception cref="ArgumentException">There are none, or too many.</exception>
    public Impairment CrossTraffic(int connections = 1, TimeSpan? roundTrip = null) => With(_specification with
    {
        CrossConnections = Once(
            _specification.CrossConnections == 0,
            connections is >= 1 and <= 1000 ? connections : throw new ArgumentException($"CrossTraffic: 1 to 1,000 connections, not {connections}")),
        CrossRoundTrip = ImpairmentModels.DelayOf(roundTrip ?? ImpairmentModels.Ms(30)),
    });

    /// <summary>
    /// Says what is done when, from the first packet of a direction on: <c>Timeline("0s: on; 30s: loss 10%, delay 80ms; 60s: off")</c>.
    /// From each time on all is as the stages say but for what stands there: <c>on</c>, <c>off</c>, <c>blackhole</c>, <c>loss 10%</c>,
    /// <c>delay 80ms</c>, <c>rate 5mbit</c>.
    /// </summary>
    /// <exception cref="FormatException">It says something else.</exception>
    public Impairment Timeline(string timeline) =>
        With(_specification with { Timeline = Once(_specification.Timeline is null, ImpairmentTimeline.Parse(timeline)) });

    /// <summary>Does to a frame what was asked for, if it comes from the side that is meant.</summary>
    /// <returns>What the rule is to return: Continue for a frame that goes on at once.</returns>
    public Verdict Apply(ref Frame frame)
    {
        FrameBuffer buffer = frame.Buffer.Outermost;
        RuleServices services = _rule.Services;
        ImpairedDirection? packets = (_packets ?? Begin(services)).Of(ref frame);
        services.BeginEngineCall(nameof(Apply));
        try
        {
            return packets is not null
                ? packets.Apply(buffer, services.Held.SourceOf(_rule.Name, _rule.Counters), services.Now.Monotonic)
                : Verdict.Continue;
        }
        finally
        {
            services.EndEngineCall();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_specification}";

    // The first frame: what an earlier version of the rule did goes on if it is the same.
    private ImpairedPackets Begin(RuleServices services)
    {
        if (_specification is { CrossConnections: > 0, Rate: null, Trace: null })
            throw new InvalidOperationException("CrossTraffic: there is no link to share; say how quick it is, as with Rate(Mbit(10))");

        string asked = $"{_specification}";
        Kept kept = _rule.Keep($"impairment {_number}", () => new Kept());
        if (kept.Asked != asked)
        {
            kept.Packets = new ImpairedPackets(_specification, _number, services.Held);
            kept.Asked = asked;
        }

        Volatile.Write(ref _packets, kept.Packets);
        return kept.Packets!;
    }

    private static T Once<T>(bool isFirst, T value, [CallerMemberName] string stage = "") => isFirst ? value
        : throw new ArgumentException($"{stage} was said already: one impairment does each thing once; make a second with Impair(...) for what comes after it");

    private Impairment With(ImpairmentSpecification specification)
    {
        if (_packets is not null)
            throw new InvalidOperationException("The impairment is at work: its stages are named at the rule's top level.");

        _specification = specification;
        return this;
    }

    private sealed class Kept
    {
        public string Asked { get; set; } = "";

        public ImpairedPackets? Packets { get; set; }
    }
}
