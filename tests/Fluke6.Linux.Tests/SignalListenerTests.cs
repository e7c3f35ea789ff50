using System.Collections.Concurrent;
using Tmds.Linux;

namespace Fluke6.Linux.Tests;

/// <summary>Signals are told of on a thread that is not the pool's.</summary>
public sealed class SignalListenerTests
{
    // Nobody else uses those: real-time signals, which wait in line instead of being one. signal(7).
    private const int One = 50, Another = 51;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void IsToldOfItsSignalAloneAndNotByThePool()
    {
        using var told = new BlockingCollection<(int Number, bool ByPool)>();
        using var one = new SignalListener(One, () => told.Add((One, Thread.CurrentThread.IsThreadPoolThread)));
        using var another = new SignalListener(Another, () => told.Add((Another, Thread.CurrentThread.IsThreadPoolThread)));
        foreach (int number in (int[])[One, Another, One])
        {
            Assert.Equal(0, LibC.kill(Environment.ProcessId, number));
            Assert.True(told.TryTake(out (int Number, bool ByPool) next, s_patience));
            Assert.Equal((number, false), next);
        }

        Assert.Empty(told);
    }
}
