using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Ports;
using Fluke6.Core.Tests.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>A frame that a rule keeps and sends later is still what it was, super-segment or not, from wherever it is sent.</summary>
public sealed class FrameCopyTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly FrameShape s_superSegment = new()
    {
        Payload = FrameShapes.Data(14000),
        SegmentSize = 1400,
        HasPartialChecksum = true,
        Mtu = 1500,
    };

    private readonly TestBridge _host = TestBridge.Unstarted();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void CopyIsTheFrameWithItsOffloadHeaderWhateverBecomesOfTheFrame()
    {
        FrameBuffer buffer = s_superSegment.ToBuffer();
        byte[] octets = buffer.Octets.ToArray(), wire = new Frame(buffer).ToArray();
        FrameCopy copy = new Frame(buffer).Copy();
        buffer.Load(new byte[60], LinkType.Ethernet, Side.Right);

        Assert.Equal((octets.Length, 1400, true, Side.Left, LinkType.Ethernet), (copy.Length, copy.SegmentSize, copy.HasPartialChecksum, copy.From, copy.LinkType));
        Assert.Equal(octets, copy.Octets.ToArray());
        Assert.Equal(wire, copy.ToArray());
        var again = new FrameBuffer(new FrameUndo());
        again.Load(copy, Side.Right);
        Assert.Equal(0, FrameCheck.Read(again).ChecksumError);
        Assert.Equal((SegmentationKind.Tcpv4, 54, Side.Right), (again.Offload.Segmentation, again.Offload.HeaderLength, again.From));
        Assert.StartsWith("02:00:00:00:00:01 > 02:00:00:00:00:02", copy.ToString());
    }

    [Fact]
    public void DelayedSuperSegmentLeavesAsOneAsOftenAsItIsSent()
    {
        RuleInstance context = Context("delay");
        var rule = new RuleEntry("delay", (ref frame) =>
        {
            FrameCopy copy = frame.Copy();
            context.After(TimeSpan.FromMilliseconds(1), () =>
            {
                context.Send(Side.Right, copy);
                context.Send(Side.Right, copy);
            });
            return Verdict.Drop;
        }, context);
        Start(rule);
        _host.Left.Arrive(new Frame(s_superSegment.ToBuffer()).Copy());
        _host.Wake();
        SpinWait.SpinUntil(() => _host.Right.SentCopies.Count == 2, s_patience);

        Assert.Equal([1400, 1400], _host.Right.SentCopies.Select(sent => sent.SegmentSize));
        Assert.All(_host.Right.SentCopies, sent => Assert.Equal(s_superSegment.ToOctets(), sent.Octets.ToArray()));
        Assert.Equal(2, context.Counters.Sent);
        Assert.Empty(Notes());
    }

    [Fact]
    public void CopySentAtTheTopLevelWaitsForTheRule()
    {
        RuleInstance context = Context("kept");
        context.Send(Side.Left, new Frame(s_superSegment.ToBuffer()).Copy());
        Start(new RuleEntry("kept", (ref frame) => Verdict.Continue, context));
        SpinWait.SpinUntil(() => _host.Left.SentCopies.Count == 1, s_patience);
        Assert.Equal(1400, Assert.Single(_host.Left.SentCopies).SegmentSize);
        Assert.Equal(1, context.Counters.Sent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CopySentAtExitIsASuperSegmentToTheRulesThatGoOn(bool sendsFrame)
    {
        FrameCopy copy = new Frame(s_superSegment.ToBuffer()).Copy();
        RuleInstance context = Context("10-ends");
        context.AtExit(() =>
        {
            if (!sendsFrame)
            {
                context.Send(Side.Right, copy);
                return;
            }

            var buffer = new FrameBuffer(new FrameUndo());
            buffer.Load(copy, Side.Left);
            var frame = new Frame(buffer);
            context.Send(Side.Right, in frame);
        });
        int seen = 0;
        var ends = new RuleEntry("10-ends", (ref frame) => Verdict.Continue, context);
        var goesOn = new RuleEntry("20-goes-on", (ref frame) =>
        {
            seen = frame.SegmentSize;
            return Verdict.Continue;
        });
        Start(ends, goesOn);
        ends.Disabled = true;
        Drain();
        Assert.Equal((1400, 1400), (seen, Assert.Single(_host.Right.SentCopies).SegmentSize));
    }

    [Fact]
    public void CopyOfAnInnerFrameIsThatFrameAlone()
    {
        var inner = new FrameShape { Payload = FrameShapes.Data(100), HasPartialChecksum = true };
        var buffer = new FrameBuffer(new FrameUndo());
        new TunnelledFrame(inner).Wrap(TunnelKind.Vxlan, inIpv6: false).WithEthernet().LoadInto(buffer);
        Assert.True(new Frame(buffer).TryGetInner(out Frame frame));
        FrameCopy copy = frame.Copy();
        Assert.Equal(inner.ToOctets(), copy.Octets.ToArray());
        Assert.True(copy.HasPartialChecksum);
        Assert.Equal((inner with { HasPartialChecksum = false }).ToOctets(), copy.ToArray());

        // An outer checksum that is left to complete is none of the inner frame's.
        new TunnelledFrame(inner with { HasPartialChecksum = false }) { HasPartialOuterChecksum = true }
            .Wrap(TunnelKind.Vxlan, inIpv6: false).WithEthernet().LoadInto(buffer);
        Assert.True(new Frame(buffer).TryGetInner(out frame));
        Assert.False(frame.Copy().HasPartialChecksum);
    }

    [Fact]
    public void PacketWithoutALinkHeaderIsNotSentByPortsThatNeedOne()
    {
        var buffer = new FrameBuffer(new FrameUndo());
        new TunnelledFrame(new FrameShape { IsRawIp = true }).Wrap(TunnelKind.IpInIp, inIpv6: false).WithEthernet().LoadInto(buffer);
        RuleInstance context = Context("strip");
        Start(new RuleEntry("strip", (ref frame) =>
        {
            if (frame.TryGetInner(out Frame inner))
                context.Send(Side.Right, inner.Copy());
            return Verdict.Continue;
        }, context));
        _host.Left.Arrive(new Frame(buffer).Copy());
        _host.Wake();
        SpinWait.SpinUntil(() => _host.Right.SentCopies.Count == 1, s_patience);
        Assert.Equal(buffer.Length, _host.Right.SentCopies[0].Length);
        Assert.Equal(0, context.Counters.Sent);
        Assert.Contains("begin with Ethernet", Assert.IsType<FaultNote>(Assert.Single(Notes())).Fault.Message);
    }

    [Fact]
    public void OctetsTooLongForOnePacketAreExplainedOnce()
    {
        RuleInstance context = Context("delay");
        byte[] tooLong = s_superSegment.ToOctets(), tagged = (new FrameShape { VlanTags = 2, Payload = FrameShapes.Data(1460) }).ToOctets();
        Assert.Equal(14 + 8 + 1500, tagged.Length);
        Start(new RuleEntry("delay", (ref frame) =>
        {
            context.Send(Side.Right, tagged);
            context.Send(Side.Right, tooLong);
            context.Send(Side.Right, tooLong);
            return Verdict.Drop;
        }, context));
        _host.Left.Arrive(tagged);
        _host.Wake();
        SpinWait.SpinUntil(() => _host.Right.SentCopies.Count == 3, s_patience);
        Assert.Equal([tagged.Length, tooLong.Length, tooLong.Length], _host.Right.SentFrames.Select(sent => sent.Length));
        Assert.Equal(
            $"sends a frame of {tooLong.Length} bytes, too long for one packet on right0 (MTU 1500), so it may be lost; "
            + "to send a frame later, or twice, send frame.Copy(), which stays a super-segment",
            Assert.IsType<LogNote>(Assert.Single(Notes())).Message);
    }

    private List<JournalNote> Notes()
    {
        List<JournalNote> notes = [];
        while (_host.Bridge.Journal.TryRead(out JournalNote note))
            notes.Add(note);
        return notes;
    }

    private void Start(params RuleEntry[] rules)
    {
        _host.Bridge.Publish(new RuleChain(rules));
        _host.Bridge.Start();
    }

    private void Drain() => Assert.True(_host.Bridge.Publish(new RuleChain([.. _host.Bridge.Chain.Entries])).Wait(s_patience));

    private RuleInstance Context(string name) => new(name, new RuleCounters(), _host.Bridge.Services);
}
