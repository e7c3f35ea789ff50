using System.Runtime.CompilerServices;
using Fluke6.Bridging;

namespace Fluke6.Core.Tests.Bridging;

/// <summary>A finalizer that does not return is noticed, and only then.</summary>
public sealed class FinalizerWatchTests
{
    [Fact]
    public void FinalizerThatDoesNotReturnIsNoticedOnce()
    {
        var watch = new FinalizerWatch(TimeSpan.Zero);
        using var begun = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        try
        {
            Leave(begun, end);
            GC.Collect();
            Assert.True(begun.Wait(TimeSpan.FromMinutes(1)));
            Until(() =>
            {
                GC.Collect();
                return watch.HaveStopped();
            });
            Assert.False(watch.HaveStopped());
        }
        finally
        {
            end.Set();
            GC.WaitForPendingFinalizers();
        }
    }

    [Fact]
    public void FinalizersThatRunAreNotTold()
    {
        var watch = new FinalizerWatch(TimeSpan.FromHours(1));
        for (int i = 0; i < 5; i++)
        {
            Assert.False(watch.HaveStopped());
            GC.Collect();
        }
    }

    private static void Until(Func<bool> isSo)
    {
        var patience = TimeSpan.FromMinutes(1);
        Assert.True(SpinWait.SpinUntil(isSo, patience));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leave(ManualResetEventSlim begun, ManualResetEventSlim end) => _ = new Hangs(begun, end);

    private sealed class Hangs(ManualResetEventSlim begun, ManualResetEventSlim end)
    {
        ~Hangs()
        {
            begun.Set();
            end.Wait();
        }
    }
}
