using Fluke6.Engine;
using Fluke6.Journal;

namespace Fluke6.Core.Tests.Journal;

public sealed class LogRingTests
{
    private static readonly Moment s_now = Moment.Of(TimeProvider.System);

    [Fact]
    public void LinesComeOutAsTheyWentInAlsoPastTheEndOfTheRing()
    {
        var ring = new LogRing();
        for (int i = 0; i < 3000; i++)
        {
            ring.Write("rule", $"line {i}", s_now);
            Assert.True(ring.TryRead(out LogNote? note));
            Assert.Equal(("rule", $"line {i}"), (note.Rule, note.Message));
        }

        Assert.False(ring.TryRead(out _));
        Assert.Equal(0, ring.Dropped);
    }

    [Fact]
    public void WhatFindsTheRingFullIsCountedAndTheOldestLinesStay()
    {
        var ring = new LogRing();
        for (int i = 0; i < 1030; i++)
            ring.Write("rule", $"{i}", s_now);
        Assert.Equal(6, ring.Dropped);
        int read = 0;
        while (ring.TryRead(out LogNote? note))
            Assert.Equal($"{read++}", note.Message);
        Assert.Equal(1024, read);
    }

    [Fact]
    public void LongLinesAreCut()
    {
        var ring = new LogRing();
        ring.Write("rule", new string('x', LogRing.MaxLineLength + 1), s_now);
        Assert.True(ring.TryRead(out LogNote? note));
        Assert.Equal(LogRing.MaxLineLength, note.Message.Length);
    }

    [Fact]
    public void InterpolatedLineThatIsFullShowsNothingOfTheLineBefore()
    {
        var journal = new BridgeJournal();
        var context = new RuleInstance("rule", new RuleCounters(), new RuleServices(journal, TimeProvider.System, new Random(1)));
        context.Log($"{new string('a', LogRing.MaxLineLength)}");
        context.Log($"{new string('b', LogRing.MaxLineLength - 2)}{12345}c");
        Assert.True(journal.TryRead(out _));
        Assert.True(journal.TryRead(out JournalNote note));
        Assert.Equal(new string('b', LogRing.MaxLineLength - 2), ((LogNote)note).Message);
    }

    [Fact]
    public void InterpolatedValuesReadAsInAString()
    {
        var journal = new BridgeJournal();
        var context = new RuleInstance("rule", new RuleCounters(), new RuleServices(journal, TimeProvider.System, new Random(1)));
        context.Log($"{1,4}|{1,-4:x2}|{"ab",4}|{Verdict.Drop}|{true}|{(string?)null}|{'c'}");
        Assert.True(journal.TryRead(out JournalNote note));
        Assert.Equal("   1|01  |  ab|Drop|True||c", ((LogNote)note).Message);
    }
}
