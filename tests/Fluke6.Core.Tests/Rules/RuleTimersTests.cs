using Fluke6.Rules;

namespace Fluke6.Tests.Rules;

public sealed class RuleTimersTests
{
    private readonly ManualClock _clock = new();
    private readonly RuleTimers _timers;
    private readonly RuleContext _context;

    public RuleTimersTests()
    {
        _timers = new RuleTimers(_clock);
        _context = Context("a");
    }

    private RuleContext Context(string name) =>
        new(name, new RuleCounters(), new RuleServices(new BridgeJournal(), _clock, new Random(1)));

    private RuleTimer Start(int due, int? period = null, RuleContext? context = null)
    {
        var timer = new RuleTimer(
            context ?? _context, TimeSpan.FromSeconds(due), period is { } seconds ? TimeSpan.FromSeconds(seconds) : null, () => { });
        _timers.Start(timer);
        return timer;
    }

    private List<RuleTimer> Due()
    {
        var due = new List<RuleTimer>();
        long now = _timers.Now;
        while (_timers.TryTakeDue(now, out RuleTimer timer))
            due.Add(timer);
        return due;
    }

    [Fact]
    public void TimersFireSoonestFirstAndOnce()
    {
        RuleTimer late = Start(3), soon = Start(1), middle = Start(2);
        Assert.Empty(Due());
        Assert.Equal(TimeSpan.FromSeconds(1), _timers.UntilNext(TimeSpan.FromSeconds(10)));
        _clock.Seconds = 2;
        Assert.Equal([soon, middle], Due());
        _clock.Seconds = 9;
        Assert.Equal(TimeSpan.Zero, _timers.UntilNext(TimeSpan.FromSeconds(10)));
        Assert.Equal([late], Due());
        Assert.True(_timers.IsEmpty);
        Assert.Equal(TimeSpan.FromSeconds(10), _timers.UntilNext(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void PeriodsDoNotDriftAndDoNotBurst()
    {
        RuleTimer timer = Start(10, 10);
        _clock.Seconds = 14;
        Assert.Equal([timer], Due());
        Assert.Equal(TimeSpan.FromSeconds(6), _timers.UntilNext(TimeSpan.FromSeconds(60)));
        _clock.Seconds = 99;
        Assert.Equal([timer], Due());
    }

    [Fact]
    public void StoppedTimersAndThoseOfARuleThatLeftDoNotFire()
    {
        RuleContext other = Context("b");
        RuleTimer stopped = Start(1, 1), left = Start(1, 1, other), stays = Start(1);
        stopped.Dispose();
        _timers.Remove(other);
        _clock.Seconds = 5;
        Assert.Equal([stays], Due());
        Assert.False(left.IsStopped);
        Assert.True(_timers.IsEmpty);
    }

    private sealed class ManualClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Seconds * 1000;
    }
}
