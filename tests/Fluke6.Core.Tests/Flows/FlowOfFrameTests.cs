using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Flows;

/// <summary>The flow of the frame at hand, and what rules remember of it.</summary>
[Collection("allocations")]
public sealed class FlowOfFrameTests
{
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01");

    [Fact]
    public void FiguresAreOfBothDirectionsAndTheFrameAtHand()
    {
        var seen = new List<string>();
        DateTimeOffset first = default, before = default;
        using var rehearsal = Rehearse((ref frame) =>
        {
            Flow flow = frame.Flow;
            Assert.True(flow.IsKnown);
            seen.Add($"{flow.ToString()}; {flow.FramesFromLeft}+{flow.FramesFromRight} {flow.BytesFromLeft}+{flow.BytesFromRight} age {flow.Age.TotalSeconds}");
            if (first == default)
                first = before = frame.ArrivalTime;
            Assert.Equal((first, before), (flow.FirstSeen, flow.LastSeen));
            before = frame.ArrivalTime;
        });
        rehearsal.Arrive(Side.Left, Datagram(1, 2, payload: 10));
        rehearsal.PassTime(TimeSpan.FromSeconds(3));
        rehearsal.Arrive(Side.Right, Datagram(2, 1, payload: 20));
        rehearsal.PassTime(TimeSpan.FromSeconds(1));
        rehearsal.Arrive(Side.Left, Datagram(1, 2, payload: 0));
        Assert.Equal(
            [
                "192.0.2.1:1 > 192.0.2.1:2, 1 frames, 52 bytes; 1+0 52+0 age 0",
                "192.0.2.1:1 > 192.0.2.1:2, 2 frames, 114 bytes; 1+1 52+62 age 3",
                "192.0.2.1:1 > 192.0.2.1:2, 3 frames, 156 bytes; 2+1 94+62 age 4",
            ],
            seen);
    }

    [Fact]
    public void EachRuleRemembersEachFlowInEachTypeForItself()
    {
        var seen = new List<(char Rule, int Port, int Frames, string? Text)>();
        using var rehearsal = Rehearse(("a", Count('a', 1)), ("b", Count('b', 10)));
        Verdict Counted(char name, int step, ref Frame frame)
        {
            frame.TryGetUdp(out UdpHeader udp);
            frame.Flow.State<int>() += step;
            ref string? text = ref frame.Flow.State<string?>();
            text += name;
            seen.Add((name, udp.DestinationPort, frame.Flow.State<int>(), text));
            return Verdict.Continue;
        }

        Rule Count(char name, int step) => (ref frame) => Counted(name, step, ref frame);
        foreach (ushort port in (ushort[])[7, 8, 7])
            rehearsal.Arrive(Side.Left, Datagram(1, port));
        Assert.Equal(
            [('a', 7, 1, "a"), ('b', 7, 10, "b"), ('a', 8, 1, "a"), ('b', 8, 10, "b"), ('a', 7, 2, "aa"), ('b', 7, 20, "bb")], seen);
    }

    [Fact]
    public void StateGoesWithTheFlowAndOnlyThen()
    {
        var seen = new List<int>();
        using var rehearsal = Rehearse(flows: 2, ("r", (ref frame) =>
        {
            seen.Add(++frame.Flow.State<int>());
            return Verdict.Continue;
        }
        ));
        foreach (ushort port in (ushort[])[7, 8, 7, 9, 7, 8])
            rehearsal.Arrive(Side.Left, Datagram(1, port));
        // 9 takes the place of 8, which was unseen for longest; 8 then that of 9.
        Assert.Equal([1, 1, 2, 1, 3, 1], seen);
        Assert.Equal(2, rehearsal.Bridge.Flows!.Evicted);
    }

    [Fact]
    public void StateSurvivesAnotherVersionOfTheRule()
    {
        var seen = new List<long>();
        Rule count = (ref frame) =>
        {
            seen.Add(++frame.Flow.State<(int, long Frames)>().Frames);
            return Verdict.Continue;
        };
        using var rehearsal = Rehearse(("r", count));
        rehearsal.Arrive(Side.Left, Datagram(1, 7));
        rehearsal.Bridge.Publish(Chain(rehearsal, ("other", count), ("r", count)));
        rehearsal.Arrive(Side.Left, Datagram(1, 7));
        Assert.Equal([1, 1, 2], seen);
    }

    [Fact]
    public void InnerFrameIsOfTheFlowAroundIt()
    {
        int seen = 0;
        using var rehearsal = Rehearse((ref frame) =>
        {
            Assert.True(frame.TryGetInner(out Frame inner));
            frame.Flow.State<int>() = 5;
            seen = inner.Flow.State<int>();
            Assert.Equal(IpProtocol.Udp, inner.Layers.Transport);
            Assert.Equal(0, inner.Flow.Source.Port);
        });
        rehearsal.Arrive(Side.Left, Packet.Ethernet(s_mac, s_mac)
            .Ipv4(new Ipv4Fields(Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("192.0.2.2")))
            .Ipv4(Ipv4Address.Parse("10.0.0.1"), Ipv4Address.Parse("10.0.0.2")).Udp(1, 2).Payload([1]).ToArray());
        Assert.Empty(rehearsal.TakeNotes());
        Assert.Equal(5, seen);
    }

