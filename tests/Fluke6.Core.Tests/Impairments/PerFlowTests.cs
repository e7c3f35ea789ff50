using Fluke6.Engine;
using Fluke6.Impairments;
using Fluke6.Journal;
using static Fluke6.Impairments.ImpairmentModels;

namespace Fluke6.Core.Tests.Impairments;

/// <summary>Each flow has all stages to itself.</summary>
public sealed class PerFlowTests
{
    private static ImpairedHost Host(Func<Impairment, Impairment> ask, int flows = 64) => new(impairment => ask(impairment).PerFlow(), from: null, flows: flows);

    [Fact]
    public void PacketsAreNumberedWithinTheirFlow()
    {
        ImpairedHost host = Host(impairment => impairment.Loss(At(2)));
        foreach (ushort port in (ushort[])[1, 1, 2, 1, 2, 2, 3])
            host.SendDatagram(port);
        // The second one of each flow that has two is lost; and so is that of what comes back.
        Assert.Equal([1, 3, 4, 6, 7], host.Numbers);
        host.SendDatagram(1, Side.Right);
        host.SendDatagram(1, Side.Right);
        Assert.Equal([1, 3, 4, 6, 7, 8], host.Numbers);
        Assert.Equal((2L, 7L, 2L, 1L), (host.Figures.Lost, host.Figures.Packets, host.Figures.LossPeriods, host.Figures.LongestLossPeriod));
        Assert.Equal(1, host.Impairment.Figures[1].Lost);
    }

    [Fact]
    public void EachFlowHasALinkOfItsOwn()
    {
        // 1,000 octets at 8 Mbit/s take a millisecond; three of two flows each leave by twos.
        ImpairedHost host = Host(impairment => impairment.Rate(Mbit(8), DropTail(packets: 2)));
        for (int i = 0; i < 4; i++)
        {
            host.SendDatagram(1, length: 1000);
            host.SendDatagram(2, length: 1000);
        }

        host.Pass(10);
        Assert.Equal([1e6, 1e6, 2e6, 2e6, 3e6, 3e6], host.Left.Select(left => (double)left.Time));
        Assert.Equal([1, 2, 3, 4, 5, 6], host.Numbers);
        Assert.Equal((2L, 0L, 4L), (host.Figures.QueueDropped, host.Figures.Queued, host.Figures.MostQueued));
    }

    [Fact]
    public void FlowsHaveRandomNumbersOfTheirOwnTheSameEachTime()
    {
        (int[] first, int[] second) = Lost();
        (int[] firstAgain, int[] secondAgain) = Lost();
        Assert.Equal(first, firstAgain);
        Assert.Equal(second, secondAgain);
        Assert.NotEqual(first, second);
        Assert.InRange(first.Length, 400, 600);
        Assert.InRange(second.Length, 400, 600);

        (int[] First, int[] Second) Lost()
        {
            ImpairedHost host = Host(impairment => impairment.Loss(0.5));
            for (int i = 0; i < 2000; i++)
                host.SendDatagram((ushort)(1 + (i % 2)));
            return ([.. host.Numbers.Where(number => number % 2 == 1).Select(number => number / 2)], [.. host.Numbers.Where(number => number % 2 == 0).Select(number => (number / 2) - 1)]);
        }
    }

    [Fact]
    public void NoFlowReordersAnother()
    {
        ImpairedHost host = Host(impairment => impairment.Delay(DelayTrace(Ms(5), Ms(1))));
        host.SendDatagram(1);
        host.SendDatagram(2);
        host.SendDatagram(2);
        host.Pass(20);
        Assert.Equal(0, host.Figures.Reordered);
        Assert.Equal([5e6, 5e6, 5e6], host.Left.Select(left => (double)left.Time));
    }

    [Fact]
    public void AReloadGoesOnWithEachFlowAndOtherStagesBeginAnew()
    {
        ImpairedHost host = Host(impairment => impairment.Loss(At(3)));
        host.SendDatagram(1);
        host.Load(impairment => impairment.Loss(At(3)).PerFlow(), from: null);
        host.SendDatagram(1);
        host.SendDatagram(1);
        Assert.Equal([1, 2], host.Numbers);
        host.Load(impairment => impairment.Loss(At(1)).PerFlow(), from: null);
        host.SendDatagram(1);
        host.SendDatagram(1);
        Assert.Equal([1, 2, 5], host.Numbers);
    }

    [Fact]
    public void TwoImpairmentsOfARuleKeepTheirFlowsApart()
    {
        ImpairedHost host = Host(impairment => impairment.Loss(At(2)));
        RuleEntry second = host.Host.Entry("20-again", context =>
        {
            Impairment one = new Impairment(context, null, 1).Loss(At(1)).PerFlow(), two = new Impairment(context, null, 1).Loss(At(2)).PerFlow();
            return (ref frame) => one.Apply(ref frame) == Verdict.Drop ? Verdict.Drop : two.Apply(ref frame);
        });
        host.Host.Adopt(host.Rule, second);
        for (int i = 0; i < 6; i++)
            host.SendDatagram(1);
        // Of six: the second; of the rest (1, 3, 4, 5, 6) the first; of what is left the second.
        Assert.Equal([3, 5, 6], host.Numbers);
    }

    [Fact]
    public void AFlowThatMadeRoomBeginsAnew()
    {
        ImpairedHost host = Host(impairment => impairment.Loss(At(2)), flows: 1);
        foreach (ushort port in (ushort[])[1, 2, 1, 2, 2])
            host.SendDatagram(port);
        Assert.Equal([1, 2, 3, 4], host.Numbers);
    }

    [Fact]
    public void WithoutFlowsItIsAFaultThatSaysSo()
    {
        var host = new ImpairedHost(impairment => impairment.Loss(At(2)).PerFlow(), from: null);
        host.SendDatagram(1);
        Assert.Contains("leave out --flows 0", Assert.Single(host.Host.Notes<FaultNote>()).Fault.Message, StringComparison.Ordinal);
    }
}
