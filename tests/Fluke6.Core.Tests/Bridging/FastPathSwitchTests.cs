using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Journal;
using Fluke6.Ports;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Bridging;

/// <summary>What the fast path is told to leave to the bridge, as chains, captures and ports come and go.</summary>
public sealed class FastPathSwitchTests : IDisposable
{
    private readonly Path _path = new();
    private readonly MemoryPort _left = new("left0"), _right = new("right0");
    private readonly BridgeJournal _journal = new();
    private readonly RuleServices _services = new(new BridgeJournal(), TimeProvider.System, new Random(1));
    private readonly FastPathSwitch _switch;

    public FastPathSwitchTests()
    {
        _switch = new FastPathSwitch(_path, null, flows: null, _left, _right, _journal);
        _switch.Publishing(Chain(Guard.TcpSyn));
        _switch.Begin();
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
    }

    [Fact]
    public void NothingIsForwardedBeforeTheBridgeBeginsAndAfterItEnds()
    {
        var path = new Path();
        var early = new FastPathSwitch(path, null, flows: null, _left, _right, _journal);
        early.Publishing(Chain(Guard.TcpSyn));
        early.Look(isLooping: false, default);
        Assert.Empty(path.Directed);
        early.Begin();
        Assert.Null(early.Reason);
        early.End(default);
        Assert.Equal(["Never | TcpSyn", null], path.Directed);
    }

    [Fact]
    public void GuardsAreWidenedBeforeAChainIsPublishedAndNarrowedOnceItRuns()
    {
        RuleChain next = Chain(Guard.Udp(53));
        _switch.Publishing(next);
        Assert.Equal("Never | TcpSyn | Udp(53)", _path.Directed[^1]);
        _switch.Adopted(next);
        Assert.Equal("Never | Udp(53)", _path.Directed[^1]);
        _switch.Adopted(next);
        Assert.Equal(3, _path.Directed.Count);
    }

    [Fact]
    public void ChainThatIsPassedOverIsForgottenWithThoseBeforeIt()
    {
        RuleChain passedOver = Chain(Guard.Arp), next = Chain(Guard.Udp(53));
        _switch.Publishing(passedOver);
        _switch.Publishing(next);
        Assert.Equal("Never | TcpSyn | Arp | Udp(53)", _path.Directed[^1]);
        _switch.Adopted(next);
        Assert.Equal("Never | Udp(53)", _path.Directed[^1]);
    }

    [Fact]
    public void RuleWithoutAGuardTurnsItOffUntilItHasLeft()
    {
        RuleChain unguarded = Chain(null), guarded = Chain(Guard.Arp);
        _switch.Publishing(unguarded);
        Assert.Null(_path.Directed[^1]);
        Assert.Equal("10-x has no guard", _switch.Reason);
        _switch.Adopted(unguarded);
        _switch.Publishing(guarded);
        Assert.Null(_path.Directed[^1]);
        _switch.Adopted(guarded);
        Assert.Equal(("Never | Arp", null), (_path.Directed[^1], _switch.Reason));
        Assert.Equal(["off: 10-x has no guard", "on: the kernel forwards what no rule asks for"], Lines());
    }

    [Fact]
    public void FilterInTextTurnsItOffWhereItTakesAPartOfAFlow()
    {
        // The type of the frame is 0x806; and its length is not 0.
        FilterInstruction no = new(6, 0, 0, 0), yes = new(6, 0, 0, 262_144);
        var arp = new TextGuard("arp", [new FilterInstruction(0x28, 0, 0, 12), new FilterInstruction(0x15, 0, 1, 0x806), yes, no], [no]);
        RuleChain chain = Chain(arp);
        _switch.Publishing(chain);
        _switch.Adopted(chain);
        Assert.Equal(("Never | \"arp\"", null), (_path.Directed[^1], _switch.Reason));
        _switch.Publishing(Chain(!new TextGuard("greater 0", [new FilterInstruction(0x80, 0, 0, 0), new FilterInstruction(0x16, 0, 0, 0)], [no])));
        Assert.Equal((null, "10-x asks for a part of a flow, !\"greater 0\", which the rest would overtake"), (_path.Directed[^1], _switch.Reason));
    }

    [Fact]
    public void InstructionsOfAFilterCountAsParts()
    {
        FilterInstruction no = new(6, 0, 0, 0);
        _switch.Publishing(Chain(new TextGuard("long", [.. Enumerable.Repeat(new FilterInstruction(0x28, 0, 0, 12), 16), no], [no])));
        Assert.Equal("the rules' guards have 19 parts, and 16 fit", _switch.Reason);
    }

    [Fact]
    public void RuleThatIsSwitchedOffMayBeSwitchedOnAgainAtAnyTime()
    {
        RuleChain chain = Chain(null);
        chain.Entries[0].Disabled = true;
        _switch.Publishing(chain);
        Assert.Equal("10-x has no guard", _switch.Reason);
    }

