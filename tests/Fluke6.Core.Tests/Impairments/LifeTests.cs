using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Impairments;
using Fluke6.Core.Tests;
using static Fluke6.Impairments.ImpairmentModels;

namespace Fluke6.Core.Tests.Impairments;

/// <summary>An impairment over its rule's life: reloads, switches, timelines, the end; and what else it does to a packet.</summary>
public sealed class LifeTests
{
    [Fact]
    public void ReloadWithTheSameStagesGoesOnAndWithOthersBeginsAnew()
    {
        Func<Impairment, Impairment> ask = impairment => impairment.Loss(At(2, 5)).Delay(Ms(10));
        var host = new ImpairedHost(ask);
        host.SendMany(3, 1);
        host.Load(ask);
        host.SendMany(3, 1).Pass(100);
        Assert.Equal([1, 3, 4, 6], host.Numbers);
        Assert.Equal((6, 2), (host.Figures.Packets, host.Figures.Lost));
        host.SendMany(1, 1);
        host.Load(impairment => impairment.Loss(At(2)));
        host.SendMany(3, 1).Pass(100);
        // The seventh was under way and goes on at its time; of the three after it the second is lost again.
        Assert.Equal([8, 7, 10], host.Numbers.Skip(4).Order().SequenceEqual([7, 8, 10]) ? [8, 7, 10] : host.Numbers.Skip(4));
        Assert.Equal((3, 1), (host.Figures.Packets, host.Figures.Lost));
    }

    [Fact]
    public void WhatIsInAQueueGoesOnAtItsTimeWhenTheRuleIsOffFaultsOrIsGone()
    {
        foreach (string how in (string[])["off", "fault", "gone", "reload"])
        {
            var host = new ImpairedHost(impairment => impairment.Rate(Mbit(1)).Delay(Ms(5)));
            for (int i = 0; i < 10; i++)
                host.Send();
            if (how == "off")
                host.Rule.Disabled = true;
            else if (how == "fault")
                host.Rule.Bypass(FaultPolicy.Drop);
            else if (how == "gone")
                host.Host.Adopt();
            else
                host.Load(impairment => impairment.Loss(1));
            host.Pass(1000);
            Assert.Equal(Enumerable.Range(1, 10), host.Numbers);
            Assert.Equal(5_000_000 + (10L * 1514 * 8 * 1000), host.Left[^1].Time);
            Assert.Equal(0, host.Host.Services.Held.Count);
        }
    }

    [Fact]
    public void WhenTheBridgeStopsAllInTheQueueGoesOnInOrder()
    {
        var host = new ImpairedHost(impairment => impairment.Reorder(0.2, gap: 50).Rate(Mbit(1), CoDel()).Delay(Ms(500)));
        for (int i = 0; i < 100; i++)
            host.Send();
        host.Host.RunAllExits();
        Assert.Equal(Enumerable.Range(1, 100), host.Numbers.Order());
        Assert.Equal((0, 0), (host.Rule.Counters.Dropped, host.Rule.Counters.Holding));
        Assert.Equal(0, host.Host.Services.Held.Count);
    }

    [Fact]
    public void TimelineSaysWhatIsDoneWhenFromTheFirstPacketOn()
    {
        var host = new ImpairedHost(impairment => impairment.Loss(1).Delay(Ms(1)).Timeline("0s: off; 1s: loss 0%; 2s: on; 3s: loss 0, delay 100ms; 4s: blackhole; 5000ms: off"));
        host.Pass(777).SendMany(12, 500).Pass(1000);
        // Two packets in each second.
        Assert.Equal([1, 2, 3, 4, 7, 8, 11, 12], host.Numbers);
        Assert.Equal([0, 0, 1, 1, 100, 100, 0, 0], host.Left.Select(frame => (int)((frame.Time - 777_000_000 - ((frame.Number - 1) * 500_000_000L)) / 1_000_000)));
        Assert.Equal(4, host.Figures.Lost);
    }

    [Fact]
    public void TimelineSlowsALinkDownAndNothingIsOvertaken()
    {
        var host = new ImpairedHost(impairment => impairment.Timeline("0s: on; 1s: rate 1mbit; 2s: off"));
        host.SendMany(300, 10).Pass(10_000);
        Assert.Equal(host.Numbers.Order(), host.Numbers);
        Assert.Equal(300, host.Left.Count);
        Assert.Equal(0, host.Left[50].Time - 500_000_000);
        Assert.True(host.Left[150].Time - 1_500_000_000 > 50_000_000);
    }

    [Theory]
    [InlineData("", "there is nothing in it")]
    [InlineData("30: loss 10%", "'30' in '30: loss 10%' is no time")]
    [InlineData("0s: lose 10%", "is none of on, off, blackhole, loss 10%")]
    [InlineData("0s: loss 110%", "is no share")]
    [InlineData("1s: on; 1s: off", "is not after the time before it")]
    [InlineData("1s: rate fast", "is no rate")]
    [InlineData("on", "lacks its time")]
    public void TimelinesThatAreNoneAreRefusedWithWhatToWrite(string timeline, string message) => Assert.Contains(
        message, Assert.Throws<FormatException>(() => new ImpairedHost(impairment => impairment.Timeline(timeline))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CorruptionLeavesTheChecksumWrongOrMakesItRight(bool right)
    {
        byte[] octets = Segment.Udp("192.0.2.1", 9, "192.0.2.2", 7, payload: 200);
        int changed = 0, wrong = 0;
        var host = new ImpairedHost(impairment => impairment.Corrupt(0.5, rightChecksum: right));
        host.Host.OnSent = (_, frame) =>
        {
            changed += frame.Octets.SequenceEqual(octets) ? 0 : 1;
            wrong += FrameFaults.Of(frame.Octets.ToArray(), LinkType.Ethernet).Count > 0 ? 1 : 0;
            Assert.True(frame.Octets[..34].SequenceEqual(octets.AsSpan(0, 34)));
        };
        var buffer = new FrameBuffer(new FrameUndo());
        for (int i = 0; i < 200; i++)
        {
            buffer.Load(octets, LinkType.Ethernet, Side.Left);
            host.Host.Arrive(Side.Left, buffer);
        }

        Assert.InRange(changed, 75, 125);
        Assert.Equal(host.Figures.Corrupted, changed);
        if (right)
            Assert.Equal(0, wrong);
        else
            Assert.Equal(changed, wrong);
    }

    [Fact]
    public void BitErrorRateIsOfBits()
    {
        var host = new ImpairedHost(impairment => impairment.Corrupt(bitErrorRate: 1e-4));
        host.SendMany(5000, 0.01);
        double bits = 5000.0 * 1514 * 8;
        Assert.InRange(host.Figures.CorruptedBits / bits, 0.9e-4, 1.1e-4);
        Assert.InRange(host.Figures.Corrupted / 5000.0, 0.68, 0.72);    // 1 - (1 - 1e-4)^12112 = 0.702
    }

    [Fact]
    public void TwoImpairmentsOfARuleAreCountedEachByItself()
    {
        var context = new ImpairedHost(impairment => impairment).Rule.Context!;
        Assert.Single(Impairment.Of(context));
        var second = new Impairment(context, Side.Right, 3);
        Assert.Equal([1, 1], new[] { Impairment.Of(context).Count(one => one == second), Impairment.Of(context).Count(one => one != second) });
        Assert.Empty(second.Figures);
        Assert.Empty(Impairment.Of(null));
    }
}
