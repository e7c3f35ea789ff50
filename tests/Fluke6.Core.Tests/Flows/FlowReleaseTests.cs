using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Flows;

/// <summary>Rules that let go of a flow are not asked about it, until it is another.</summary>
[Collection("allocations")]
public sealed class FlowReleaseTests : IDisposable
{
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01");
    private readonly Rehearsal _rehearsal = new(LinkType.Ethernet, 1500, DateTimeOffset.UnixEpoch, new BridgeOptions { Flows = 4 });
    private readonly List<string> _asked = [];

    public void Dispose() => _rehearsal.Dispose();

    [Fact]
    public void EachRuleLetsGoForItself()
    {
        Publish(("a", Let(1)), ("b", Let(3)), ("c", Let(int.MaxValue)));
        for (int i = 0; i < 4; i++)
            Assert.Single(Arrive(i % 2 == 0 ? Side.Left : Side.Right, TcpFlags.Ack));
        Assert.Equal("a1 b1 c1 b2 c2 b3 c3 c4", Asked());
        RuleEntry[] rules = [.. _rehearsal.Bridge.Chain.Entries];
        Assert.Equal([1, 3, 4], rules.Select(rule => rule.Counters.Seen));
        Assert.Equal(4, Flow().Frames);
        // Another flow is another flow.
        Arrive(Side.Left, TcpFlags.Ack, port: 81);
        Assert.Equal("a1 b1 c1", Asked());
    }

    [Theory]
    [InlineData("syn", "a1 a1")]
    [InlineData("syn-ack", "a1")]
    [InlineData("a minute", "a1 a2")]
    [InlineData("half a minute, twice", "a1")]
    [InlineData("other flows", "a1 a1")]
    [InlineData("reload", "a1 a2")]
    [InlineData("reload of another rule", "a1")]
    public void RuleIsAskedAgainOnceTheFlowIsAnotherOrItIs(string what, string expected)
    {
        Rule rule = Let(1, forgetsAtSyn: true);
        (string Name, Rule Rule) other = ("other", (ref _) => Verdict.Continue);
        RuleEntry[] entries = Publish(("a", rule), other);
        Arrive(Side.Left, TcpFlags.Ack);
        switch (what)
        {
            case "syn":
                Arrive(Side.Left, TcpFlags.Syn);
                break;
            case "syn-ack":
                Arrive(Side.Right, TcpFlags.Syn | TcpFlags.Ack);
                break;
            case "a minute":
                _rehearsal.PassTime(TimeSpan.FromSeconds(61));
                break;
            case "half a minute, twice":
                _rehearsal.PassTime(TimeSpan.FromSeconds(31));
                Arrive(Side.Right, TcpFlags.Ack);
                _rehearsal.PassTime(TimeSpan.FromSeconds(31));
                break;
            case "other flows":
                for (ushort port = 1000; port < 1004; port++)
                    _rehearsal.Arrive(Side.Left, Segment(Side.Left, TcpFlags.Ack, port));
                _asked.RemoveRange(1, 4);
                break;
            case "reload":
                Publish(("a", rule), other);
                break;
            default:
                _rehearsal.Bridge.Publish(new RuleChain([entries[0], Entry("other", other.Rule)]));
                break;
        }

        Arrive(Side.Left, TcpFlags.Ack);
        Assert.Equal(expected, Asked());
    }

    [Fact]
    public void FrameThatLetsGoGoesOnAsItsRuleDecides()
    {
        Publish(("a", (ref frame) =>
        {
            frame.Flow.Release();
            return Verdict.Drop;
        }
        ));
        Assert.Empty(Arrive(Side.Left, TcpFlags.Ack));
        Assert.Single(Arrive(Side.Left, TcpFlags.Ack));
    }

    /// <summary>A rule that holds each frame that it is asked about lets go of the flow, at the first or at the next; another follows once it holds none.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void FramesThatFollowDoNotOvertakeThoseThatTheRuleHolds(int releasedAt)
    {
        RuleEntry rule = Assert.Single(Publish(("a", (ref frame) =>
        {
            _asked.Add("a");
            if (_asked.Count >= releasedAt)
                frame.Flow.Release();
            return frame.Hold(TimeSpan.FromMilliseconds(10));
        }
        )));
        for (int i = 0; i < 3; i++)
            Assert.Empty(Arrive(Side.Left, TcpFlags.Ack));
        Assert.Equal(3, _rehearsal.PassTime(TimeSpan.FromMilliseconds(10)).Count);
        Assert.Single(Arrive(Side.Left, TcpFlags.Ack));
        Assert.Equal(3, _asked.Count);
        // A connection that begins meanwhile is another.
        Assert.Empty(Arrive(Side.Left, TcpFlags.Syn));
        Assert.Empty(Arrive(Side.Left, TcpFlags.Syn));
        Assert.Equal(2, _rehearsal.PassTime(TimeSpan.FromMilliseconds(10)).Count);
        Assert.Empty(Arrive(Side.Left, TcpFlags.Syn));
        Assert.Equal(6, rule.Counters.Seen);
    }

