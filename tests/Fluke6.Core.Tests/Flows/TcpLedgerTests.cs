using Fluke6.Bridging;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Flows;

public sealed class TcpLedgerTests
{
    [Fact]
    public void WithoutRulesWhatIsOfferedIsDeliveredAndInForce()
    {
        using var test = new TestBridge();
        test.Handshake(Segment.LinuxOptions(1460, 7), Segment.LinuxOptions(1400, 9), Segment.Timestamps, TcpFlags.Ece | TcpFlags.Cwr);

        Assert.Equal(TcpState.Established, test.Flow.State);
        TcpLedger ledger = test.Ledger;
        Assert.True(ledger.IsComplete);
        foreach (TcpFeature feature in (TcpFeature[])[TcpFeature.SackPermitted, TcpFeature.WindowScale, TcpFeature.Timestamps, TcpFeature.Ecn])
        {
            Assert.True(ledger.InForce(feature), feature.ToString());
            Assert.Equal(TcpStrip.None, ledger.StrippedFrom(feature));
        }

        Assert.False(ledger.InForce(TcpFeature.FastOpen));
        Assert.Equal((1400, 1460), (ledger.ClientSendLimit, ledger.ServerSendLimit));
        Assert.Equal((7, 9), (ledger.ClientWindowShift, ledger.ServerWindowShift));
        Assert.False(ledger.SynAckDelivered.ByRule);
    }

    [Fact]
    public void SackStrippedBothWays()
    {
        using var test = new TestBridge(null, ("strip", Strip(TcpOptionKind.SackPermitted)));
        test.Handshake(Segment.LinuxOptions(), Without(Segment.LinuxOptions(), 4));

        TcpLedger ledger = test.Ledger;
        Assert.True(ledger.SynOffered.Has(TcpFeature.SackPermitted));
        Assert.False(ledger.SynDelivered.Has(TcpFeature.SackPermitted));
        Assert.False(ledger.InForce(TcpFeature.SackPermitted));
        Assert.False(ledger.IsOneSidedStrip(TcpFeature.SackPermitted));
        Assert.False(ledger.EndsDisagree(TcpFeature.SackPermitted));
        Assert.True(ledger.InForce(TcpFeature.Timestamps));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SackStrippedOneWayIsCalledOut(bool fromSynAck)
    {
        using var test = new TestBridge(null, ("strip", (ref frame) =>
        {
            if (frame.TryGetTcp(out TcpHeader tcp) && tcp.Syn && tcp.Ack == fromSynAck)
                tcp.Options.Strip(TcpOptionKind.SackPermitted);
            return Verdict.Continue;
        }));
        test.Handshake(Segment.LinuxOptions(), Segment.LinuxOptions());

        TcpLedger ledger = test.Ledger;
        Assert.Equal(
            $"SACK permitted was stripped from the {(fromSynAck ? "SYN-ACK and not from the SYN" : "SYN and not from the SYN-ACK")}",
            ledger.DescribeOneSidedStrip(TcpFeature.SackPermitted));
        Assert.Null(ledger.DescribeOneSidedStrip(TcpFeature.Timestamps));
        Assert.Equal(fromSynAck ? TcpStrip.SynAck : TcpStrip.Syn, ledger.StrippedFrom(TcpFeature.SackPermitted));
        Assert.True(ledger.IsOneSidedStrip(TcpFeature.SackPermitted));
        Assert.True(ledger.EndsDisagree(TcpFeature.SackPermitted));
        Assert.Equal((!fromSynAck, fromSynAck), (ledger.ClientUses(TcpFeature.SackPermitted), ledger.ServerUses(TcpFeature.SackPermitted)));
        Assert.False(ledger.InForce(TcpFeature.SackPermitted));
    }

    [Fact]
    public void WindowScaleRemovedLeavesNoShift()
    {
        using var test = new TestBridge(null, ("strip", Strip(TcpOptionKind.WindowScale)));
        test.Handshake(Segment.LinuxOptions(), Segment.LinuxOptions());
        TcpLedger ledger = test.Ledger;
        Assert.Equal((0, 0), (ledger.ClientWindowShift, ledger.ServerWindowShift));
        Assert.Equal(TcpStrip.Syn | TcpStrip.SynAck, ledger.StrippedFrom(TcpFeature.WindowScale));
        Assert.False(ledger.IsOneSidedStrip(TcpFeature.WindowScale));
    }

    [Fact]
    public void ClampedMssIsTheLimitAndSegmentsOverItAreCounted()
    {
        using var test = new TestBridge(null, ("clamp", (ref frame) =>
        {
            if (frame.TryGetTcp(out TcpHeader tcp) && tcp.Syn && tcp.Options.TryGet(TcpOptionKind.MaximumSegmentSize, out TcpOption mss))
                mss.UInt16 = 500;
            return Verdict.Continue;
        }));
        test.Handshake(Segment.LinuxOptions(1460), Segment.LinuxOptions(1440));
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack, payload: 500), TestBridge.FromClient(TcpFlags.Ack, payload: 501));

