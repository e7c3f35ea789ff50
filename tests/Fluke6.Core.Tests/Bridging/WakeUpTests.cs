using Fluke6.Bridging;

namespace Fluke6.Core.Tests.Bridging;

/// <summary>A thread that has something to do at a certain time is woken before that, and the earlier the later it used to wake.</summary>
public sealed class WakeUpTests
{
    private const long Longest = 100_000_000;

    [Fact]
    public void SleepsAreNeverLongerThanWhatIsLeft()
    {
        var wakeUp = new WakeUp();
        foreach (long left in (long[])[-5, 0, 1, 1_000, 50_000, 1_000_000, 40_000_000, Longest - 1])
            Assert.InRange(wakeUp.Before(1_000 + left, 1_000, Longest), 0, Math.Max(0, left));
        Assert.Equal(Longest, wakeUp.Before(long.MaxValue, 0, Longest));
    }

    [Fact]
    public void LeadFollowsHowLateTheThreadWakes()
    {
        var wakeUp = new WakeUp();
        long now = 0;
        for (int i = 0; i < 500; i++)
        {
            now += wakeUp.Before(now + 500_000, now, Longest) + 3_000;
            wakeUp.Woke(now);
        }

        Assert.InRange(wakeUp.Lead, 3_000, 3_100);
        now += wakeUp.Before(now + 500_000, now, Longest) + 20_000;
        wakeUp.Woke(now);
        Assert.Equal(20_000, wakeUp.Lead);
        now += wakeUp.Before(now + 500_000, now, Longest) + 10_000_000;    // the machine stood still
        wakeUp.Woke(now);
        Assert.Equal(50_000, wakeUp.Lead);

        // A wake-up by frames says nothing.
        wakeUp.Before(now + 500_000, now, Longest);
        wakeUp.Cancel();
        wakeUp.Woke(now + 1);
        Assert.Equal(50_000, wakeUp.Lead);
    }
}
