using Fluke6.Core.Tests.Engine;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Impairments;
using Fluke6.Core.Tests;
using Fluke6.Wire;
using static Fluke6.Impairments.ImpairmentModels;

namespace Fluke6.Core.Tests.Impairments;

/// <summary>A super-segment is as many packets as it is on the wire: each has its own fate, and it is cut only where they differ.</summary>
public sealed class SuperSegmentTests
{
    private const int Segments = 44, Size = 1400;
    private readonly ImpairedHost _host;
    private readonly List<(long Time, uint Sequence, int Payload, int SegmentSize, bool Partial)> _left = [];

    public SuperSegmentTests()
    {
        _host = new ImpairedHost(impairment => impairment);
        _host.Host.OnSent = (_, buffer) =>
        {
            var frame = new Frame(buffer);
            Assert.True(frame.TryGetTcp(out TcpHeader tcp));
            _left.Add((_host.Host.Now, tcp.SequenceNumber, frame.Payload.Length, frame.SegmentSize, frame.HasPartialChecksum));
            Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
        };
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StaysWholeThroughADelayThatIsTheSameForAll(bool ipv6)
    {
        _host.Load(impairment => impairment.Delay(Ms(40)));
        uint first = Send(ipv6);
        _host.Pass(100);
        Assert.Equal([(40_000_000, first, Segments * Size, Size, true)], _left);
        Assert.Equal((Segments, Segments, Ms(40)), (_host.Figures.Packets, _host.Figures.Departed, _host.Figures.MeanDelay));
        Assert.Equal((1, 0, 0), (_host.Rule.Counters.Held, _host.Rule.Counters.Sent, _host.Rule.Counters.Dropped));
    }

    [Fact]
    public void PassesAtOnceWhereNothingHitsIt()
    {
        _host.Load(impairment => impairment.Loss(At(1000)));
        uint first = Send();
        Assert.Equal([(0, first, Segments * Size, Size, true)], _left);
        Assert.Equal(0, _host.Rule.Counters.Held);
    }

    [Fact]
    public void IsCutWhereSegmentsAreLostAndNowhereElse()
    {
        _host.Load(impairment => impairment.Loss(At(1, 10, 11, 44)));
        uint first = Send();
        Assert.Equal(
            [(0, first + Size, 8 * Size, Size, true), (0, first + (11 * Size), 32 * Size, Size, true)], _left);
        Assert.Equal((4, 3, 2), (_host.Figures.Lost, _host.Figures.LossPeriods, _host.Figures.LongestLossPeriod));
        // One frame came; with the pieces that it was cut into and those that are lost, it balances.
        RuleCounters counters = _host.Rule.Counters;
        Assert.Equal(1 + counters.Sent, _left.Count + counters.Dropped);
    }

    [Fact]
    public void AllSegmentsAreDrawnAsSinglePacketsAre()
    {
        _host.Load(impairment => impairment.Loss(Bernoulli(0.1)));
        Send();
        Send();
        var singles = new ImpairedHost(impairment => impairment.Loss(Bernoulli(0.1)));
        for (int i = 0; i < 2 * Segments; i++)
            singles.Send(64);
        Assert.Equal(singles.Figures.Lost, _host.Figures.Lost);
        Assert.Equal(singles.Figures.LossPeriods, _host.Figures.LossPeriods);
    }

    [Fact]
    public void JitterInOrderCutsItWhereSegmentsLeaveLaterThanThoseBefore()
    {
        _host.Load(impairment => impairment.Delay(Normal(Ms(40), Ms(5))));
        uint first = Send();
        _host.Pass(1000);
        Assert.Equal(Segments * Size, _left.Sum(piece => piece.Payload));
        Assert.Equal(_left.Select(piece => piece.Sequence).Order(), _left.Select(piece => piece.Sequence));
        Assert.Equal(first, _left[0].Sequence);
        Assert.InRange(_left.Count, 2, 12);
        Assert.Equal(_left.Count, _left.Select(piece => piece.Time).Distinct().Count());
    }

    [Fact]
    public void LinkSendsItsSegmentsOneAfterTheOther()
    {
        _host.Load(impairment => impairment.Rate(Mbit(10), DropTail(packets: 20)));
        Send();
        _host.Pass(1000);
        // The first is sent at once, twenty wait, the others find no room.
        Assert.Equal((21, 23), (_left.Count, _host.Figures.QueueDropped));
        long each = (Size + 54) * 8 * 100;
        Assert.Equal(Enumerable.Range(1, 21).Select(i => i * each), _left.Select(piece => piece.Time));
        Assert.All(_left, piece => Assert.Equal((Size, 0), (piece.Payload, piece.SegmentSize)));
    }

    [Fact]
    public void CorruptedSegmentIsWrongAndTheOthersAreRight()
    {
        int wrong = 0, octets = 0;
        _host.Host.OnSent = (_, frame) =>
        {
            octets += new Frame(frame).Payload.Length;
            wrong += FrameCheck.Read(frame).ChecksumError != 0 ? 1 : 0;
            Assert.Equal(frame.Corrupted, FrameCheck.Read(frame).ChecksumError != 0);
        };
        _host.Load(impairment => impairment.Corrupt(0.1));
        Send();
        Send();
        Assert.InRange(wrong, 1, 20);
        Assert.Equal(_host.Figures.Corrupted, wrong);
    }

    [Fact]
    public void SteadyImpairingAllocatesNothing()
    {
        _host.Host.OnSent = null;
        _host.Load(impairment => impairment.Loss(GilbertElliott(0.05, 2)).Delay(Normal(Ms(2), Ms(1))).Duplicate(0.01).Reorder(0.05, gap: 2).Corrupt(0.02).Rate(Mbit(900), CoDel()));
        FrameBuffer superSegment = Sample(ipv6: false);
        var single = new FrameBuffer(new FrameUndo());
        single.Load(WorkerHost.Ping(1), LinkType.Ethernet, Side.Left);
        void Turn()
        {
            for (int i = 0; i < 200; i++)
            {
                _host.Host.Arrive(Side.Left, superSegment);
                _host.Host.Arrive(Side.Left, single);
                _host.Pass(0.7);
            }
        }

        for (int i = 0; i < 3; i++)
            Turn();
        Assert.Equal(0, Allocation.In(Turn));
    }

    private static FrameBuffer Sample(bool ipv6) => new FrameShape
    {
        IsIpv6 = ipv6,
        Payload = FrameShapes.Data(Segments * Size),
        SegmentSize = Size,
        HasPartialChecksum = true,
        Mtu = 1500,
    }.ToBuffer();

    private uint Send(bool ipv6 = false)
    {
        FrameBuffer buffer = Sample(ipv6);
        new Frame(buffer).TryGetTcp(out TcpHeader tcp);
        uint first = tcp.SequenceNumber;
        _host.Host.Arrive(Side.Left, buffer);
        return first;
    }
}
