using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Streams;
using Fluke6.Wire;
using Sent = Fluke6.Core.Tests.Streams.StreamHost.Sent;

namespace Fluke6.Core.Tests.Streams;

/// <summary>A connection that a rule changed goes on, whatever becomes of the rule.</summary>
public sealed class StreamLifeTests
{
    // "cat" became "elephant": the server knows five numbers more.
    private static StreamHost Changed()
    {
        StreamHost host = new StreamHost("cat", "elephant").Handshake();
        Assert.Equal(["Right 1001 5001 an elephant."], host.Client(1001, "an cat.").Select(sent => $"{sent}"));
        Assert.Equal(5, host.Flow.FromClient.Delta);
        return host;
    }

    private static void AssertGoesOn(StreamHost host)
    {
        Assert.Equal(["Left 5001 1008 yes"], host.Server(5001, "yes", 1013).Select(sent => $"{sent}"));
        Assert.Equal(["Right 1013 5004 no cat"], host.Client(1008, "no cat", 5004).Select(sent => $"{sent}"));
    }

    [Fact]
    public void AReloadGoesOnWithTheNewVersionsHandler()
    {
        StreamHost host = Changed();
        host.Load(StreamHost.Replace("dog", "whale"));
        Assert.Equal(["Right 1013 5001 cat and whale"], host.Client(1008, "cat and dog").Select(sent => $"{sent}"));
        Assert.Equal(7, host.Flow.FromClient.Delta);
        Assert.Equal(["Left 5001 1019 "], host.Server(5001, "", 1026).Select(sent => $"{sent}"));
    }

    [Fact]
    public void AVersionThatRewritesNothingTranslatesOn()
    {
        StreamHost host = Changed();
        host.Load(handler: null);
        AssertGoesOn(host);
    }

    [Fact]
    public void ARuleThatIsSwitchedOffTranslatesOn()
    {
        StreamHost host = Changed();
        host.Rule.Disabled = true;
        AssertGoesOn(host);
    }

    [Fact]
    public void ARuleThatLetsGoOfTheFlowTranslatesOn()
    {
        using var rehearsal = new Rehearsal(LinkType.Ethernet, 1500, DateTimeOffset.UnixEpoch, new BridgeOptions { Flows = 16 });
        var context = new RuleInstance("10-rewrite", new RuleCounters(), rehearsal.Bridge.Services);
        var streams = new TcpStreams(context, new TcpStreamOptions(), StreamHost.Replace("cat", "elephant"));
        rehearsal.Bridge.Publish(new RuleChain([new RuleEntry("10-rewrite", (ref frame) =>
        {
            Verdict verdict = streams.Rewrite(ref frame);
            frame.Flow.Release();
            return verdict;
        }, context, context.Counters)]));
        var left = new TcpFields(40000, 80, TcpFlags.Ack) { SequenceNumber = 1001, AcknowledgmentNumber = 5001, Window = 60000 };
        var right = new TcpFields(80, 40000, TcpFlags.Ack) { SequenceNumber = 5001, AcknowledgmentNumber = 1013, Window = 60000 };
        Arrive(rehearsal, Side.Left, left with { SequenceNumber = 1000, AcknowledgmentNumber = 0, Flags = TcpFlags.Syn });
        Arrive(rehearsal, Side.Right, right with { SequenceNumber = 5000, AcknowledgmentNumber = 1001, Flags = TcpFlags.Syn | TcpFlags.Ack });
        Assert.Equal(["Right 1001 5001 an elephant."], Arrive(rehearsal, Side.Left, left, "an cat."));
        Assert.Equal(["Left 5001 1008 "], Arrive(rehearsal, Side.Right, right));
        Assert.Empty(rehearsal.TakeNotes().OfType<FaultNote>());
    }

    private static IEnumerable<string> Arrive(Rehearsal rehearsal, Side from, TcpFields fields, string data = "")
    {
        string[] ends = from == Side.Left ? ["192.0.2.1", "192.0.2.2"] : ["192.0.2.2", "192.0.2.1"];
        var buffer = new FrameBuffer(new FrameUndo());
        return [.. rehearsal.Arrive(from, Segment.Tcp(ends[0], ends[1], fields, null, System.Text.Encoding.ASCII.GetBytes(data))).Select(departed =>
        {
            buffer.Load(departed.Octets, LinkType.Ethernet, from);
            return $"{Sent.Of(departed.Side, buffer)}";
        })];
    }

