using System.Globalization;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Ports;
using Fluke6.Rules;

namespace Fluke6.Core.Tests.Engine;

/// <summary>A worker without bridge, thread and clock: it is given frames and times, and gives back frames.</summary>
public sealed class WorkerTests
{
    private readonly TestWorker _worker = new();
    private readonly List<string> _happened = [];
    private readonly List<string> _sent = [];

    public WorkerTests() => _worker.Departing += (side, frame) => _sent.Add($"{side} {frame.Octets[^1]}");

    [Fact]
    public void RulesSeeTheTimeThatTheWorkerIsTold()
    {
        RuleInstance rule = _worker.Rule("a");
        Adopt(0, TestWorker.Entry(rule, (ref frame) =>
        {
            Happened($"{Seconds(frame.ArrivalTime)}");
            return Verdict.Continue;
        }));
        long began = rule.Clock.GetTimestamp();
        Process(1.5);
        Process(3600);
        Assert.Equal(["1.5 1.5", "3600 3600"], _happened);
        Assert.Equal(TimeSpan.FromHours(1), rule.Clock.GetElapsedTime(began));
    }

    [Fact]
    public void TimersFireWhenTheyAreDueAndNotBefore()
    {
        RuleInstance rule = _worker.Rule("a");
        rule.Every(TimeSpan.FromSeconds(2), () => Happened("every"));
        rule.After(TimeSpan.FromSeconds(3), () =>
        {
            Happened("after");
            rule.After(TimeSpan.FromSeconds(1), () => Happened("after that"));
        });
        Adopt(10, TestWorker.Entry(rule, (ref frame) =>
        {
            Happened("frame");
            return Verdict.Continue;
        }));
        ProcessAsReplayed(11);
        ProcessAsReplayed(13.5);
        ProcessAsReplayed(17);
        Assert.Equal(["11 frame", "12 every", "13 after", "13.5 frame", "14 every", "14 after that", "16 every", "17 frame"], _happened);
        Assert.Equal(TimeSpan.FromSeconds(18), _worker.NextDue);
    }

    [Fact]
    public void TimerThatStartsAnotherAtOnceKeepsNobodyFromTheirTurn()
    {
        RuleInstance rule = _worker.Rule("a");
        rule.After(TimeSpan.Zero, Again);
        Adopt(0, TestWorker.Entry(rule));
        for (int turn = 0; turn < 5; turn++)
            RunDueWork(1 + turn);
        Assert.Equal(5, _happened.Count);

        void Again()
        {
            Happened("again");
            rule.After(TimeSpan.Zero, Again);
        }
    }

    [Fact]
    public void LinesFaultsAndTheirLimitsGoByTheWorkersTime()
    {
        RuleInstance rule = _worker.Rule("a");
        Adopt(0, TestWorker.Entry(rule, (ref frame) =>
        {
            rule.Log("a line");
            throw new InvalidOperationException("a fault");
        }));
        Process(5);
        Process(5.05);     // as soon after the last one, a fault is not told again
        Process(5.2);
        Assert.Equal(
            ["5 fault", "5.2 fault", "5 line", "5.05 line", "5.2 line"],
            _worker.TakeNotes().Select(note => $"{Seconds(note.Time)} {(note is FaultNote ? "fault" : "line")}"));

        // By the process's time, this is a flood; by the worker's, two lines a second.
        for (int i = 0; i < 1000; i++)
        {
            Process(10 + (i / 2.0));
            Assert.Contains(_worker.TakeNotes(), note => note is LogNote);
        }

        Assert.Equal(0, _worker.Journal.LinesSkipped("a"));
    }

    [Fact]
    public void WhatRulesDecideAndSendGoesToTheSink()
    {
        RuleInstance rule = _worker.Rule("a");
        rule.AtExit(() => rule.Send(Side.Left, Ping(99)));
        Adopt(0, TestWorker.Entry(rule, (ref frame) =>
        {
            byte id = frame.Octets[^1];
            if (id == 3)
                rule.Send(Side.Right, Ping(30));
            return id switch { 1 => Verdict.Drop, 2 => Verdict.Reflect, _ => Verdict.Continue };
        }));
        Process(1, 0, 1, 2, 3);
        Assert.Equal(["Right 0", "Right 3", "Left 2", "Right 30"], _sent);
        _worker.GoTo(TimeSpan.FromSeconds(2));
        _worker.RunAllExits();
        Assert.Equal("Left 99", _sent[^1]);
    }

