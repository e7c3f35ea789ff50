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
    private static readonly DateTimeOffset s_start = new(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private readonly BridgeJournal _journal = new();
    private readonly RuleServices _services;
    private readonly Sink _sink = new();
    private readonly Worker _worker;
    private readonly FrameBatch _batch = new(4, new FrameUndo());
    private readonly List<string> _happened = [];

    public WorkerTests()
    {
        _services = new RuleServices(_journal, clock: null, new Random(1));
        _worker = new Worker(_services, _sink, new WorkerOptions { DueWorkLimit = Timeout.InfiniteTimeSpan, FaultLimit = int.MaxValue });
        _worker.Claim();
    }

    [Fact]
    public void RulesSeeTheTimeThatTheWorkerIsTold()
    {
        RuleInstance rule = Rule("a");
        Adopt(0, Entry(rule, (ref frame) =>
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
        RuleInstance rule = Rule("a");
        rule.Every(TimeSpan.FromSeconds(2), () => Happened("every"));
        rule.After(TimeSpan.FromSeconds(3), () =>
        {
            Happened("after");
            rule.After(TimeSpan.FromSeconds(1), () => Happened("after that"));
        });
        Adopt(10, Entry(rule, (ref frame) =>
        {
            Happened("frame");
            return Verdict.Continue;
        }));
        ProcessAsReplayed(11);
        ProcessAsReplayed(13.5);
        ProcessAsReplayed(17);
        Assert.Equal(["11 frame", "12 every", "13 after", "13.5 frame", "14 every", "14 after that", "16 every", "17 frame"], _happened);
        Assert.Equal(At(18).Monotonic, _worker.NextDue);
    }

    [Fact]
    public void TimerThatStartsAnotherAtOnceKeepsNobodyFromTheirTurn()
    {
        RuleInstance rule = Rule("a");
        rule.After(TimeSpan.Zero, Again);
        Adopt(0, Entry(rule, null));
        for (int turn = 0; turn < 5; turn++)
            _worker.RunDueWork(At(1 + turn));
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
        RuleInstance rule = Rule("a");
        Adopt(0, Entry(rule, (ref frame) =>
        {
            rule.Log("a line");
            throw new InvalidOperationException("a fault");
        }));
        Process(5);
        Process(5.05);     // as soon after the last one, a fault is not told again
        Process(5.2);
        Assert.Equal(
            ["5 fault", "5.2 fault", "5 line", "5.05 line", "5.2 line"],
            Notes().Select(note => $"{Seconds(note.Time)} {(note is FaultNote ? "fault" : "line")}"));

        // By the process's time, this is a flood; by the worker's, two lines a second.
        for (int i = 0; i < 1000; i++)
        {
            Process(10 + (i / 2.0));
            Assert.Contains(Notes(), note => note is LogNote);
        }

        Assert.Equal(0, _journal.LinesSkipped("a"));
    }

    [Fact]
    public void WhatRulesDecideAndSendGoesToTheSink()
    {
        RuleInstance rule = Rule("a");
        rule.AtExit(() => rule.Send(Side.Left, Ping(99)));
        Adopt(0, Entry(rule, (ref frame) =>
        {
            byte id = frame.Octets[^1];
            if (id == 3)
                rule.Send(Side.Right, Ping(30));
            return id switch { 1 => Verdict.Drop, 2 => Verdict.Reflect, _ => Verdict.Continue };
        }));
        Process(1, 0, 1, 2, 3);
        Assert.Equal(["Right 0", "Right 3", "Left 2", "Right 30"], _sink.Sent);
        _worker.RunAllExits(At(2));
        Assert.Equal("Left 99", _sink.Sent[^1]);
        Assert.Equal(0, _batch.Count);
    }

    [Fact]
    public void AdoptedChainEndsWhatTheOldOneHadAndBeginsWhatTheNewOneAskedFor()
    {
        RuleInstance old = Rule("old"), next = Rule("next");
        old.AtExit(() => Happened("exit"));
        old.Every(TimeSpan.FromSeconds(1), () => Happened("old timer"));
        next.After(TimeSpan.FromSeconds(1), () => Happened("new timer"));
        Adopt(0, Entry(old, null));
        Assert.False(old.Stopped.IsCancellationRequested);
        Adopt(0.5, Entry(next, null));
        Assert.Equal(["0.5 exit"], _happened);
        Assert.Equal(At(1.5).Monotonic, _worker.NextDue);
        _worker.RunDueWork(At(1.5));
        Assert.Equal(["0.5 exit", "1.5 new timer"], _happened);
        Assert.True(SpinWait.SpinUntil(() => old.Stopped.IsCancellationRequested, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void TapsSeeFramesBeforeAndAfterTheChainAndOnlyThoseThatWantTo()
    {
        var watching = new Tap(wants: true);
        var indifferent = new Tap(wants: false);
        var services = new RuleServices(_journal, clock: null, new Random(1));
        var worker = new Worker(services, _sink, new WorkerOptions(), indifferent, watching);
        worker.Claim();
        var rule = new RuleInstance("a", new RuleCounters(), services);
        worker.Adopt(
            new RuleChain([new RuleEntry("a", (ref frame) =>
            {
                frame.Edit()[^1] = 7;
                rule.Send(Side.Left, Ping(8));
                return Verdict.Accept;
            }, rule)]),
            At(0));
        _batch.Buffers[0].Load(Ping(1), LinkType.Ethernet, Side.Left);
        _batch.Count = 1;
        worker.Process(_batch, Side.Left, At(5));
        Assert.Equal(["begin 5", "arrived 1", "departed 7 Accept a", "sent Left 8 0"], watching.Seen.SkipWhile(seen => seen != "begin 5"));
        Assert.All(indifferent.Seen, seen => Assert.StartsWith("begin", seen, StringComparison.Ordinal));
    }

    [Fact]
    public void TapIsCalledAgainForFramesThatARuleWasConcernedWithOrThatItAwaits()
    {
        var tap = new Tap(wants: true);
        var worker = new Worker(new RuleServices(_journal, clock: null, new Random(1)), _sink, new WorkerOptions(), tap);
        worker.Claim();
        worker.Adopt(
            new RuleChain([new RuleEntry("a", (ref frame) =>
            {
                if (frame.Octets[^1] == 1)
                    frame.Hit();
                return frame.Octets[^1] == 2 ? Verdict.Drop : Verdict.Continue;
            })]),
            At(0));
        Assert.Equal(["departed 1 Continue ", "departed 2 Drop a"], Departed(awaits: false));
        Assert.Equal(["departed 0 Continue ", "departed 1 Continue ", "departed 2 Drop a"], Departed(awaits: true));

        IEnumerable<string> Departed(bool awaits)
        {
            tap.Seen.Clear();
            tap.Awaits = awaits;
            for (byte id = 0; id < 3; id++)
                _batch.Buffers[_batch.Count++].Load(Ping(id), LinkType.Ethernet, Side.Left);
            worker.Process(_batch, Side.Left, At(1));
            return tap.Seen.Where(seen => seen.StartsWith("departed", StringComparison.Ordinal));
        }
    }

    private static Moment At(double seconds) => Moment.At(Moment.Nanoseconds(s_start) + (long)(seconds * Moment.Frequency));

    private static string Seconds(DateTimeOffset time) => (time - s_start).TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static byte[] Ping(byte id)
    {
        byte[] frame = Segment.Echo("192.0.2.1", "192.0.2.2", reply: false, 5);
        frame[^1] = id;
        return frame;
    }

    private RuleInstance Rule(string name) => new(name, new RuleCounters(), _services);

    private static RuleEntry Entry(RuleInstance rule, Rule? apply) =>
        new(rule.Name, apply ?? ((ref frame) => Verdict.Continue), rule, rule.Counters);

    private void Adopt(double at, params RuleEntry[] entries) => _worker.Adopt(new RuleChain(entries), At(at));

    private void Process(double at, params byte[] ids)
    {
        foreach (byte id in ids.Length == 0 ? [0] : ids)
            _batch.Buffers[_batch.Count++].Load(Ping(id), LinkType.Ethernet, Side.Left);
        _worker.Process(_batch, Side.Left, At(at));
    }

    private void ProcessAsReplayed(double at)
    {
        while (_worker.NextDue is { } due && due <= At(at).Monotonic)
            _worker.RunDueWork(Moment.At(due));
        Process(at);
    }

    private void Happened(string what) => _happened.Add($"{Seconds(_services.Clock.GetUtcNow())} {what}");

    private IEnumerable<JournalNote> Notes()
    {
        while (_journal.TryRead(out JournalNote note))
            yield return note;
    }

    private sealed class Sink : IFrameSink
    {
        private readonly PortCounters[] _counters = [new(), new()];

        public List<string> Sent { get; } = [];

        public LinkType LinkType => LinkType.Ethernet;

        public int Mtu => 1500;

        public int MtuOf(Side side) => Mtu;

        public string NameOf(Side side) => side.ToString();

        public PortCounters CountersOf(Side side) => _counters[(int)side];

        public void Transmit(Side side, ReadOnlySpan<FrameBuffer> frames)
        {
            foreach (FrameBuffer frame in frames)
                Sent.Add($"{side} {frame.Octets[^1]}");
        }
    }

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
