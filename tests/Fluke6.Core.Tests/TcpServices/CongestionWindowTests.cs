using Fluke6.TcpServices;

namespace Fluke6.Core.Tests.TcpServices;

public sealed class CongestionWindowTests
{
    private const int Mss = 1460;

    [Fact]
    public void NeverGrowsPastTheLargestWindow()
    {
        var window = new CongestionWindow();
        window.Begin(Mss, initial: 0, synAckWasLost: false);
        uint number = 0;
        for (int i = 0; i < 3_000_000; i++)
            window.Acknowledged(number += Mss, Mss, inFlight: Mss);
        Assert.Equal(1 << 30, window.Octets);

        for (int i = 0; i < 3; i++)
            window.Duplicate(number, number + 100_000);
        for (int i = 0; i < 3_000_000; i++)
            window.Duplicate(number, number + 100_000);
        Assert.Equal(1 << 30, window.Octets);
    }

    [Fact]
    public void AfterALossItGrowsByASegmentForEachWindow()
    {
        var window = new CongestionWindow();
        window.Begin(Mss, initial: 0, synAckWasLost: false);
        window.TimedOut(1, 1 + (20 * Mss), isFirst: true);
        Assert.Equal(Mss, window.Octets);
        // RFC 5681 §3.1: slow start up to half of what was under way, then congestion avoidance.
        uint number = 1;
        for (int i = 0; i < 9; i++)
            window.Acknowledged(number += Mss, Mss, inFlight: Mss);
        Assert.Equal(10 * Mss, window.Octets);
        for (int i = 0; i < 9; i++)
            window.Acknowledged(number += Mss, Mss, inFlight: Mss);
        Assert.Equal(10 * Mss, window.Octets);
        window.Acknowledged(number + Mss, Mss, inFlight: Mss);
        Assert.Equal(11 * Mss, window.Octets);
    }

    [Fact]
    public void LossOfTheSynAckBeginsWithOneSegment()
    {
        var window = new CongestionWindow();
        window.Begin(Mss, initial: 0, synAckWasLost: true);
        Assert.Equal(Mss, window.Octets);
    }
}
