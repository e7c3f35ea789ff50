using Fluke6.Impairments;
using static Fluke6.Impairments.ImpairmentModels;

namespace Fluke6.Core.Tests.Impairments;

/// <summary>Packets are under way for as long as the model says, in order unless asked otherwise, and what it reports is what
/// was.</summary>
public sealed class DelayTests
{
    [Fact]
    public void FixedDelayIsExact()
    {
        var host = new ImpairedHost(impairment => impairment.Delay(Ms(40)));
        host.SendMany(3, 1).Pass(100);
        Assert.Equal([(40_000_000L, 1), (41_000_000L, 2), (42_000_000L, 3)], host.Left.Select(frame => (frame.Time, frame.Number)));
        Assert.Equal((Ms(40), Ms(40), Ms(40), Ms(0)), (host.Figures.LeastDelay, host.Figures.MeanDelay, host.Figures.MostDelay, host.Figures.LatenessOf99));
        Assert.Equal((0, 3, 0), (host.Rule.Counters.Dropped, host.Rule.Counters.Held, host.Rule.Counters.Holding));
    }

    [Fact]
    public void JitterKeepsTheOrderUnlessAskedOtherwise()
    {
        var kept = new ImpairedHost(impairment => impairment.Delay(Normal(Ms(40), Ms(5))));
        kept.SendMany(2000, 0.3).Pass(1000);
        Assert.Equal(Enumerable.Range(1, 2000), kept.Numbers);
        Assert.Equal(0, kept.Figures.Reordered);

        var free = new ImpairedHost(impairment => impairment.Delay(Normal(Ms(40), Ms(5)), keepOrder: false));
        free.SendMany(2000, 0.3).Pass(1000);
        Assert.Equal(Enumerable.Range(1, 2000), free.Numbers.Order());
        Assert.True(free.Figures.Reordered > 500);
        // By another count: those that come after one that was sent later. RFC 4737 §3.3.
        int greatest = 0, late = 0;
        foreach (int number in free.Numbers)
        {
            late += number < greatest ? 1 : 0;
            greatest = Math.Max(greatest, number);
        }

        Assert.Equal(late, free.Figures.Reordered);
    }

    [Fact]
    public void DistributionsHaveTheirMomentsOverManyPackets()
    {
        ImpairmentFigures normal = Of(Normal(Ms(40), Ms(5))), uniform = Of(Uniform(Ms(10), Ms(30))), pareto = Of(Pareto(Ms(10), 3));
        Assert.InRange(normal.MeanDelay.TotalMilliseconds, 40 * 0.99, 40 * 1.01);
        Assert.InRange(normal.MedianDelay.TotalMilliseconds, 40 * 0.99, 40 * 1.01);
        Assert.InRange(normal.DelayOf99.TotalMilliseconds, (40 + (5 * 2.326)) * 0.98, (40 + (5 * 2.326)) * 1.02);
        Assert.InRange(uniform.MeanDelay.TotalMilliseconds, 20 * 0.99, 20 * 1.01);
        Assert.True(uniform.LeastDelay >= Ms(10) && uniform.MostDelay <= Ms(30));
        Assert.InRange(pareto.MeanDelay.TotalMilliseconds, 15 * 0.97, 15 * 1.03);
        Assert.InRange(pareto.MedianDelay.TotalMilliseconds, 12.6 * 0.98, 12.6 * 1.02);    // 10 ms times the cube root of 2
        Assert.True(pareto.LeastDelay >= Ms(10) && pareto.VariationOf99 > Ms(30));

        static ImpairmentFigures Of(DelayModel model)
        {
            var host = new ImpairedHost(impairment => impairment.Delay(model, keepOrder: false));
            host.SendMany(20_000, 0.01, 64).Pass(20_000);
            return host.Figures;
        }
    }

    [Fact]
    public void TablesAndTracesGiveTheDelaysThatTheyList()
    {
        var trace = new ImpairedHost(impairment => impairment.Delay(DelayTrace(Ms(5), Ms(1), Ms(3)), keepOrder: false));
        trace.SendMany(4, 10).Pass(100);
        Assert.Equal([5, 11, 23, 35], trace.Left.Select(frame => (int)(frame.Time / 1_000_000)));
        var table = new ImpairedHost(impairment => impairment.Delay(DelayTable(Ms(1), Ms(2)), keepOrder: false));
        table.SendMany(1000, 10).Pass(100);
        Assert.InRange(table.Left.Count(frame => frame.Time % 10_000_000 == 1_000_000), 440, 560);

        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "# measured\n1.5\n2\n");
            Assert.Equal("DelayTrace(1.5 ms, 2 ms)", $"{DelayTrace(path)}");
            File.WriteAllText(path, "1\nx\n");
            Assert.Equal($"{path}(2): 'x' is no number of milliseconds", Assert.Throws<FormatException>(() => DelayTrace(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void ReorderedPacketsFollowTheGapThatTheyWereToldOrATimeIfNoneCome()
    {
        var host = new ImpairedHost(impairment => impairment.Reorder(1.0 / 16, gap: 3));
        host.SendMany(400, 1).Pass(1000);
        Assert.Equal(Enumerable.Range(1, 400), host.Numbers.Order());
        int[] order = [.. host.Numbers];
        Assert.InRange(host.Figures.Reordered, 10, 45);
        for (int i = 0; i < order.Length - 8; i++)
        {
            // Whoever is late has been passed by three at least.
            if (order[..i].Any(before => before > order[i]))
                Assert.InRange(order[..i].Count(before => before > order[i]), 3, 6);
        }

        Assert.InRange(host.Figures.LargestReorderingExtent, 3, 6);

        var last = new ImpairedHost(impairment => impairment.Reorder(1, gap: 3, longest: Ms(20)));
        last.SendMany(1, 0.0).Pass(19.9);
        Assert.Empty(last.Left);
        last.Pass(1);
        Assert.Equal([1], last.Numbers);
    }

    [Fact]
    public void DuplicatesFollowAtOnceAndAreCounted()
    {
        var host = new ImpairedHost(impairment => impairment.Duplicate(0.25).Delay(Ms(3)));
        host.SendMany(1000, 1).Pass(100);
        Assert.InRange(host.Figures.DuplicationRatio, 0.2, 0.3);
        Assert.Equal(1000 + host.Figures.Duplicated, host.Left.Count);
        Assert.Equal(host.Figures.Duplicated, host.Rule.Counters.Sent);
        Assert.Equal(host.Numbers.Order(), host.Numbers);
        Assert.Equal(0, host.Figures.Reordered);

        var direct = new ImpairedHost(impairment => impairment.Duplicate(1));
        direct.SendMany(3, 1);
        Assert.Equal([1, 1, 2, 2, 3, 3], direct.Numbers);
    }
}
