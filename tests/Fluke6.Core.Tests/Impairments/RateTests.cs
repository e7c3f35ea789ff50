using Fluke6.Impairments;
using static Fluke6.Impairments.ImpairmentModels;

namespace Fluke6.Core.Tests.Impairments;

/// <summary>A link sends as fast as it was told, and its queue drops what it was told.</summary>
public sealed class RateTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(20)]
    [InlineData(1000)]
    public void RateHoldsWithinHalfAHundredthOverTenthsOfASecond(double mbit)
    {
        var host = new ImpairedHost(impairment => impairment.Rate(Mbit(mbit), DropTail(packets: 2)));
        double apart = 1514 * 8 / (mbit * 1000) * 0.8;
        host.SendMany((int)(500 / apart) + 1, apart);
        double perWindow = mbit * 1e6 * 0.1 / 8;
        // A packet more or less in a window is no error of the rate.
        for (int window = 1; window < 5; window++)
        {
            long octets = host.Left.Where(frame => frame.Time / 100_000_000 == window).Sum(frame => (long)frame.Length);
            Assert.InRange(octets, (perWindow * 0.995) - 1514, (perWindow * 1.005) + 1514);
        }

        Assert.True(host.Figures.QueueDropped > 0);
        Assert.Equal(host.Numbers.Order(), host.Numbers);
    }

    [Fact]
    public void PacketsOfAllSizesTakeTheirTimeToTheNanosecond()
    {
        var host = new ImpairedHost(impairment => impairment.Rate(Mbit(8)).Delay(Ms(10)));
        host.Send(1000);
        host.Send(64);
        host.Send(500);
        host.Pass(1000);
        Assert.Equal([11_000_000, 11_064_000, 11_564_000], host.Left.Select(frame => frame.Time));
        // Idle, the link takes the next at once.
        host.Send(100);
        host.Pass(1000);
        Assert.Equal(1_000_000_000 + 10_100_000, host.Left[^1].Time);
    }

    [Fact]
    public void TailHeadAndBytesAreDroppedAtTheBound()
    {
        Assert.Equal([1, 2, 3, 4], Burst(DropTail(packets: 3)).Numbers);
        Assert.Equal([1, 8, 9, 10], Burst(DropHead(packets: 3)).Numbers);
        Assert.Equal([1, 2, 3], Burst(DropTail(bytes: 3100)).Numbers);
        ImpairedHost host = Burst(DropHead(packets: 3));
        Assert.Equal((6, 4, 6), (host.Figures.QueueDropped, host.Figures.Departed, host.Rule.Counters.Dropped));
        Assert.Equal((3, 0, 0), (host.Figures.MostQueued, host.Figures.Queued, host.Rule.Counters.Holding));

        static ImpairedHost Burst(QueueModel queue)
        {
            var host = new ImpairedHost(impairment => impairment.Rate(Mbit(1), queue));
            for (int i = 0; i < 10; i++)
                host.Send();
            return host.Pass(10_000);
        }
    }

    /// <summary>RFC 8289: an overload that lasts is answered by drops ever closer together, until packets wait for about the
    /// target.</summary>
    [Fact]
    public void CoDelKeepsPacketsFromWaitingLong()
    {
        // 12.5 % more than the link takes, which drop tail would let wait for a second and more.
        var host = new ImpairedHost(impairment => impairment.Rate(Mbit(10), CoDel(packets: 10_000)));
        host.SendMany(10_000, 1514 * 8 / 10_000.0 / 1.125);
        Assert.True(host.Figures.QueueDropped > 100);
        Assert.InRange(host.Figures.MedianDelay.TotalMilliseconds, 1, 160);

        // Short bursts, which are over within the interval, lose nothing.
        var bursts = new ImpairedHost(impairment => impairment.Rate(Mbit(10), CoDel()));
        for (int i = 0; i < 20; i++)
        {
            for (int packet = 0; packet < 40; packet++)
                bursts.Send();
            bursts.Pass(200);
        }

        Assert.Equal((0, 800), (bursts.Figures.QueueDropped, bursts.Left.Count));
    }

    [Fact]
    public void FirstDropsOfCoDelAreWhenItsLawSays()
    {
        var host = new ImpairedHost(impairment => impairment.Rate(Mbit(10), CoDel(packets: 10_000)));
        var drops = new List<double>();
        for (int i = 0; i < 4000; i++)
        {
            long before = i == 0 ? 0 : host.Figures.QueueDropped;
            host.Send();
            host.Pass(0.5);
            if (host.Figures.QueueDropped > before)
                drops.Add(host.Host.Now / 1e6);
        }

        // Twice the rate: packets wait 5 ms at once; 100 ms later the first is dropped, then after 100 ms, 71, 58, 50: interval /
        // sqrt(count).
        double[] apart = [.. drops.Zip(drops.Skip(1), (one, next) => next - one).Take(4)];
        Assert.InRange(drops[0], 105, 115);
        double[] law = [100, 100 / Math.Sqrt(2), 100 / Math.Sqrt(3), 100 / Math.Sqrt(4)];
        for (int i = 0; i < law.Length; i++)
            Assert.InRange(apart[i], law[i] - 2, law[i] + 2);
    }

    [Fact]
    public void TraceOfMahimahiLetsPacketsOfAnySizeLeaveWhenItSays()
    {
        // Opportunities at 1, 3, 3 and 10 ms, then 11, 13, 13, 20 and so on; 1,500 octets of packet each, so 1,514 of frame.
        var host = new ImpairedHost(impairment => impairment.Rate(LinkTrace(1, 3, 3, 10)));
        foreach (int length in (int[])[1514, 764, 764, 3014 / 2, 1514])
            host.Send(length);
        host.Pass(100);
        Assert.Equal([1, 3, 3, 3, 10], host.Left.Take(5).Select(frame => (int)(frame.Time / 1_000_000)));

        // What nobody waited for is lost: the next one is at 111 ms.
        var idle = new ImpairedHost(impairment => impairment.Rate(LinkTrace(1, 3, 3, 10)));
        idle.Send(64);
        idle.Pass(105);
        idle.Send(1514);
        idle.Pass(100);
        Assert.Equal([1, 110], idle.Left.Select(frame => (int)(frame.Time / 1_000_000)));
    }

    [Fact]
    public void TracesThatAreNoneAreRefused()
    {
        Assert.Throws<FormatException>(() => LinkTrace(3, 1));
        Assert.Throws<FormatException>(() => LinkTrace(0, 0));
        Assert.Throws<ArgumentException>(() => Mbit(0));
        Assert.Throws<ArgumentException>(() => DropTail(packets: 0));
    }

    [Fact]
    public void MemoryIsBoundedAtAGigabitOverTwoHundredMilliseconds()
    {
        var host = new ImpairedHost(impairment => impairment.Delay(Ms(200)));
        host.Host.OnSent = null;
        host.SendMany(60_000, 1514 * 8 / 1e6);
        long after = host.Host.Services.Held.Memory;
        host.SendMany(60_000, 1514 * 8 / 1e6);
        // 25 MB are under way.
        Assert.InRange(host.Host.Services.Held.Memory, 25_000_000, 32_000_000);
        Assert.Equal(after, host.Host.Services.Held.Memory);
        Assert.Equal(0, host.Rule.Counters.HoldRefused);
    }
}
