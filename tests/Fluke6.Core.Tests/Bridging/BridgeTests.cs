using System.Diagnostics;
using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Core.Tests.Bridging;

public sealed class BridgeTests : IDisposable
{
    private TestBridge _host = TestBridge.Unstarted(new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(200) });
    private readonly ManualResetEventSlim _release = new();

    public void Dispose()
    {
        _release.Set();
        _host.Dispose();
        _release.Dispose();
    }

    private static byte[] Octets(int length) => Enumerable.Repeat((byte)length, length).ToArray();

    private static RuleEntry Says(Verdict verdict) => new("says", (ref frame) => verdict);

    private void Arrive(MemoryPort port, params byte[][] frames)
    {
        foreach (byte[] frame in frames)
            port.Arrive(frame);
        _host.Wake();
    }

    private void Use(BridgeOptions options)
    {
        _host.Dispose();
        _host = TestBridge.Unstarted(options);
    }

    private static void Until(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20), "waited in vain");
            Thread.Sleep(1);
        }
    }

    [Fact]
    public void FramesPassBothWaysInOrder()
    {
        _host.Bridge.Start();
        byte[][] frames = [.. Enumerable.Range(14, 200).Select(Octets)];
        Arrive(_host.Left, frames);
        Arrive(_host.Right, [.. frames.Reverse()]);
        Until(() => _host.Left.SentFrames.Count == frames.Length && _host.Right.SentFrames.Count == frames.Length);
        Assert.Equal(frames, _host.Right.SentFrames);
        Assert.Equal(frames.Reverse(), _host.Left.SentFrames);
    }

    [Fact]
    public void ReflectSendsBackAndSendSendsAnywhere()
    {
        var services = _host.Bridge.Services;
        var counters = new RuleCounters();
        var context = new RuleInstance("r", counters, services);
        var entry = new RuleEntry("r", (ref frame) =>
        {
            context.Send(Side.Right, [1, 2, 3]);
            context.Send(frame.From.Opposite(), ref frame);
            return Verdict.Reflect;
        }, context, counters);
        _host.Bridge.Publish(new RuleChain([entry]));
        _host.Bridge.Start();
        Arrive(_host.Left, Octets(20));
        Until(() => _host.Right.SentFrames.Count == 2 && _host.Left.SentFrames.Count == 1);
        Assert.Equal([Octets(20)], _host.Left.SentFrames);
        Assert.Equal([[1, 2, 3], Octets(20)], _host.Right.SentFrames);
        Assert.Equal((1L, 3L), (counters.Hits, counters.Sent));
    }

    [Fact]
    public void MoreThanTheOutboxHoldsIsSentAllTheSame()
    {
        var context = new RuleInstance("r", new RuleCounters(), _host.Bridge.Services);
        var entry = new RuleEntry("r", (ref frame) =>
        {
            for (int i = 0; i < 200; i++)
                context.Send(Side.Left, [(byte)i]);
            return Verdict.Drop;
        }, context);
        _host.Bridge.Publish(new RuleChain([entry]));
        _host.Bridge.Start();
        Arrive(_host.Left, Octets(20));
        Until(() => _host.Left.SentFrames.Count == 200);
        Assert.Equal(Enumerable.Range(0, 200), _host.Left.SentFrames.Select(octets => (int)octets[0]));
    }

    [Fact]
    public void FrameTooLongToSendIsTheRulesFaultAndHarmsNothing()
    {
        var context = new RuleInstance("r", new RuleCounters(), _host.Bridge.Services);
        var entry = new RuleEntry("r", (ref frame) =>
        {
            context.Send(Side.Left, new byte[FrameBuffer.MaxFrameLength + 1]);
            return Verdict.Drop;
        }, context);
        _host.Bridge.Publish(new RuleChain([entry]));
        _host.Bridge.Start();
        Arrive(_host.Left, Octets(20));
        Until(() => _host.Right.SentFrames.Count == 1);
        Assert.Empty(_host.Left.SentFrames);
        Assert.Equal(1, entry.Counters.Faults);
    }

    [Fact]
    public async Task PublishEndsWhenTheOldChainIsLeftAndNoFrameIsLostAcrossMany()
    {
        _host.Bridge.Start();
        for (int i = 0; i < 300; i++)
        {
            var entry = new RuleEntry("r", (ref frame) => Verdict.Continue);
            Task published = _host.Bridge.Publish(new RuleChain([entry]));
            Arrive(_host.Left, Octets(20));
            await published.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Assert.Same(entry, _host.Bridge.Chain.Entries[0]);
        }

        Until(() => _host.Right.SentFrames.Count == 300);
    }

    [Fact]
    public async Task ChainsThatWerePassedOverEndToo()
    {
        var blocking = new RuleEntry("r", (ref frame) =>
        {
            _release.Wait();
            return Verdict.Drop;
        });
        // So patient that the rule is not taken out.
        Use(new BridgeOptions { OverrunLimit = TimeSpan.FromMinutes(1) });
        _ = _host.Bridge.Publish(new RuleChain([blocking]));
        _host.Bridge.Start();
        Arrive(_host.Left, Octets(20));
        Until(() => blocking.Counters.Seen == 1);
        Task first = _host.Bridge.Publish(RuleChain.Empty), second = _host.Bridge.Publish(new RuleChain([Says(Verdict.Drop)]));
        Assert.False(first.IsCompleted || second.IsCompleted);
        _release.Set();
        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Single(_host.Bridge.Chain.Entries);
    }

    [Fact]
    public async Task StopEndsTheBridgeAndWhoWaitsForAChain()
    {
        _host.Bridge.Start();
        Assert.True(_host.Bridge.Stop(TimeSpan.FromSeconds(20)));
        await _host.Bridge.Completion;
        await _host.Bridge.Publish(RuleChain.Empty).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Throws<InvalidOperationException>(_host.Bridge.Start);
    }

    [Fact]
    public void StopWaitsForFramesThatWereHeldAsLongAsTheyGoOut()
    {
        const int Held = 128, Batch = 32;
        int calls = 0;
        var holds = new RuleEntry("10-holds", (ref frame) => frame.Hold(TimeSpan.FromHours(1)));
        var slow = new RuleEntry("20-slow", (ref frame) =>
        {
            // One wait for each batch, so that a busy machine makes no batch much slower than it is.
            if (calls++ % Batch == 0)
                Thread.Sleep(700);
            return Verdict.Continue;
        });
        Use(new BridgeOptions { OverrunLimit = TimeSpan.FromMinutes(1) });
        _ = _host.Bridge.Publish(new RuleChain([holds, slow]));
        _host.Bridge.Start();
        for (int i = 0; i < Held; i++)
            Arrive(_host.Left, Octets(20));
        Until(() => holds.Counters.Held == Held);
        // A batch takes less, and all of them together take longer.
        Assert.True(_host.Bridge.Stop(TimeSpan.FromSeconds(2)));
        Assert.Equal((Held, 0, Held), (slow.Counters.Seen, holds.Counters.Holding, holds.Counters.ReleasedEarly));
    }

    [Fact]
    public async Task StopEndsAPublishThatNobodyTakesUp()
    {
        var blocking = new RuleEntry("r", (ref frame) =>
        {
            _release.Wait();
            return Verdict.Drop;
        });
        // So patient that the rule is not taken out.
        Use(new BridgeOptions { OverrunLimit = TimeSpan.FromMinutes(1) });
        _ = _host.Bridge.Publish(new RuleChain([blocking]));
        _host.Bridge.Start();
        Arrive(_host.Left, Octets(20));
        Until(() => blocking.Counters.Seen == 1);
        Task published = _host.Bridge.Publish(RuleChain.Empty);
        Assert.False(_host.Bridge.Stop(TimeSpan.FromMilliseconds(20)));
        await published.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TimerThatNeverReturnsIsTakenOutAndFramesGoOn(bool sleeps)
    {
        var context = new RuleInstance("r", new RuleCounters(), _host.Bridge.Services);
        var entry = new RuleEntry("r", (ref frame) => Verdict.Drop, context);
        context.After(TimeSpan.FromMilliseconds(1), () => Hang(sleeps));
        _host.Bridge.Publish(new RuleChain([entry]));
        _host.Bridge.Start();
        Until(() => entry.State == RuleState.Bypassed);
        Arrive(_host.Left, Octets(20));
        Until(() => _host.Right.SentFrames.Count == 1);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void RuleThatNeverReturnsCostsNoOtherFrame(bool sleeps, bool drops)
    {
        FaultPolicy onFault = drops ? FaultPolicy.Drop : FaultPolicy.Pass;
        var options = new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(200), OnFault = onFault };
        Use(options);
        var hangs = new RuleEntry("r", (ref frame) =>
        {
            if (frame.Length != 18)
                return frame.Length == 16 ? Verdict.Reflect : Verdict.Continue;
            frame.Edit().Clear();
            Hang(sleeps);
            return Verdict.Drop;
        });
        _host.Bridge.Publish(new RuleChain([hangs]));
        byte[][] frames = [.. Enumerable.Range(14, 40).Select(Octets)];
        Arrive(_host.Left, frames);
        _host.Bridge.Start();
        // A rule that drops what it fails on goes on dropping, once it is taken out.
        byte[][] expected = [.. frames.Where(frame => frame.Length != 16 && (onFault == FaultPolicy.Pass || frame.Length < 18))];
        Until(() => _host.Right.SentFrames.Count >= expected.Length);
        Until(() => hangs.State == RuleState.Bypassed && hangs.Counters.Dropped == frames.Length - 1 - expected.Length);
        Assert.Equal(expected, _host.Right.SentFrames);
        Assert.Equal([Octets(16)], _host.Left.SentFrames);
    }

    private void Hang(bool sleeps)
    {
        // A loop that only an abort ends, and a wait that the end of the test ends.
        while (!sleeps)
        {
        }

        _release.Wait();
    }

    [Fact]
    public void OneFrameInManyTellsHowLongRulesTake()
    {
        TimeSpan busy = TimeSpan.FromMicroseconds(100);
        var slow = new RuleEntry("slow", (ref frame) =>
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < busy)
            {
            }

            return Verdict.Continue;
        });
        var last = new RuleEntry("last", (ref frame) => Verdict.Drop);
        _host.Bridge.Publish(new RuleChain([Says(Verdict.Continue), slow, last]));
        _host.Bridge.Start();
        for (int frame = 0; frame < (3 * RuleTiming.Interval) + 1; frame++)
            Arrive(_host.Left, Octets(60));
        Until(() => last.Counters.Seen == (3 * RuleTiming.Interval) + 1);
        Assert.Equal(3, slow.Counters.Timed);
        Assert.Equal(3, last.Counters.Timed);
        Assert.True(slow.Counters.MeanNanoseconds > busy.TotalNanoseconds / 2, $"{slow.Counters.MeanNanoseconds} ns");
    }
}
