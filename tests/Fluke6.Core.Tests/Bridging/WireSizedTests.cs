using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Ports;
using Fluke6.Rules;
using Fluke6.Testing.Harness;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Bridging;

/// <summary>Rules that ask for frames as a wire would carry them.</summary>
public sealed class WireSizedTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01");
    private static readonly Ipv4Address s_source = Ipv4Address.Parse("192.0.2.1"), s_destination = Ipv4Address.Parse("198.51.100.1");

    private readonly ManualResetEventSlim _release = new();

    [Fact]
    public void SegmentsAreSeenOneByOneAmongTheOtherFramesInOrder()
    {
        using var test = new TestBridge();
        var seen = new List<(int Payload, int SegmentSize)>();
        Publish(test, (ref frame) =>
        {
            seen.Add((frame.Payload.Length, frame.SegmentSize));
            return Verdict.Continue;
        });
        byte[] data = [.. Enumerable.Range(0, 4_500).Select(i => (byte)(i * 7))];
        Arrive(test, Ordinary(1), SuperSegment(Tcp(data), SegmentationKind.Tcpv4, 1000), Ordinary(2));

        Assert.Equal([(1, 0), (1000, 0), (1000, 0), (1000, 0), (1000, 0), (500, 0), (2, 0)], seen);
        IReadOnlyList<byte[]> sent = test.Right.SentFrames;
        Assert.Equal(7, sent.Count);
        Assert.All(test.Right.SentCopies, copy => Assert.Equal((0, false), (copy.SegmentSize, copy.HasPartialChecksum)));
        Assert.All(sent, frame => Assert.Empty(FrameFaults.Of(frame, LinkType.Ethernet)));
        Assert.Equal(data, sent.Skip(1).Take(5).SelectMany(frame => frame[54..]));
        Assert.Equal(3, test.Left.Counters.RxFrames);
        Assert.Equal(7, test.Right.Counters.TxFrames);
    }

    // field.md F10: one of six was edited.
    [Fact]
    public void EachDatagramIsEditedAndAsManyMorePassAsThereAre()
    {
        using var test = new TestBridge();
        Publish(test, (ref frame) =>
        {
            Assert.Equal(EditResult.Changed, frame.WritePayload(0, "XX"u8));
            return Verdict.Continue;
        });
        byte[] data = [.. Enumerable.Range(0, 2_000).Select(i => (byte)i)];
        Arrive(test, SuperSegment(Udp(data), SegmentationKind.Udp, 10));
        Assert.Equal(200, test.Right.SentFrames.Count);
        Assert.All(test.Right.SentFrames, frame => Assert.Empty(FrameFaults.Of(frame, LinkType.Ethernet)));
        Assert.All(test.Right.SentFrames, (frame, i) => Assert.Equal([(byte)'X', (byte)'X', .. data[((10 * i) + 2)..(10 * (i + 1))]], frame[42..]));
    }

    [Fact]
    public void NobodyAsksAnyMoreOnceTheRuleIsSwitchedOff()
    {
        using var test = new TestBridge();
        Publish(test, (ref _) => Verdict.Continue);
        test.Bridge.Chain.Entries[0].Disabled = true;
        Arrive(test, SuperSegment(Udp(new byte[100]), SegmentationKind.Udp, 10));
        Assert.Equal(10, Assert.Single(test.Right.SentCopies).SegmentSize);
    }

    [Fact]
    public void RuleThatHangsAmongTheSegmentsCostsNoneOfThem()
    {
        using var test = new TestBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(200) });
        int seen = 0;
        Publish(test, (ref _) =>
        {
            if (++seen == 30)
                _release.Wait();
            return Verdict.Continue;
        });
        Arrive(test, SuperSegment(Udp(new byte[2_000]), SegmentationKind.Udp, 10), Ordinary(5));
        Assert.True(SpinWait.SpinUntil(() => test.Right.Counters.TxFrames == 201, s_patience), $"{test.Right.Counters.TxFrames} of 201");
        Assert.Equal(RuleState.Bypassed, test.Bridge.Chain.Entries[0].State);
        Assert.Equal(5, test.Right.SentFrames[^1].Length - 42);
    }

    [Fact]
    public void SuperSegmentThatCannotBeCutIsCountedAsLost()
    {
        using var test = new TestBridge();
        Publish(test, (ref _) => Verdict.Continue);
        Arrive(test, SuperSegment(Udp(new byte[100]), SegmentationKind.Tcpv6, 10), Ordinary(1));
        Assert.Single(test.Right.SentFrames);
        Assert.Equal((1L, 1L), (test.Left.Counters.RxFrames, test.Left.Counters.RxDroppedByReason[(int)ReceiveLoss.NotCut]));
        Assert.Equal(Ordinary(1).Length, test.Left.Counters.RxBytes);
    }

    [Fact]
    public void ItIsForTheTopLevel()
    {
        using var test = new TestBridge();
        test.Publish("late", context => (ref _) =>
        {
            context.WireSized();
            return Verdict.Drop;
        });
        Arrive(test, Ordinary(1));
        Assert.Single(test.Right.SentFrames);
        Assert.EndsWith("WireSized() is for the top level of the rule's file", Assert.Single(test.TakeNotes<FaultNote>()).Fault.Message);
    }

    public void Dispose()
    {
        _release.Set();
        _release.Dispose();
    }

    private static void Publish(TestBridge test, Rule rule) => test.Publish("sized", context =>
    {
        context.WireSized();
        return rule;
    });

    private static void Arrive(TestBridge test, params FrameCopy[] frames)
    {
        foreach (FrameCopy frame in frames)
            test.Left.Arrive(frame);
        test.Pass(Side.Left);
    }

    private static FrameCopy SuperSegment(byte[] frame, SegmentationKind kind, int segmentSize)
    {
        var buffer = new FrameBuffer();
        buffer.Load(frame, LinkType.Ethernet, Side.Left);
        buffer.Offload.SetSegmentation(kind, segmentSize, 0);
        return new FrameCopy(buffer);
    }

    private static FrameCopy Ordinary(int payload) => new(Udp(new byte[payload]), LinkType.Ethernet, Side.Left);

    private static byte[] Tcp(byte[] payload) => Packet.Ethernet(s_mac, s_mac).Ipv4(s_source, s_destination)
        .Tcp(40000, 80, TcpFlags.Ack | TcpFlags.Psh, sequence: 1).Payload(payload).ToArray();

    private static byte[] Udp(byte[] payload) =>
        Packet.Ethernet(s_mac, s_mac).Ipv4(s_source, s_destination).Udp(40000, 443).Payload(payload).ToArray();
}
