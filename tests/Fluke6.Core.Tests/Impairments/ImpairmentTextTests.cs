using Fluke6.Impairments;
using Fluke6.Snapshots;
using Fluke6.Watching;
using static Fluke6.Impairments.ImpairmentModels;

namespace Fluke6.Core.Tests.Impairments;

/// <summary>The lines of the summary and of the dashboard say what was done, and nothing of what was not.</summary>
public sealed class ImpairmentTextTests
{
    [Fact]
    public void LossesSayHowManyInWhichRuns() => Assert.Equal(
        ["lost 30%: 3 in 2 runs of 1.5 on average, 2 at most; 0 by the queue"], Lines(impairment => impairment.Loss(At(3, 7, 8))));

    [Fact]
    public void DelaySaysItsShapeAndHowLateItWas() => Assert.Equal(
        ["delay 40 ms least, 40 ms median, 40 ms mean, 40 ms of 99 %, 40 ms most; later than asked by 0 us median, 0 us of 99 %"],
        Lines(impairment => impairment.Delay(Fixed(Ms(40)))));

    [Fact]
    public void DuplicatesAndCorruptionAreCounted()
    {
        Assert.Equal(["duplicated 100%: 10"], Lines(impairment => impairment.Duplicate(1)).Where(line => line.StartsWith("dup", StringComparison.Ordinal)));
        Assert.Equal(["corrupted 10, 10 bits"], Lines(impairment => impairment.Corrupt(1)));
    }

    [Fact]
    public void FirstLineSaysWhereFromAndHowMany()
    {
        ImpairmentFigures figures = new ImpairedHost(impairment => impairment.Loss(At(3, 7, 8))).SendMany(10, millisecondsApart: 1).Figures;
        Assert.StartsWith("from left: 10 packets, 7 went on, ", ImpairmentText.Lines(RecordOfRule.Of(1, figures)).First());
    }

    [Fact]
    public void QueueSaysHowFullItWas() => Assert.Contains(
        Lines(impairment => impairment.Rate(Mbit(1), DropTail(packets: 2))), line => line.StartsWith("queue: ", StringComparison.Ordinal) && line.EndsWith(" at most", StringComparison.Ordinal));

    private static IEnumerable<string> Lines(Func<Impairment, Impairment> ask)
    {
        ImpairedHost host = new ImpairedHost(ask).SendMany(10, millisecondsApart: 1);
        return ImpairmentText.Lines(RecordOfRule.Of(1, host.Pass(5000).Figures)).Skip(1);
    }
}
