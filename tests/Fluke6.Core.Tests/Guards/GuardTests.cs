using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Rules;
using Fluke6.Core.Tests;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Guards;

/// <summary>Rules are asked about what their guards hold for, and about nothing else.</summary>
public sealed class GuardTests
{
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01"), s_other = MacAddress.Parse("02:00:00:00:00:02");
    private static readonly Ipv4Address s_ip4 = Ipv4Address.Parse("192.0.2.1"), s_to4 = Ipv4Address.Parse("192.0.2.2");
    private static readonly Ipv6Address s_ip6 = Ipv6Address.Parse("2001:db8::1"), s_to6 = Ipv6Address.Parse("2001:db8::2");
    private static readonly byte[] s_fragment = [0x11, 0, 0, 0x08, 0, 0, 0, 7];

    private readonly RuleServices _services = new(new BridgeJournal(), TimeProvider.System, new Random(1));

    private static Packet<EthernetFields> Link => Packet.Ethernet(s_mac, s_other);

    private static readonly Dictionary<string, byte[]> s_frames = new()
    {
        ["syn4"] = Link.Ipv4(s_ip4, s_to4).Tcp(40000, 80, TcpFlags.Syn).ToArray(),
        ["syn6"] = Link.Ipv6(s_ip6, s_to6).Tcp(40000, 80, TcpFlags.Syn).ToArray(),
        ["syn,ack"] = Link.Ipv6(s_to6, s_ip6).Tcp(80, 40000, TcpFlags.Syn | TcpFlags.Ack).ToArray(),
        ["tagged syn"] = Link.Vlan(5).Vlan(6).Ipv4(s_ip4, s_to4).Tcp(40000, 80, TcpFlags.Syn).ToArray(),
        ["syn behind options"] = Link.Ipv6(s_ip6, s_to6).HopByHopOptions().DestinationOptions().Tcp(40000, 80, TcpFlags.Syn).ToArray(),
        ["ack"] = Link.Ipv4(s_ip4, s_to4).Tcp(40000, 80, TcpFlags.Ack).ToArray(),
        ["dns"] = Link.Ipv4(s_ip4, s_to4).Udp(53, 40000).Payload(new byte[12]).ToArray(),
        ["echo"] = Link.Ipv6(s_ip6, s_to6).EchoRequest(1, 1).ToArray(),
        ["later fragment of udp"] = [.. Link.Ipv6(new Ipv6Fields(s_ip6, s_to6, IpProtocol.Fragment)).Payload([.. s_fragment, 1, 2, 3, 4, 5, 6, 7, 8]).ToArray()],
        ["arp"] = Packet.Ethernet(s_mac).Arp(ArpFields.Request(s_mac, s_ip4, s_to4)).ToArray(),
        ["cut syn"] = Link.Ipv4(s_ip4, s_to4).Tcp(40000, 80, TcpFlags.Syn).ToArray()[..40],
    };

    [Theory]
    [InlineData("TcpSyn", "syn4", "syn6", "syn,ack", "tagged syn", "syn behind options", "cut syn")]
    [InlineData("Tcp(80)", "syn4", "syn6", "syn,ack", "tagged syn", "syn behind options", "ack", "cut syn")]
    [InlineData("Udp(53)", "dns", "later fragment of udp", "cut syn")]
    [InlineData("Icmpv6(EchoRequest)", "echo", "cut syn")]
    [InlineData("Arp", "arp")]
    [InlineData("Address(192.0.2.2/32)", "syn4", "tagged syn", "ack", "dns", "cut syn")]
    [InlineData("Address(2001:db8::/64) & Tcp()", "syn6", "syn,ack", "syn behind options")]
    [InlineData("TcpSyn | Arp", "syn4", "syn6", "syn,ack", "tagged syn", "syn behind options", "arp", "cut syn")]
    [InlineData("!(Ipv4 | Ipv6)", "arp")]
    public void HoldsOverBothVersionsTagsAndExtensionHeaders(string text, params string[] frames)
    {
        GuardCheck check = GuardCode.Compile(All().Single(guard => guard.ToString() == text));
        var buffer = new FrameBuffer(new FrameUndo());
        foreach ((string name, byte[] octets) in s_frames)
        {
            buffer.Load(octets, LinkType.Ethernet, Side.Left);
            Assert.True(frames.Contains(name) == check(buffer), $"{text} on {name}");
        }
    }

