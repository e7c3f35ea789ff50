using Fluke6.Impairments;
using static Fluke6.Impairments.ImpairmentModels;

namespace Fluke6.Core.Tests.Impairments;

/// <summary>Figures that no network has are refused where they stand, with those that there may be.</summary>
public sealed class BoundTests
{
    private static readonly (Action Asked, string Message)[] s_absurd =
    [
        (() => Ms(double.NaN), "Ms(NaN): how many milliseconds is that?"),
        (() => Ms(double.PositiveInfinity), "Ms(Infinity): how many milliseconds is that?"),
        (() => Fixed(TimeSpan.FromDays(400)), "a delay of 34560000000 ms: it is from 0 to a day"),
        (() => Fixed(Ms(-1)), "a delay of -1 ms: it is from 0 to a day"),
        (() => Normal(Ms(1), TimeSpan.FromDays(2)), "a delay of 172800000 ms: it is from 0 to a day"),
        (() => Pareto(Ms(1), most: Ms(-1)), "a delay of -1 ms: it is from 0 to a day"),
        (() => DelayTable(Ms(1), Ms(-1)), "a delay of -1 ms: it is from 0 to a day"),
        (() => CoDel(target: Ms(-1)), "a delay of -1 ms: it is from 0 to a day"),
        (() => CoDel(interval: Ms(0)), "CoDel: the interval is above 0, such as Ms(100)"),
        (() => Mbit(0), "a rate of 0 bit/s: it is from 1 bit/s to 1000 Gbit/s, such as Mbit(20)"),
        (() => Mbit(1e-12), "a rate of 1E-06 bit/s: it is from 1 bit/s to 1000 Gbit/s, such as Mbit(20)"),
        (() => Gbit(double.NaN), "a rate of NaN bit/s: it is from 1 bit/s to 1000 Gbit/s, such as Mbit(20)"),
        (() => ImpairmentTimeline.Parse("0s: delay 25h"), "Timeline: '25h' in '0s: delay 25h' is no delay: none is longer than a day"),
        (() => ImpairmentTimeline.Parse("0s: rate 0.0001kbit"), "Timeline: '0.0001kbit' in '0s: rate 0.0001kbit' is no rate: write 500kbit, 5mbit or 1gbit"),
    ];

    [Fact]
    public void FiguresOfNoNetworkAreRefusedWithThoseThatThereAre() =>
        Assert.All(s_absurd, absurd => Assert.Equal(absurd.Message, Assert.ThrowsAny<Exception>(absurd.Asked).Message));

    [Fact]
    public void BoundsThemselvesAreTaken()
    {
        Assert.NotNull(Fixed(TimeSpan.FromDays(1)));
        Assert.NotNull(Fixed(TimeSpan.Zero));
        Assert.Equal((1, 1e12), (Kbit(0.001).BitsPerSecond, Gbit(1000).BitsPerSecond));
    }
}