    [Fact]
    public void GuardOfARuleThatLetGoIsNotAsked()
    {
        var context = new RuleInstance("a", new RuleCounters(), _rehearsal.Bridge.Services);
        context.When(Guard.Tcp(80));
        context.Prepare();
        _rehearsal.Bridge.Publish(new RuleChain([new RuleEntry("a", Let(1), context, context.Counters)]));
        for (int i = 0; i < 3; i++)
            Arrive(Side.Left, TcpFlags.Ack);
        Assert.Equal((1, 1), (context.Counters.Seen, context.Counters.GuardMatched));
    }

    [Fact]
    public void RulesPastTheSixtyThirdAreAskedOnAndOn()
    {
        Publish([.. Enumerable.Range(0, 66).Select(i => ($"r{i:00}", Let(1)))]);
        for (int i = 0; i < 3; i++)
            Arrive(Side.Left, TcpFlags.Ack);
        Assert.Equal([1, 1, 3, 3, 3], _rehearsal.Bridge.Chain.Entries.TakeLast(5).Select(rule => rule.Counters.Seen));
    }

    [Fact]
    public void WithoutFlowsItIsAFaultThatSaysWhatToDo()
    {
        using var rehearsal = new Rehearsal(LinkType.Ethernet, 1500, DateTimeOffset.UnixEpoch, new BridgeOptions { Flows = 0 });
        rehearsal.Bridge.Publish(new RuleChain([new RuleEntry("a", Let(1))]));
        Assert.Single(rehearsal.Arrive(Side.Left, Segment(Side.Left, TcpFlags.Ack)));
        RuleFault fault = Assert.Single(rehearsal.TakeNotes().OfType<FaultNote>()).Fault;
        Assert.EndsWith("frame.Flow cannot be let go where no flows are kept: leave out --flows 0", fault.Message);
    }

    [Fact]
    public void LettingGoAllocatesNothing()
    {
        Publish(("a", (ref frame) =>
        {
            frame.Flow.Release();
            return Verdict.Continue;
        }
        ));
        byte[][] frames = [.. Enumerable.Range(1, 64).Select(port => Segment(Side.Left, TcpFlags.Ack, (ushort)port))];
        long Run() => frames.Sum(frame => _rehearsal.AllocatedFor(Side.Left, frame));
        Run();
        Assert.Equal(0, Run());
    }

    // Notes each call, and lets go at the call of a number.
    private Rule Let(int at, bool forgetsAtSyn = false) => (ref frame) =>
    {
        frame.TryGetTcp(out TcpHeader tcp);
        ref int calls = ref frame.Flow.IsKnown ? ref frame.Flow.State<int>() : ref _unknown;
        if (forgetsAtSyn && tcp.Syn)
            calls = 0;
        calls++;
        _asked.Add($"{Name()}{calls}");
        if (calls >= at)
            frame.Flow.Release();
        return Verdict.Continue;
    };

    private int _unknown;

    // The rule whose turn it is.
    private string Name()
    {
        RuleCall call = _rehearsal.Bridge.Services.Call;
        return call.Chain?.RuleAt(call.Position)?.Name ?? "";
    }

    private RuleEntry[] Publish(params (string Name, Rule Rule)[] rules)
    {
        RuleEntry[] entries = [.. rules.Select(rule => Entry(rule.Name, rule.Rule))];
        _rehearsal.Bridge.Publish(new RuleChain(entries));
        return entries;
    }

    private RuleEntry Entry(string name, Rule rule)
    {
        var context = new RuleInstance(name, new RuleCounters(), _rehearsal.Bridge.Services);
        return new RuleEntry(name, rule, context, context.Counters);
    }

    private IReadOnlyList<DepartedFrame> Arrive(Side from, TcpFlags flags, ushort port = 80) => _rehearsal.Arrive(from, Segment(from, flags, port));

    private string Asked()
    {
        string asked = string.Join(' ', _asked);
        _asked.Clear();
        return asked;
    }

    private Fluke6.Flows.FlowSnapshot Flow()
    {
        var flows = new Fluke6.Flows.FlowSnapshot[1];
        Assert.Equal(1, _rehearsal.Bridge.Flows!.Read(flows));
        return flows[0];
    }

    private static byte[] Segment(Side from, TcpFlags flags, ushort port = 80)
    {
        Ipv4Address client = Ipv4Address.Parse("192.0.2.1"), server = Ipv4Address.Parse("192.0.2.2");
        Packet<EthernetFields> ethernet = Packet.Ethernet(s_mac, s_mac);
        return (from == Side.Left
            ? ethernet.Ipv4(client, server).Tcp(new TcpFields(4000, port, flags))
            : ethernet.Ipv4(server, client).Tcp(new TcpFields(port, 4000, flags))).ToArray();
    }
}