    [Fact]
    public void RuleIsAskedAboutWhatOneOfItsGuardsHoldsForAndEachIsCounted()
    {
        int asked = 0;
        RuleEntry guarded = Rule("10-guarded", (ref _) => { asked++; return Verdict.Continue; }, Guard.TcpSyn, Guard.Arp);
        RuleEntry free = Rule("20-free", (ref _) => Verdict.Continue);
        foreach (byte[] octets in s_frames.Values)
            Run(octets, guarded, free);

        Assert.Equal(7, asked);
        Assert.Equal("TcpSyn | Arp", $"{guarded.Guard}");
        Assert.Equal((s_frames.Count, 7L), (guarded.Counters.Seen, guarded.Counters.GuardMatched));
        Assert.Null(free.Guard);
        Assert.Equal((s_frames.Count, 0L), (free.Counters.Seen, free.Counters.GuardMatched));
    }

    [Fact]
    public void FrameThatNoGuardHoldsForIsSeenByTheRulesThatAreAskedAndMetByThoseThatOwe()
    {
        RuleEntry[] rules =
        [
            Rule("10-syn", (ref _) => Verdict.Drop, Guard.TcpSyn),
            Rule("20-off", (ref _) => Verdict.Drop, Guard.TcpSyn),
            Rule("30-let-go", (ref _) => Verdict.Drop, Guard.Udp(53)),
            Rule("40-broken", (ref _) => Verdict.Drop, Guard.Udp(53)),
            Rule("50-owes", (ref _) => Verdict.Drop, Guard.TcpSyn),
            Rule("60-arp", (ref _) => Verdict.Drop, Guard.Arp),
        ];
        for (int i = 0; i < rules.Length; i++)
            rules[i].Number = i;
        rules[1].Disabled = true;
        rules[3].Bypass(FaultPolicy.Drop);
        var debt = new Debt();
        rules[4].Owes = debt;

        for (int i = 1; i <= 3; i++)
        {
            Assert.Equal(Verdict.Continue, Run(s_frames["ack"], released: rules[2].NumberBit, rules));
            Assert.Equal([i, 0, 0, 0, i, i], rules.Select(rule => rule.Counters.Seen));
            Assert.Equal(i, debt.Met);
        }

        Assert.All(rules, rule => Assert.Equal((0, 0), (rule.Counters.GuardMatched, rule.Counters.Dropped)));
        // The last one's guard holds, and those before are shown the frame once.
        Assert.Equal(Verdict.Drop, Run(s_frames["arp"], released: 0, rules));
        Assert.Equal([4, 0, 1, 0, 4, 4], rules.Select(rule => rule.Counters.Seen));
        Assert.Equal((1, 1), (rules[5].Counters.GuardMatched, rules[5].Counters.Dropped));
        Assert.Equal(4, debt.Met);
        debt.Answer = Verdict.Hold;
        Assert.Equal(Verdict.Hold, Run(s_frames["ack"], released: 0, rules));
        Assert.Equal([5, 0, 2, 0, 5, 4], rules.Select(rule => rule.Counters.Seen));
    }

    [Fact]
    public void MeasuredFrameMeasuresEachRule()
    {
        RuleEntry[] rules = [Rule("10-syn", (ref _) => Verdict.Drop, Guard.TcpSyn), Rule("20-arp", (ref _) => Verdict.Drop, Guard.Arp)];
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(s_frames["ack"], LinkType.Ethernet, Side.Left);
        Assert.Equal(Verdict.Continue, new RuleChain(rules).Run(buffer, new RuleCall(), 0, new RuleFaults(FaultPolicy.Pass, 16, new BridgeJournal()), timed: true));
        Assert.All(rules, rule => Assert.Equal((1, 1), (rule.Counters.Seen, rule.Counters.Timed)));
    }

    [Fact]
    public void GuardLooksAtTheFrameAsTheRuleBeforeLeftIt()
    {
        RuleEntry first = Rule("10-port", (ref frame) =>
        {
            if (frame.TryGetUdp(out UdpHeader udp))
                udp.SourcePort = 5353;
            return Verdict.Continue;
        });
        RuleEntry second = Rule("20-drop", (ref _) => Verdict.Drop, Guard.Udp(5353));
        Assert.Equal(Verdict.Drop, Run(s_frames["dns"], first, second));
    }

    [Fact]
    public void FilterThatBrokeDropsWhatItWouldHaveBeenAskedAboutAndNothingElse()
    {
        RuleEntry rule = Rule("10-filter", (ref _) => Verdict.Continue, Guard.Udp(53));
        rule.Bypass(FaultPolicy.Drop);
        Assert.Equal(Verdict.Drop, Run(s_frames["dns"], rule));
        Assert.Equal(Verdict.Continue, Run(s_frames["ack"], rule));
        Assert.Equal(1, rule.Counters.Dropped);
    }

