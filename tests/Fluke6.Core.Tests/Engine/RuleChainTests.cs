using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Core.Tests.Engine;

public sealed class RuleChainTests
{
    private readonly BridgeJournal _journal = new();
    private readonly FrameBuffer _buffer = new(new FrameUndo());

    private static RuleEntry Says(string name, Verdict verdict) => new(name, (ref frame) => verdict);

    private Verdict Run(RuleChain chain, FaultPolicy policy = FaultPolicy.Pass, int limit = 3)
    {
        _buffer.Load(new byte[60], LinkType.Ethernet, Side.Left);
        return chain.Run(_buffer, new RuleCall(), 0, new RuleFaults(policy, limit, _journal));
    }

    [Fact]
    public void RulesAreAskedInOrderAndSeeEditsOfThoseBefore()
    {
        var seen = new List<int>();
        RuleEntry Next(int value) => new("r", (ref frame) =>
        {
            seen.Add(frame.Octets[0]);
            frame.Edit()[0] = (byte)value;
            return Verdict.Continue;
        });
        Assert.Equal(Verdict.Continue, Run(new RuleChain([Next(1), Next(2), Next(3)])));
        Assert.Equal([0, 1, 2], seen);
        Assert.Equal(3, _buffer.Octets[0]);
        Assert.True(_buffer.Rewritten);
    }

    [Theory]
    [InlineData(Verdict.Accept)]
    [InlineData(Verdict.Drop)]
    [InlineData(Verdict.Reflect)]
    public void OtherVerdictsThanContinueEndTheChain(Verdict verdict)
    {
        RuleEntry first = Says("a", Verdict.Continue), second = Says("b", verdict), third = Says("c", Verdict.Continue);
        Assert.Equal(verdict, Run(new RuleChain([first, second, third])));
        Assert.Equal((1L, 0L), (first.Counters.Seen, first.Counters.Hits));
        Assert.Equal((1L, 1L), (second.Counters.Seen, second.Counters.Hits));
        Assert.Equal(0, third.Counters.Seen);
        Assert.Equal(verdict == Verdict.Drop ? 1 : 0, second.Counters.Dropped);
        Assert.Equal(verdict == Verdict.Reflect ? 1 : 0, second.Counters.Sent);
    }

    [Fact]
    public void HitIsAChangeOrAWordOfIt()
    {
        RuleEntry watches = new("a", (ref frame) =>
        {
            frame.Hit();
            return Verdict.Continue;
        });
        RuleEntry edits = new("b", (ref frame) =>
        {
            frame.Edit()[0] = 1;
            return Verdict.Continue;
        });
        RuleEntry looks = new("c", (ref frame) => frame.Octets[0] == 1 ? Verdict.Continue : Verdict.Drop);
        Run(new RuleChain([watches, edits, looks]));
        Assert.Equal((1L, 0L), (watches.Counters.Hits, watches.Counters.Rewritten));
        Assert.Equal((1L, 1L), (edits.Counters.Hits, edits.Counters.Rewritten));
        Assert.Equal((0L, 0L), (looks.Counters.Hits, looks.Counters.Rewritten));
    }

    [Fact]
    public void FaultPutsTheFrameBackAsTheRuleFoundIt()
    {
        RuleEntry edits = new("a", (ref frame) =>
        {
            frame.Edit()[0] = 1;
            return Verdict.Continue;
        });
        RuleEntry throws = new("b", (ref frame) =>
        {
            frame.Edit().Fill(9);
            throw new InvalidOperationException("oh");
        });
        RuleEntry after = Says("c", Verdict.Continue);
        Assert.Equal(Verdict.Continue, Run(new RuleChain([edits, throws, after])));
        Assert.Equal([1, 0, 0], _buffer.Octets[..3].ToArray());
        Assert.Equal((1L, 0L, 0L), (throws.Counters.Faults, throws.Counters.Hits, throws.Counters.Rewritten));
        Assert.Equal(1, after.Counters.Seen);
        Assert.Equal(Verdict.Drop, Run(new RuleChain([throws, after]), FaultPolicy.Drop));
        Assert.Equal(1, after.Counters.Seen);
    }

    [Fact]
    public void FaultsInARowBypassARule()
    {
        int frames = 0;
        // Throws on the 1st, 2nd, 4th, 5th and 6th frame.
        RuleEntry throws = new("a", (ref frame) => ++frames == 3 ? Verdict.Continue : throw new InvalidOperationException());
        var chain = new RuleChain([throws, Says("b", Verdict.Accept)]);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(Verdict.Accept, Run(chain));
            Assert.Equal(RuleState.Live, throws.State);
        }

        Assert.Equal(Verdict.Accept, Run(chain));
        Assert.Equal(RuleState.Bypassed, throws.State);
        Run(chain);
        Assert.Equal((6, 6L, 5L), (frames, throws.Counters.Seen, throws.Counters.Faults));
        Assert.True(throws.LastFault!.Bypassed);
    }

    [Fact]
    public void DisabledAndFailedRulesAreNotAsked()
    {
        RuleEntry disabled = Says("a", Verdict.Drop), failed = new("b", null);
        disabled.Disabled = true;
        var chain = new RuleChain([disabled, failed]);
        Assert.Equal(Verdict.Continue, Run(chain));
        Assert.Equal([RuleState.Disabled, RuleState.Failed], chain.Entries.Select(rule => rule.State));
        Assert.Equal(0, disabled.Counters.Seen);
    }

    [Fact]
    public void ReassignedFrameDoesNotReachTheNextRule()
    {
        var other = new FrameBuffer(new FrameUndo());
        other.Load(new byte[7], LinkType.Ethernet, Side.Right);
        RuleEntry swaps = new("a", (ref frame) =>
        {
            frame = new Frame(other);
            return Verdict.Continue;
        });
        int length = 0;
        RuleEntry looks = new("b", (ref frame) =>
        {
            length = frame.Length;
            return Verdict.Continue;
        });
        Run(new RuleChain([swaps, looks]));
        Assert.Equal(60, length);
    }
}
