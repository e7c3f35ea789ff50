using Fluke6.Impairments;
using Fluke6.Journal;
using static Fluke6.Impairments.ImpairmentModels;

namespace Fluke6.Core.Tests.Impairments;

/// <summary>Connections of others that share a link with the packets of a rule.</summary>
public sealed class CrossTrafficTests
{
    private const int Seconds = 20;

    private static ImpairedHost Host(int connections = 1) =>
        new(impairment => impairment.Rate(Mbit(10), DropTail(packets: 25)).CrossTraffic(connections, Ms(30)));

    // A packet of 1,514 bytes each 3.028 ms are 4 Mbit/s.
    private static ImpairedHost Sent(int connections = 1) => Host(connections).SendMany(Seconds * 1000 * 1000 / 3028, millisecondsApart: 3.028);

    [Fact]
    public void OthersTakeWhatTheLinkHasLeftAndFillItsQueue()
    {
        ImpairmentFigures figures = Sent().Figures;
        double own = figures.Departed * 1514 * 8.0 / Seconds, others = figures.Others * 1514 * 8.0 / Seconds;
        Assert.InRange(own + others, 9.5e6, 10.01e6);
        Assert.InRange(others, 5e6, 7.5e6);
        // A full queue is 30 ms long. One connection makes room for what does not wait for others.
        Assert.InRange(figures.MostDelay, Ms(25), Ms(32));
        Assert.InRange(figures.MedianDelay, Ms(5), Ms(31));
        Assert.InRange(figures.QueueDropped, 0, figures.Packets / 10);
        Assert.Equal((0L, 25L), (figures.Lost, figures.MostQueued));
    }

    [Fact]
    public void MoreConnectionsTakeMore()
    {
        ImpairmentFigures one = Sent(1).Figures, many = Sent(20).Figures;
        Assert.True(many.QueueDropped > 2 * one.QueueDropped, $"{many.QueueDropped} dropped beside {one.QueueDropped}");
        Assert.True(many.Departed < one.Departed, $"{many.Departed} beside {one.Departed}");
    }

    [Fact]
    public void TheSameEachTime()
    {
        ImpairedHost first = Sent(), second = Sent();
        Assert.Equal(first.Left, second.Left);
    }

    [Fact]
    public void OthersRestASecondAfterTheLastPacketAndBeginAgain()
    {
        ImpairedHost host = Host().SendMany(100, millisecondsApart: 3);
        Assert.True(host.Host.Services.Held.Count > 0);
        host.Pass(1500);
        Assert.Equal(0, host.Host.Services.Held.Count);
        long before = host.Figures.Others;
        host.Pass(10_000);
        Assert.Equal(before, host.Figures.Others);
        host.Send();
        host.Pass(500);
        Assert.True(host.Figures.Others > before);
    }

    [Fact]
    public void NothingOfThemIsCountedAsTheRulesFrames()
    {
        ImpairedHost host = Host();
        host.SendMany(1000, millisecondsApart: 1).Pass(3000);
        Assert.Equal(1000, host.Rule.Counters.Held + host.Rule.Counters.Dropped - (host.Rule.Counters.Held - host.Left.Count));
        Assert.Equal((0L, 0L), (host.Rule.Counters.Sent, host.Rule.Counters.Holding));
        Assert.Equal(host.Figures.QueueDropped, host.Rule.Counters.Dropped);
    }

    [Fact]
    public void WhenTheRuleIsGoneTheyEnd()
    {
        ImpairedHost host = Host().SendMany(100, millisecondsApart: 3);
        host.Host.Adopt();
        host.Pass(2000);
        Assert.Equal(0, host.Host.Services.Held.Count);
        Assert.Equal(100, host.Left.Count + host.Figures.QueueDropped);
    }

    [Fact]
    public void WithoutALinkThereIsNothingToShare()
    {
        var host = new ImpairedHost(impairment => impairment.CrossTraffic());
        host.Send();
        Assert.Contains("CrossTraffic: there is no link to share", Assert.Single(host.Host.Notes<FaultNote>()).Fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ImpairedHost(impairment => impairment.CrossTraffic(0)));
    }
}