        TcpLedger ledger = test.Ledger;
        Assert.Equal((1460, 500), (ledger.SynOffered.MaximumSegmentSize, ledger.SynDelivered.MaximumSegmentSize));
        Assert.Equal((500, 500), (ledger.ClientSendLimit, ledger.ServerSendLimit));
        Assert.Equal((2, 1), (ledger.Client.DataSegments, ledger.Client.SegmentsOverLimit));
        Assert.Equal(0, ledger.Server.SegmentsOverLimit);
    }

    [Fact]
    public void TimestampsRemovedAreNotSeenAfterwards()
    {
        using var test = new TestBridge(null, ("strip", Strip(TcpOptionKind.Timestamps)));
        test.Handshake(Segment.LinuxOptions(), Segment.LinuxOptions());
        test.Pass(Side.Right, TestBridge.FromServer(TcpFlags.Ack, payload: 10));
        TcpLedger ledger = test.Ledger;
        Assert.False(ledger.InForce(TcpFeature.Timestamps));
        Assert.Equal((1, 0), (ledger.Server.DataSegments, ledger.Server.TimestampSegments));
    }

    [Fact]
    public void CountsWhatShowsThatFeaturesAreUsed()
    {
        using var test = new TestBridge();
        test.Handshake(Segment.LinuxOptions(), Segment.LinuxOptions());
        byte[] sack = [.. Segment.Timestamps, 1, 1, 5, 10, 0, 0, 0, 5, 0, 0, 0, 9];
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack, sack), TestBridge.FromClient(TcpFlags.Ack, Segment.Timestamps, 5));
        test.Pass(Side.Right, TestBridge.FromServer(TcpFlags.Ack));
        TcpLedger ledger = test.Ledger;
        Assert.Equal((1, 2, 1), (ledger.Client.SackSegments, ledger.Client.TimestampSegments, ledger.Client.DataSegments));
        Assert.Equal((0, 0, 0), (ledger.Server.SackSegments, ledger.Server.TimestampSegments, ledger.Server.DataSegments));
    }

    [Fact]
    public void ListsOtherOptionsByNumberAndSurvivesMalformedOnes()
    {
        using var test = new TestBridge();
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Syn, [34, 2, 30, 4, 1, 2, 253, 4, 0, 0, 99, 2, 253, 2, 77, 0]));
        TcpOffer offer = test.Ledger.SynOffered;
        Assert.Equal([253, 99], offer.OtherKinds.Select(kind => (int)kind));
        Assert.True(offer.Has(TcpFeature.FastOpen) && offer.Has(TcpFeature.Multipath) && offer.IsMalformed);
    }

    [Fact]
    public void TellsOfEachCompletedHandshakeOnce()
    {
        using var test = new TestBridge();
        test.Handshake(Segment.LinuxOptions(), Segment.LinuxOptions());
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack), TestBridge.FromClient(TcpFlags.Ack, payload: 1));
        HandshakeNote note = Assert.Single(test.TakeNotes<HandshakeNote>());
        Assert.Equal(("192.0.2.1:40000", "198.51.100.1:80"), (note.Flow.Source.ToString(), note.Flow.Destination.ToString()));
        Assert.True(note.Ledger.InForce(TcpFeature.SackPermitted));
    }

    [Fact]
    public void SynThatWasDroppedIsOfferedAndNotDelivered()
    {
        using var test = new TestBridge(null, ("drop", (ref _) => Verdict.Drop));
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Syn, Segment.LinuxOptions()));
        Assert.Equal(TcpState.SynSeen, test.Flow.State);
        Assert.True(test.Ledger.SynOffered.IsPresent);
        Assert.False(test.Ledger.SynDelivered.IsPresent);
        Assert.Empty(test.TakeNotes<HandshakeNote>());
    }

    [Fact]
    public void AnswerByARuleCountsAsTheRules()
    {
        byte[] answer = TestBridge.FromServer(TcpFlags.Syn | TcpFlags.Ack, Segment.LinuxOptions(900));
        using var test = new TestBridge();
        test.Publish("answer", context => (ref frame) =>
        {
            if (!frame.TryGetTcp(out TcpHeader tcp) || !tcp.Syn)
                return Verdict.Continue;
            context.Send(frame.From, answer);
            return Verdict.Drop;
        });
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Syn, Segment.LinuxOptions()));
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack));

        TcpLedger ledger = test.Ledger;
        Assert.False(ledger.SynAckOffered.IsPresent);
        Assert.True(ledger.SynAckDelivered.ByRule);
        Assert.Equal((900, 1460), (ledger.ClientSendLimit, ledger.ServerSendLimit));
        Assert.Equal((7, 7), (ledger.ClientWindowShift, ledger.ServerWindowShift));
        Assert.True(ledger.InForce(TcpFeature.SackPermitted));
        Assert.Equal(TcpState.Established, test.Flow.State);
    }

    [Fact]
    public void SynReflectedAsResetEndsTheConnection()
    {
        using var test = new TestBridge(null, ("reset", (ref frame) =>
        {
            if (frame.TryGetTcp(out TcpHeader tcp))
                tcp.Flags = TcpFlags.Rst | TcpFlags.Ack;
            return Verdict.Reflect;
        }));
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Syn, Segment.LinuxOptions()));
        Assert.Equal(TcpState.Reset, test.Flow.State);
        Assert.False(test.Ledger.SynDelivered.IsPresent);
    }

    [Fact]
    public void FollowsAConnectionToItsEnd()
    {
        using var test = new TestBridge();
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Syn, Segment.LinuxOptions()));
        Assert.Equal(TcpState.SynSeen, test.Flow.State);
        test.Pass(Side.Right, TestBridge.FromServer(TcpFlags.Syn | TcpFlags.Ack, Segment.LinuxOptions()));
        Assert.Equal(TcpState.SynSeen, test.Flow.State);
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack));
        Assert.Equal(TcpState.Established, test.Flow.State);
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Fin | TcpFlags.Ack));
        test.Pass(Side.Right, TestBridge.FromServer(TcpFlags.Ack, payload: 5));
        Assert.Equal(TcpState.Closing, test.Flow.State);
        test.Pass(Side.Right, TestBridge.FromServer(TcpFlags.Fin | TcpFlags.Ack));
        Assert.Equal(TcpState.Closing, test.Flow.State);
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack));
        Assert.Equal(TcpState.Closed, test.Flow.State);

        // The port pair serves again.
        test.Handshake(Segment.LinuxOptions(1200), Segment.LinuxOptions());
        Assert.Equal((TcpState.Established, 1200), (test.Flow.State, test.Ledger.ServerSendLimit));
        test.Pass(Side.Right, TestBridge.FromServer(TcpFlags.Rst));
        Assert.Equal(TcpState.Reset, test.Flow.State);
    }

    [Fact]
    public void ResetThatARuleDroppedDoesNotEndTheConnection()
    {
        using var test = new TestBridge(null, ("keep", (ref frame) =>
            frame.TryGetTcp(out TcpHeader tcp) && tcp.Rst ? Verdict.Drop : Verdict.Continue));
        test.Handshake(Segment.LinuxOptions(), Segment.LinuxOptions());
        test.Pass(Side.Right, TestBridge.FromServer(TcpFlags.Rst));
        Assert.Equal(TcpState.Established, test.Flow.State);
    }

    [Fact]
    public void FloodOfSynsLeavesLedgersOfLivingConnections()
    {
        using var test = new TestBridge(new BridgeOptions { Flows = 40_000 });
        test.Handshake(Segment.LinuxOptions(), Segment.LinuxOptions());
        FlowSnapshot living = test.Flow;
        for (int host = 0; host < 20; host++)
        {
            test.Pass(Side.Left, [.. Enumerable.Range(1, 1000).Select(port =>
                Segment.Tcp($"203.0.113.{host}", port, "198.51.100.1", 80, TcpFlags.Syn, Segment.LinuxOptions()))]);
        }

        Assert.Equal(20_001, test.Flows.Count);
        Assert.True(test.Flows.TryGetLedger(living, out TcpLedger ledger) && ledger.IsComplete);
    }

    private static Rule Strip(TcpOptionKind kind) => (ref frame) =>
    {
        if (frame.TryGetTcp(out TcpHeader tcp) && tcp.Syn)
            tcp.Options.Strip(kind);
        return Verdict.Continue;
    };

    private static byte[] Without(byte[] options, byte kind)
    {
        int at = Array.IndexOf(options, kind, 4);
        options.AsSpan(at, options[at + 1]).Fill(1);
        return options;
    }
}