    [Fact]
    public void AdoptedChainEndsWhatTheOldOneHadAndBeginsWhatTheNewOneAskedFor()
    {
        RuleInstance old = _worker.Rule("old"), next = _worker.Rule("next");
        old.AtExit(() => Happened("exit"));
        old.Every(TimeSpan.FromSeconds(1), () => Happened("old timer"));
        next.After(TimeSpan.FromSeconds(1), () => Happened("new timer"));
        Adopt(0, TestWorker.Entry(old));
        Assert.False(old.Stopped.IsCancellationRequested);
        Adopt(0.5, TestWorker.Entry(next));
        Assert.Equal(["0.5 exit"], _happened);
        Assert.Equal(TimeSpan.FromSeconds(1.5), _worker.NextDue);
        RunDueWork(1.5);
        Assert.Equal(["0.5 exit", "1.5 new timer"], _happened);
        Assert.True(SpinWait.SpinUntil(() => old.Stopped.IsCancellationRequested, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void TapsSeeFramesBeforeAndAfterTheChainAndOnlyThoseThatWantTo()
    {
        var watching = new Tap(wants: true);
        var indifferent = new Tap(wants: false);
        var worker = new TestWorker(indifferent, watching);
        RuleInstance rule = worker.Rule("a");
        worker.Adopt(TestWorker.Entry(rule, (ref frame) =>
        {
            frame.Edit()[^1] = 7;
            rule.Send(Side.Left, Ping(8));
            return Verdict.Accept;
        }));
        worker.GoTo(TimeSpan.FromSeconds(5));
        worker.Arrive(Side.Left, Ping(1));
        Assert.Equal(["begin 5", "arrived 1", "departed 7 Accept a", "sent Left 8 0"], watching.Seen.SkipWhile(seen => seen != "begin 5"));
        Assert.All(indifferent.Seen, seen => Assert.StartsWith("begin", seen, StringComparison.Ordinal));
    }

    [Fact]
    public void TapIsCalledAgainForFramesThatARuleWasConcernedWithOrThatItAwaits()
    {
        var tap = new Tap(wants: true);
        var worker = new TestWorker(tap);
        worker.Adopt(TestWorker.Entry(worker.Rule("a"), (ref frame) =>
        {
            if (frame.Octets[^1] == 1)
                frame.Hit();
            return frame.Octets[^1] == 2 ? Verdict.Drop : Verdict.Continue;
        }));
        Assert.Equal(["departed 1 Continue ", "departed 2 Drop a"], Departed(awaits: false));
        Assert.Equal(["departed 0 Continue ", "departed 1 Continue ", "departed 2 Drop a"], Departed(awaits: true));

        IEnumerable<string> Departed(bool awaits)
        {
            tap.Seen.Clear();
            tap.Awaits = awaits;
            worker.Arrive(Side.Left, Ping(0), Ping(1), Ping(2));
            return tap.Seen.Where(seen => seen.StartsWith("departed", StringComparison.Ordinal));
        }
    }

    private static string Seconds(DateTimeOffset time) => (time - TestWorker.Start).TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static byte[] Ping(byte id)
    {
        byte[] frame = Segment.Echo("192.0.2.1", "192.0.2.2", reply: false, 5);
        frame[^1] = id;
        return frame;
    }

    private void Adopt(double at, params RuleEntry[] entries)
    {
        _worker.GoTo(TimeSpan.FromSeconds(at));
        _worker.Adopt(entries);
    }

    private void RunDueWork(double at)
    {
        _worker.GoTo(TimeSpan.FromSeconds(at));
        _worker.RunDueWork();
    }

    private void Process(double at, params byte[] ids)
    {
        _worker.GoTo(TimeSpan.FromSeconds(at));
        _worker.Arrive(Side.Left, ids.Length == 0 ? [Ping(0)] : [.. ids.Select(Ping)]);
    }

    private void ProcessAsReplayed(double at)
    {
        _worker.RunTimersUntil(TimeSpan.FromSeconds(at));
        Process(at);
    }

    private void Happened(string what) => _happened.Add($"{Seconds(_worker.Services.Clock.GetUtcNow())} {what}");

    private sealed class Tap(bool wants) : FrameTap
    {
        public List<string> Seen { get; } = [];

        public bool Awaits { set => AwaitsDeparture = value; }

        public override bool BeginBatch(in Moment now)
        {
            Seen.Add($"begin {Seconds(new DateTimeOffset(now.UtcTicks, TimeSpan.Zero))}");
            return wants;
        }

        public override void Arrived(FrameBuffer frame) => Seen.Add($"arrived {frame.Octets[^1]}");

        public override void Sent(Side side, FrameBuffer frame, int rule) => Seen.Add($"sent {side} {frame.Octets[^1]} {rule}");

        protected override void LookAgain(FrameBuffer frame, Verdict verdict, RuleEntry? decider) =>
            Seen.Add($"departed {frame.Octets[^1]} {verdict} {decider?.Name}");
    }
}