    [Fact]
    public void NothingIsAllocatedWhereAGuardDoesNotHold()
    {
        RuleEntry rule = Rule("10-guarded", (ref _) => Verdict.Continue, Guard.TcpSyn | Guard.Udp(53) | (Guard.Address(s_ip6) & !Guard.Icmpv6()));
        var chain = new RuleChain([rule, Rule("20-guarded", (ref _) => Verdict.Continue, Guard.Arp)]);
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(s_frames["ack"], LinkType.Ethernet, Side.Left);
        var call = new RuleCall();
        var faults = new RuleFaults(FaultPolicy.Pass, 16, new BridgeJournal());
        Assert.Equal(0, Allocation.In(() => chain.Run(buffer, call, 0, faults)));
    }

    [Fact]
    public void NothingIsCompiledAtTheFirstFrame()
    {
        FilterInstruction no = new(6, 0, 0, 0);
        Guard[] guards = [Guard.TcpSyn | Guard.Udp(53), Guard.Teredo, new TextGuard("none", [new FilterInstruction(0x28, 0, 0, 12), no], [no]) | Guard.Arp];
        // The code that all guards share is there after the first ones.
        for (int i = 0; i < 2; i++)
        {
            GuardCheck[] checks = [.. guards.Select(GuardCode.Compile)];
            var buffer = new FrameBuffer(new FrameUndo());
            buffer.Load(s_frames["ack"], LinkType.Ethernet, Side.Left);
            long before = System.Runtime.JitInfo.GetCompiledMethodCount(currentThread: true);
            foreach (GuardCheck check in checks)
                Assert.False(check(buffer) | check(buffer));
            Assert.True(i == 0 || System.Runtime.JitInfo.GetCompiledMethodCount(currentThread: true) == before, "a method was compiled");
        }
    }

    [Fact]
    public void GuardsAreForTheTopLevelAndNotWithoutEnd()
    {
        var context = new RuleInstance("10-x", new RuleCounters(), _services);
        Assert.Throws<ArgumentNullException>(() => context.When(null!));
        context.Prepare();
        Assert.StartsWith("When is for the rule's top level", Assert.Throws<InvalidOperationException>(() => context.When(Guard.Arp)).Message);

        ushort[] ports = [.. Enumerable.Range(0, Guard.MaxParts).Select(port => (ushort)port)];
        GuardCheck check = GuardCode.Compile(Guard.Udp(ports));
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(s_frames["dns"], LinkType.Ethernet, Side.Left);
        Assert.True(check(buffer));
        Assert.Contains("at most 1,000 parts", Assert.Throws<InvalidOperationException>(() => Guard.Udp(ports) | Guard.Arp).Message);
        Assert.Contains("ExtensionHeader", Assert.Throws<ArgumentException>(() => Guard.Protocol(IpProtocol.Fragment)).Message);
        Assert.Equal("Never", $"{Guard.Udp([])}");
    }

    private RuleEntry Rule(string name, Rule rule, params Guard[] guards)
    {
        var counters = new RuleCounters();
        var context = new RuleInstance(name, counters, _services);
        foreach (Guard guard in guards)
            context.When(guard);
        context.Prepare();
        return new RuleEntry(name, rule, context, counters);
    }

    private static Verdict Run(byte[] octets, params RuleEntry[] rules) => Run(octets, released: 0, rules);

    private static Verdict Run(byte[] octets, ulong released, params RuleEntry[] rules)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left);
        buffer.ReleasedBy = released;
        return new RuleChain(rules).Run(buffer, new RuleCall(), 0, new RuleFaults(FaultPolicy.Pass, 16, new BridgeJournal()));
    }

    private static Guard[] All() =>
    [
        Guard.TcpSyn, Guard.Tcp(80), Guard.Udp(53), Guard.Icmpv6(Icmpv6Type.EchoRequest), Guard.Arp, Guard.Address(s_to4),
        Guard.Address(Ipv6Prefix.Parse("2001:db8::/64")) & Guard.Tcp(), Guard.TcpSyn | Guard.Arp, !(Guard.Ipv4 | Guard.Ipv6),
    ];

    private sealed class Debt : FlowObligation
    {
        public override bool IsOwed => true;

        public Verdict Answer { get; set; } = Verdict.Continue;

        public int Met { get; private set; }

        public override Verdict Meet(FrameBuffer frame)
        {
            Met++;
            return Answer;
        }
    }
}