    [Fact]
    public void ARuleThatIsGoneTranslatesOnAfterTheRuleBeforeIt()
    {
        StreamHost host = Changed();
        RuleEntry first = WorkerHostRule("05-first"), last = WorkerHostRule("20-last");
        host.Host.Adopt(first, host.Rule, last);
        host.Host.Adopt(first, last);
        Assert.Equal(["05-first", "10-rewrite", "20-last"], Enumerable.Range(0, 3).Select(i => host.Host.Chain.RuleAt(i)!.Name));
        Assert.Equal(["05-first", "20-last"], host.Host.Chain.Entries.Select(rule => rule.Name));
        AssertGoesOn(host);

        // And again with the next chain, until nobody is left.
        host.Host.Adopt(last);
        Assert.Equal(["10-rewrite", "20-last"], Enumerable.Range(0, 2).Select(i => host.Host.Chain.RuleAt(i)!.Name));
    }

    [Fact]
    public void ARuleThatComesBackGoesOn()
    {
        StreamHost host = Changed();
        host.Host.Adopt();
        host.Load(StreamHost.Replace("cat", "elephant"));
        Assert.Equal(["Right 1013 5001 2 elephants"], host.Client(1008, "2 cats").Select(sent => $"{sent}"));
    }

    [Fact]
    public void AnotherGuardDoesNotLeaveConnectionsAlone()
    {
        StreamHost host = Changed();
        var context = new RuleInstance("10-rewrite", host.Rule.Counters, host.Host.Services);
        context.When(Fluke6.Rules.Guard.Udp());
        context.Prepare();
        host.Host.Adopt(new RuleEntry("10-rewrite", (ref _) => Verdict.Drop, context, context.Counters));
        AssertGoesOn(host);
    }

    [Fact]
    public void AFaultOfTheRuleDoesNotLetAFrameOutUntranslated()
    {
        StreamHost host = Changed();
        host.Host.Adopt(new RuleEntry("10-rewrite", (ref _) => throw new InvalidOperationException("oh"), host.Rule.Context, host.Rule.Counters));
        AssertGoesOn(host);
    }

    [Fact]
    public void AHandlerThatThrowsIsAFaultAndTheRestPasses()
    {
        StreamHost host = new StreamHost((_, data) =>
        {
            data.Replace(1, "AB"u8);
            throw new InvalidOperationException("oh");
        }).Handshake();
        Assert.Equal(["Right 1001 5001 ABbc"], host.Client(1001, "abc").Select(sent => $"{sent}"));
        Assert.Equal(["Right 1005 5001 def"], host.Client(1004, "def").Select(sent => $"{sent}"));
        Assert.Equal(["Left 5001 1007 "], host.Server(5001, "", 1008).Select(sent => $"{sent}"));
        Assert.Contains("oh", Assert.Single(host.Host.Notes<FaultNote>()).Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWaitedWhenTheRuleWasSwitchedOffPassesWithTheNextFrame()
    {
        StreamHost host = new StreamHost("cat", "elephant").Handshake();
        Assert.Equal(["Right 1001 5001 a "], host.Client(1001, "a ca").Select(sent => $"{sent}"));
        host.Rule.Disabled = true;
        Assert.Equal(["Right 1001 5001 a ca"], host.Client(1001, "a ca").Select(sent => $"{sent}"));
        Assert.Equal(["Right 1005 5001 t"], host.Client(1005, "t").Select(sent => $"{sent}"));
    }

    [Fact]
    public void AConnectionThatIsPassedAndWasNotChangedIsForgotten()
    {
        StreamHost host = new StreamHost((stream, _) => stream.PassRest()).Handshake();
        host.Client(1001, "abc");
        Assert.Equal(1, host.Streams.Figures!.Open);
        host.Server(5001, "abc", 1004);
        Assert.Equal(0, host.Streams.Figures!.Open);
        Assert.Equal(["Right 1004 5004 d"], host.Client(1004, "d", 5004).Select(sent => $"{sent}"));
    }

    [Fact]
    public void TheSamePortsAgainAreAnotherConnection()
    {
        StreamHost host = Changed();
        host.Pass(Side.Left, new TcpFields(40000, 80, TcpFlags.Syn) { SequenceNumber = 9000 }, "");
        // Until it is answered, the old one is in force.
        Assert.Equal(["Right 1013 5001 x"], host.Client(1008, "x").Select(sent => $"{sent}"));
        host.Pass(Side.Right, new TcpFields(80, 40000, TcpFlags.Syn | TcpFlags.Ack) { SequenceNumber = 7000, AcknowledgmentNumber = 9001 }, "");
        Assert.Equal(["Right 9001 7001 elephant"], host.Client(9001, "cat", 7001).Select(sent => $"{sent}"));
    }

    private static RuleEntry WorkerHostRule(string name) => new(name, (ref _) => Verdict.Continue);
}
