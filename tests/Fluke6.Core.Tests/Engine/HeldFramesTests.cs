using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Core.Tests.Engine;

/// <summary>The memory of frames that are held has a bound, and gives each one back once.</summary>
public sealed class HeldFramesTests
{
    private readonly WorkerHost _host = new();

    [Fact]
    public void WhatThereIsNoRoomForIsDroppedCountedAndToldOnce()
    {
        var full = new HeldFrames(_host.Services) { MaxFrames = 3 };
        var counters = new RuleCounters();
        full.Follow(new RuleChain([WorkerHost.Entry("10-x", (ref _) => Verdict.Continue, counters)]));
        HoldSource source = full.SourceOf("10-x", counters);
        var frame = new FrameBuffer(new FrameUndo());
        frame.Load(WorkerHost.Ping(1), LinkType.Ethernet, Side.Left);
        for (int i = 0; i < 5; i++)
            Assert.Equal(i < 3, full.TryAdd(frame, source, 7) >= 0);
        Assert.Equal((3, 3, 2, 2), (counters.Held, counters.Holding, counters.HoldRefused, counters.Dropped));
        LogNote note = Assert.Single(_host.Notes<LogNote>());
        Assert.StartsWith("frames are dropped that it wants to hold: 3 are held", note.Message);

        while (full.TryTakeDue(7, frame, out _))
        {
        }

        Assert.Equal((0, 0), (full.Count, counters.Holding));
        var few = new HeldFrames(_host.Services) { MaxOctets = 2048 };
        source = few.SourceOf("10-x", counters);
        frame.Load(new byte[1400], LinkType.Ethernet, Side.Left);
        Assert.True(few.TryAdd(frame, source, 7) >= 0);
        Assert.True(few.TryAdd(frame, source, 7) < 0);
    }

    [Fact]
    public void GivenAnotherTimeAFrameGoesOnOnceThen()
    {
        var counters = new RuleCounters();
        HeldFrames held = _host.Services.Held;
        var frame = new FrameBuffer(new FrameUndo());
        frame.Load(WorkerHost.Ping(1), LinkType.Ethernet, Side.Left);
        int slot = held.TryAdd(frame, held.SourceOf("10-x", counters), due: 100);
        held.Schedule(slot, 5);
        Assert.Equal(5, held.NextDue);
        Assert.True(held.TryTakeDue(5, frame, out _));
        Assert.Null(held.NextDue);
        Assert.False(held.TryTakeDue(1000, frame, out _));
        Assert.Equal((0, 0), (held.Count, counters.Holding));
    }
}
