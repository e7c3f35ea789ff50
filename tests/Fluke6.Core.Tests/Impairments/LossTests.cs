using Fluke6.Impairments;
using static Fluke6.Impairments.ImpairmentModels;

namespace Fluke6.Core.Tests.Impairments;

/// <summary>What is lost is what the model says, the same for the same seed, whatever else the impairment does.</summary>
public sealed class LossTests
{
    private const int Million = 1_000_000;

    [Fact]
    public void BernoulliLosesWithinTwoHundredthsOfItsShareInAMillion()
    {
        ImpairmentFigures figures = Of(impairment => impairment.Loss(Bernoulli(0.02)), Million).Figures;
        Assert.InRange(figures.LossRatio, 0.02 * 0.98, 0.02 * 1.02);
        Assert.InRange(figures.MeanLossPeriod, 1 / 0.98 * 0.98, 1 / 0.98 * 1.02);
        Assert.Equal((Million, Million), (figures.Packets, figures.Lost + figures.Departed));
    }

    [Theory]
    [InlineData(0.02, 3)]
    [InlineData(0.1, 10)]
    public void GilbertElliottLosesItsMeanInBurstsOfTheirMeanInAMillion(double mean, double burst)
    {
        ImpairmentFigures figures = Of(impairment => impairment.Loss(GilbertElliott(mean, burst)), Million).Figures;
        Assert.InRange(figures.LossRatio, mean * 0.98, mean * 1.02);
        Assert.InRange(figures.MeanLossPeriod, burst * 0.98, burst * 1.02);
        Assert.True(figures.LongestLossPeriod > 3 * burst);
    }

    [Fact]
    public void EveryAtAndPatternHitExactlyThePacketsThatTheySay()
    {
        Assert.Equal([1, 2, 4, 5, 7, 8, 10], Of(impairment => impairment.Loss(EveryNth(3)), 10).Numbers);
        Assert.Equal([1, 2, 4, 5, 6, 9, 10], Of(impairment => impairment.Loss(At(3, 7, 8)), 10).Numbers);
        Assert.Equal([1, 2, 4, 6, 7, 9], Of(impairment => impairment.Loss(Pattern("..x.x")), 10).Numbers);
        ImpairmentFigures figures = Of(impairment => impairment.Loss(At(3, 7, 8)), 10).Figures;
        Assert.Equal((3, 2, 2, 1.5), (figures.Lost, figures.LossPeriods, figures.LongestLossPeriod, figures.MeanLossPeriod));
    }

    [Fact]
    public void SameSeedHitsTheSamePacketsAndAnotherSeedOrSideOthers()
    {
        int[] first = [.. Of(impairment => impairment.Loss(0.3), 100).Numbers];
        Assert.Equal(first, Of(impairment => impairment.Loss(0.3), 100).Numbers);
        Assert.NotEqual(first, Of(impairment => impairment.Loss(0.3), 100, seed: 8).Numbers);
        var right = new ImpairedHost(impairment => impairment.Loss(0.3), from: null);
        for (int i = 0; i < 100; i++)
            right.Send(64, Side.Right);
        Assert.NotEqual(first, right.Numbers);
    }

    /// <summary>The numbers themselves are held, so that a capture of last year is replayed as it was.</summary>
    [Fact]
    public void LostPacketsOfASeedStayTheSameForGood() =>
        Assert.Equal(s_lostOfSeven, Enumerable.Range(1, 200).Except(Of(impairment => impairment.Loss(0.05), 200).Numbers));

    [Fact]
    public void OneMoreStageChangesNothingInTheOthers()
    {
        int[] alone = [.. Of(impairment => impairment.Loss(GilbertElliott(0.2, 2)), 500).Numbers];
        var all = new ImpairedHost(impairment => impairment.Corrupt(0.1).Duplicate(0.2).Delay(Uniform(Ms(1), Ms(9)), keepOrder: false).Loss(GilbertElliott(0.2, 2)));
        all.SendMany(500, 0.5, 64).Pass(1000);
        Assert.Equal(alone, all.Numbers.Where(number => number is > 0 and <= 500).Distinct().Order());

        // Nor does a loss change when those that are not lost arrive.
        var delayed = new ImpairedHost(impairment => impairment.Delay(Uniform(Ms(1), Ms(9)), keepOrder: false));
        var lossy = new ImpairedHost(impairment => impairment.Delay(Uniform(Ms(1), Ms(9)), keepOrder: false).Loss(0.5));
        delayed.SendMany(500, 0.5, 64).Pass(1000);
        lossy.SendMany(500, 0.5, 64).Pass(1000);
        Assert.Equal(delayed.Left.Where(frame => lossy.Numbers.Contains(frame.Number)), lossy.Left);
    }

    [Fact]
    public void OtherSidesPacketsPassAndLossIsCountedAsTheRules()
    {
        var host = new ImpairedHost(impairment => impairment.Loss(1));
        host.Send(64, Side.Right);
        host.Send(64);
        Assert.Equal([1], host.Numbers);
        Assert.Equal((2, 1, 1), (host.Rule.Counters.Seen, host.Rule.Counters.Hits, host.Rule.Counters.Dropped));
    }

    [Theory]
    [InlineData("is from 0 to 1, not 5")]
    public void SharesThatAreNoneAreRefusedWithWhatToWrite(string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Bernoulli(5)).Message, StringComparison.Ordinal);

    [Fact]
    public void StagesThatAreNamedTwiceOrTooLateAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new ImpairedHost(impairment => impairment.Loss(0.1).Loss(0.2)));
        Assert.Throws<ArgumentException>(() => new ImpairedHost(impairment => impairment.Reorder(0.1, longest: TimeSpan.Zero)));
        Assert.Throws<ArgumentException>(() => new ImpairedHost(impairment => impairment.Reorder(0.1, longest: Ms(-1))));
        Assert.Throws<ArgumentException>(() => Uniform(Ms(1), TimeSpan.MaxValue));
        Assert.Throws<ArgumentException>(() => new ImpairedHost(impairment => impairment, from: (Side)9));
        Assert.Throws<ArgumentException>(() => GilbertElliott(0.9, 1));
        Assert.Throws<ArgumentException>(() => Pattern("..y"));
        Assert.Throws<ArgumentException>(() => At(0));
        ImpairedHost host = Of(impairment => impairment.Loss(0.1), 1);
        Assert.Throws<InvalidOperationException>(() => host.Impairment.Delay(Ms(1)));
    }

    private static readonly int[] s_lostOfSeven = [13, 22, 26, 37, 38, 57, 85, 120, 128];

    private static ImpairedHost Of(Func<Impairment, Impairment> ask, int packets, long seed = 7)
    {
        var host = new ImpairedHost(ask, seed: seed);
        for (int i = 0; i < packets; i++)
            host.Send(64);
        return host;
    }
}
