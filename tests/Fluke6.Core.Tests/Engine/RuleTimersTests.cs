using Fluke6.Engine;
using Fluke6.Journal;

namespace Fluke6.Core.Tests.Engine;

public sealed class RuleTimersTests
{
    private readonly RuleTimers _timers = new();
    private readonly RuleInstance _rule = Rule("a");
    private long _now;    // in seconds

    private static RuleInstance Rule(string name) =>
        new(name, new RuleCounters(), new RuleServices(new BridgeJournal(), clock: null, new Random(1)));

    private WaitingTimer Start(int due, int? period = null, RuleInstance? rule = null)
    {
        var timer = new WaitingTimer(
            rule ?? _rule, TimeSpan.FromSeconds(due), period is { } seconds ? TimeSpan.FromSeconds(seconds) : null, () => { });
        _timers.Start(timer, _now * Moment.Frequency);
        return timer;
    }

    private List<WaitingTimer> Due()
    {
        var due = new List<WaitingTimer>();
        while (_timers.TryTakeDue(_now * Moment.Frequency, out WaitingTimer timer))
            due.Add(timer);
        return due;
    }

    [Fact]
    public void TimersFireSoonestFirstAndOnce()
    {
        WaitingTimer late = Start(3), soon = Start(1), middle = Start(2);
        Assert.Empty(Due());
        Assert.Equal(1 * Moment.Frequency, _timers.NextDue);
        _now = 2;
        Assert.Equal([soon, middle], Due());
        _now = 9;
        Assert.True(_timers.IsDue(_now * Moment.Frequency));
        Assert.Equal([late], Due());
        Assert.Null(_timers.NextDue);
        Assert.False(_timers.IsDue(long.MaxValue));
    }

    [Fact]
    public void PeriodsDoNotDriftAndDoNotBurst()
    {
        WaitingTimer timer = Start(10, 10);
        _now = 14;
        Assert.Equal([timer], Due());
        Assert.Equal(20 * Moment.Frequency, _timers.NextDue);
        _now = 99;
        Assert.Equal([timer], Due());
    }

    [Fact]
    public void StoppedTimersAndThoseOfARuleThatLeftDoNotFire()
    {
        RuleInstance other = Rule("b");
        WaitingTimer stopped = Start(1, 1), left = Start(1, 1, other), stays = Start(1);
        stopped.Dispose();
        _timers.Remove(other);
        _now = 5;
        Assert.Equal([stays], Due());
        Assert.False(left.IsStopped);
        Assert.Null(_timers.NextDue);
    }

    [Fact]
    public void TimersThatAreDueAtOnceFireInTheOrderOfTheirStart()
    {
        WaitingTimer[] timers = [.. Enumerable.Range(0, 100).Select(_ => Start(1))];
        _now = 1;
        Assert.Equal(timers, Due());
    }

    [Fact]
    public void TimerWithoutDelayIsNotDueAtTheTimeOfItsStart()
    {
        WaitingTimer timer = Start(0);
        Assert.Empty(Due());
        Assert.True(_timers.TryTakeDue(1, out WaitingTimer due));
        Assert.Same(timer, due);
    }

    [Fact]
    public void DelayThatOutlastsTheClockNeverEnds()
    {
        _timers.Start(new WaitingTimer(_rule, TimeSpan.MaxValue, period: null, () => { }), now: 5);
        Assert.Equal(long.MaxValue, _timers.NextDue);
    }
}