    [Fact]
    public void FrameThatAnotherRuleSendsAtExitBelongsToNone()
    {
        var seen = new List<(bool IsKnown, int State, long Frames)>();
        using var rehearsal = Rehearse(flows: 16);
        var counters = new RuleCounters();
        var context = new RuleInstance("leaves", counters, rehearsal.Bridge.Services);
        context.AtExit(() => context.Send(Side.Right, Datagram(1, 7)));
        Rule after = (ref frame) =>
        {
            seen.Add((frame.Flow.IsKnown, ++frame.Flow.State<int>(), frame.Flow.Frames));
            return Verdict.Continue;
        };
        RuleEntry stays = Entry(rehearsal, "stays", after);
        rehearsal.Bridge.Publish(new RuleChain([new RuleEntry("leaves", (ref _) => Verdict.Continue, context, counters), stays]));
        rehearsal.Arrive(Side.Left, Datagram(1, 7));
        rehearsal.Bridge.Publish(new RuleChain([stays]));
        Assert.Single(rehearsal.PassTime(TimeSpan.Zero));
        rehearsal.Arrive(Side.Left, Datagram(1, 7));
        Assert.Equal([(true, 1, 1), (false, 1, 0), (true, 2, 2)], seen);
    }

    [Fact]
    public void WithoutFlowsStateIsAFaultThatSaysWhatToDo()
    {
        using var rehearsal = Rehearse(flows: 0, ("r", (ref frame) =>
        {
            Assert.False(frame.Flow.IsKnown);
            frame.Flow.State<int>()++;
            return Verdict.Drop;
        }
        ));
        Assert.Single(rehearsal.Arrive(Side.Left, Datagram(1, 7)));
        RuleFault fault = Assert.Single(rehearsal.TakeNotes().OfType<FaultNote>()).Fault;
        Assert.EndsWith("frame.Flow has no state where no flows are kept: leave out --flows 0", fault.Message);
    }

    [Fact]
    public void FlowsThatComeAndGoCostNoMemoryOnceTheTableIsFull()
    {
        const int Flows = 600;
        using var rehearsal = Rehearse(Flows, ("r", (ref frame) =>
        {
            ref (long, int Frames) seen = ref frame.Flow.State<(long, int)>();
            return ++seen.Frames > 1 ? Verdict.Drop : Verdict.Continue;
        }
        ));
        byte[][] frames = [.. Enumerable.Range(1, 3 * Flows).Select(port => Datagram(1, (ushort)port))];
        long Run() => frames.Sum(frame => rehearsal.AllocatedFor(Side.Left, frame));
        Run();
        Assert.Equal(0, Run());
        // Each was new again.
        Assert.Equal(0, rehearsal.Bridge.Chain.Entries[0].Counters.Dropped);
    }

    [Fact]
    public void EndsFormatThemselvesWithoutAllocation()
    {
        FlowEndpoint[] ends =
        [
            new FlowEndpoint(FlowFamily.Ipv4, 0, 0xC0000201, 80), new FlowEndpoint(FlowFamily.Ipv4, 0, 0xC0000201, 0),
            new FlowEndpoint(FlowFamily.Ipv6, 0x20010DB8_00000000, 1, 80), new FlowEndpoint(FlowFamily.Ipv6, 0x20010DB8_00000000, 1, 0),
            new FlowEndpoint(FlowFamily.Link, 0, 0x020000000001, 0),
        ];
        char[] text = new char[64];
        foreach (FlowEndpoint end in ends)
        {
            Assert.True(end.TryFormat(text, out int length, default, null));
            Assert.Equal(end.ToString(), new string(text, 0, length));
            Assert.False(end.TryFormat(text.AsSpan(0, 3), out _, default, null));
        }

        Assert.Equal(0, Allocation.In(() => ends[2].TryFormat(text, out _, default, null)));
    }

    private delegate void Look(ref Frame frame);

    private static Rehearsal Rehearse(Look look) => Rehearse(flows: 16, ("r", (ref frame) =>
    {
        look(ref frame);
        return Verdict.Continue;
    }
    ));

    private static Rehearsal Rehearse(params (string Name, Rule Rule)[] rules) => Rehearse(flows: 16, rules);

    private static Rehearsal Rehearse(int flows, params (string Name, Rule Rule)[] rules)
    {
        var rehearsal = new Rehearsal(LinkType.Ethernet, 1500, DateTimeOffset.UnixEpoch, new BridgeOptions { Flows = flows, FaultLimit = int.MaxValue });
        rehearsal.Bridge.Publish(Chain(rehearsal, rules));
        return rehearsal;
    }

    private static RuleChain Chain(Rehearsal rehearsal, params (string Name, Rule Rule)[] rules) =>
        new(rules.Select(rule => Entry(rehearsal, rule.Name, rule.Rule)));

    private static RuleEntry Entry(Rehearsal rehearsal, string name, Rule rule)
    {
        var counters = new RuleCounters();
        return new RuleEntry(name, rule, new RuleInstance(name, counters, rehearsal.Bridge.Services), counters);
    }

    private static byte[] Datagram(ushort source, ushort destination, int payload = 0)
    {
        Ipv4Address host = Ipv4Address.Parse("192.0.2.1");
        return Packet.Ethernet(s_mac, s_mac).Ipv4(host, host).Udp(source, destination).Payload(new byte[payload]).ToArray();
    }
}
