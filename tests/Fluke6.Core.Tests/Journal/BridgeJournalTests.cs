using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Ports;

namespace Fluke6.Core.Tests.Journal;

public sealed class BridgeJournalTests
{
    private readonly BridgeJournal _journal = new(logLimit: 10);

    [Fact]
    public void RuleMayLogFiveSecondsLinesAtOnceAndTheRestIsCounted()
    {
        for (int i = 0; i < 1000; i++)
            _journal.Log("flood", $"{i}", Moment.Of(TimeProvider.System));
        Assert.InRange(Read<LogNote>().Count, 50, 60);
        Assert.InRange(_journal.LinesSkipped("flood"), 940, 950);
        Assert.Equal(_journal.LinesSkipped("flood"), _journal.Dropped);
    }

    [Fact]
    public void WhatIsMissingIsSaidOnceASecond()
    {
        for (int i = 0; i < 1000; i++)
            _journal.Log("flood", $"{i}", Moment.Of(TimeProvider.System));
        SkippedNote skipped = Assert.Single(Read<SkippedNote>());
        Assert.Equal(("flood", _journal.LinesSkipped("flood"), 10), (skipped.Rule, skipped.Lines, skipped.LinesPerSecond));
        _journal.Log("flood", "another", Moment.Of(TimeProvider.System));
        Assert.Empty(Read<SkippedNote>());
    }

    [Fact]
    public void FloodsLeaveRoomForOthersLines()
    {
        var journal = new BridgeJournal(logLimit: 1_000_000);
        foreach (string flood in (string[])["a", "b", "c", "d"])
        {
            for (int i = 0; i < 5000; i++)
                journal.Log(flood, "line", Moment.Of(TimeProvider.System));
        }

        journal.Log("quiet", "the one", Moment.Of(TimeProvider.System));
        Assert.Equal(0, journal.LinesSkipped("quiet"));
        List<LogNote> read = [];
        while (journal.TryRead(out JournalNote note))
        {
            if (note is LogNote log)
                read.Add(log);
        }

        Assert.Equal("the one", read[^1].Message);
        Assert.Equal([512, 256, 128, 64, 1], read.GroupBy(log => log.Rule).Select(rule => rule.Count()));
    }

    [Fact]
    public void FloodOfAnotherThreadIsLimitedTooAndHidesNoFault()
    {
        for (int i = 0; i < 100_000; i++)
            _journal.Add(new LogNote("flood", "line"));
        _journal.Add(new FaultNote(new RuleFault("other", "threw", null, Bypassed: false)));
        Assert.InRange(_journal.LinesSkipped("flood"), 99_900, 99_950);
        Assert.True(_journal.TryRead(out JournalNote first));
        Assert.IsType<FaultNote>(first);
    }

    [Fact]
    public void FaultsOfOneRuleHideNoneOfAnother()
    {
        var faults = new RuleFaults(FaultPolicy.Pass, 1_000_000, _journal);
        RuleEntry loud = new("loud", null), quiet = new("quiet", null);
        faults.Count(quiet, new InvalidOperationException("first"), "first");
        faults.Now = new Moment(0, Moment.Frequency);
        for (int i = 0; i < 1000; i++)
            faults.Count(loud, new InvalidOperationException("again"), "again");
        faults.Count(quiet, new InvalidOperationException("second"), "second");
        Assert.Equal(2, Read<FaultNote>().Count(note => note.Fault.Rule == "quiet"));
    }

    [Fact]
    public void LossIsToldOnceForEachReason()
    {
        var port = new LossyPort();
        var journal = new BridgeJournal(100);
        journal.AddSource(new LossWatch(port, Side.Right));
        Assert.False(journal.TryRead(out _));
        port.Counters.CountRxDropped(ReceiveLoss.QueueFull, 3);
        port.Counters.CountRxDropped(ReceiveLoss.Unread, 2);
        port.Counters.CountTxDropped(105);
        Assert.True(journal.TryRead(out JournalNote note));
        var loss = Assert.IsType<LossNote>(note);
        Assert.Equal((Side.Right, "lossy", "rx", "queueFull", 3L), (loss.Side, loss.Name, loss.Direction, loss.Reason, loss.Frames));
        Assert.Equal("frames from lossy are lost: QueueFull, so type this", $"{loss}");
        Assert.True(journal.TryRead(out note));
        Assert.Equal("frames to lossy are lost: error 105", $"{note}");
        port.Counters.CountRxDropped(ReceiveLoss.QueueFull);
        port.Counters.CountTxDropped(105);
        Assert.False(journal.TryRead(out _));
        Assert.Equal((6, 2), (port.Counters.RxDropped, port.Counters.TxDropped));
        port.Counters.CountRxDropped(ReceiveLoss.Truncated);
        Assert.True(journal.TryRead(out _));
    }

    private List<T> Read<T>()
        where T : JournalNote
    {
        List<T> notes = [];
        while (_journal.TryRead(out JournalNote note))
        {
            if (note is T wanted)
                notes.Add(wanted);
        }

        return notes;
    }

    private sealed class LossyPort : IPort
    {
        public string Name => "lossy";

        public string Specification => Name;

        public LinkType LinkType => LinkType.Ethernet;

        public int Mtu => 1500;

        public bool Offload => false;

        public int BatchSize => 1;

        public PortState State => PortState.Up;

        public PortCounters Counters { get; } = new();

        public string Explain(ReceiveLoss reason) => reason == ReceiveLoss.Unread ? "" : $"{reason}, so type this";

        public bool Receive(FrameBatch batch, Side from, int mtu) => false;

        public void Transmit(ReadOnlySpan<FrameBuffer> frames)
        {
        }

        public bool Maintain() => false;

        public void Dispose()
        {
        }
    }
}