    [Fact]
    public void CaptureLoopAndPortsTurnItOffWhileTheyAreSo()
    {
        _switch.Capture(isRunning: true);
        Assert.Equal((null, "a capture shows every frame"), (_path.Directed[^1], _switch.Reason));
        _switch.Capture(isRunning: false);
        Assert.Equal("Never | TcpSyn", _path.Directed[^1]);

        _switch.Look(isLooping: true, default);
        Assert.Null(_path.Directed[^1]);
        _path.Trouble = "an interface is down";
        _switch.Look(isLooping: false, default);
        Assert.Equal((null, "an interface is down"), (_path.Directed[^1], _switch.Reason));
        _path.Trouble = null;
        _switch.Look(isLooping: false, default);
        Assert.Equal(("Never | TcpSyn", null), (_path.Directed[^1], _switch.Reason));
    }

    [Theory]
    [InlineData("ack", false)]
    [InlineData("not syn", false)]
    [InlineData("extension", false)]
    [InlineData("reset", true)]
    [InlineData("port", true)]
    [InlineData("not arp", true)]
    public void GuardThatSplitsAFlowIsLeftAlone(string name, bool fits)
    {
        Guard guard = name switch
        {
            "ack" => Guard.TcpFlags(TcpFlags.Ack),
            "not syn" => Guard.Tcp(80) & !Guard.TcpSyn,
            "extension" => Guard.ExtensionHeader,
            "reset" => Guard.TcpFlags(TcpFlags.Rst),
            "port" => Guard.Tcp(80),
            _ => !Guard.Arp,
        };
        RuleChain chain = Chain(guard);
        _switch.Publishing(chain);
        Assert.Equal(fits, _switch.Reason is null);
    }

    [Fact]
    public void WhatTheKernelRefusesAndWhatDoesNotFitComesToTheBridge()
    {
        RuleChain chain = Chain(Guard.Udp([.. Enumerable.Range(1, 20).Select(port => (ushort)port)]));
        _switch.Publishing(chain);
        Assert.Equal((null, "the rules' guards have 22 parts, and 16 fit"), (_path.Directed[^1], _switch.Reason));

        _path.Failure = "no";
        RuleChain next = Chain(Guard.Arp);
        _switch.Publishing(next);
        _switch.Adopted(next);
        Assert.Equal("no", _switch.Reason);
        _path.Failure = null;
        _switch.Look(isLooping: false, default);
        Assert.Null(_switch.Reason);
    }

    [Fact]
    public void WhatLedgersAreMadeOfComesToTheBridge()
    {
        var path = new Path();
        var withLedgers = new FastPathSwitch(path, null, new FlowObserver(16, _journal), _left, _right, _journal);
        withLedgers.Begin();
        Assert.Equal("TcpFlags(Fin, Syn, Rst) | Protocol(Icmpv6) | Arp", path.Directed[^1]);
    }

    [Fact]
    public void RuleThatLetsGoOfFlowsIsAskedAboutTheOthers()
    {
        var path = new Path();
        var flows = new FlowObserver(16, _journal);
        var withFlows = new FastPathSwitch(path, null, flows, _left, _right, _journal);
        RuleChain chain = Chain(Guard.Udp(53));
        withFlows.Publishing(chain);
        withFlows.Begin();
        withFlows.Adopted(chain);
        string before = path.Directed[^1]!;
        Assert.EndsWith(" | Udp(53)", before);
        chain.Entries[0].Number = 3;
        flows.Table.Releases.Add(0, chain.Entries[0]);
        withFlows.Look(isLooping: false, default);
        Assert.EndsWith(" | !Released(3) & Udp(53)", path.Directed[^1]);

        // Another version has let go of nothing, though the kernel may know of flows for a while.
        chain.Entries[0].Context!.Deactivate();
        withFlows.Look(isLooping: false, default);
        Assert.Equal(before, path.Directed[^1]);
    }

    [Fact]
    public void WhatTheKernelForwardedCountsAtBothPorts()
    {
        _path.Count = (5, 700);
        _switch.Look(isLooping: false, default);
        _switch.Look(isLooping: false, default);
        Assert.Equal((5, 700, 5, 700), (_left.Counters.KernelFrames, _left.Counters.KernelBytes, _left.Counters.RxFrames, _left.Counters.RxBytes));
        Assert.Equal((5, 700, 0), (_right.Counters.TxFrames, _right.Counters.TxBytes, _right.Counters.KernelFrames));
    }

    private RuleChain Chain(Guard? guard)
    {
        var context = new RuleInstance("10-x", new RuleCounters(), _services);
        if (guard is not null)
            context.When(guard);
        context.Prepare();
        return new RuleChain([new RuleEntry("10-x", (ref _) => Verdict.Continue, context)]);
    }

    private List<string> Lines()
    {
        var lines = new List<string>();
        while (_journal.TryRead(out JournalNote note))
            lines.Add(((LogNote)note).Message);
        return lines;
    }

    private sealed class Path : IFastPath
    {
        public List<string?> Directed { get; } = [];

        public string? Failure { get; set; }

        public (long Frames, long Bytes) Count { get; set; }

        public int MaxSteps => 16;

        public IForwardedFlows? Flows => null;

        public void Handled(Side side, long monotonic)
        {
        }

        public string? Trouble { get; set; }

        public string? Direct(Guard? guard)
        {
            if (guard is not null && Failure is not null)
                return Failure;

            Directed.Add(guard?.ToString());
            return null;
        }

        public void End() => Direct(null);

        public (long Frames, long Bytes) Forwarded(Side from) => from == Side.Left ? Count : default;
    }
}
