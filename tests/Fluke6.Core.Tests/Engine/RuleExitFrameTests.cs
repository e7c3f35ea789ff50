using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Core.Tests.Engine;

/// <summary>What a rule sends when its work ends runs through the rules behind it that go on, and through no other.</summary>
public sealed class RuleExitFrameTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly TestBridge _host = TestBridge.Unstarted(new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(200) });

    public void Dispose() => _host.Dispose();

    [Fact]
    public void RulesBehindSeeItAsTheySeeFrames()
    {
        RuleEntry before = Marks("10-before"), ends = Ends("20-ends"), off = Marks("30-off"), behind = Marks("40-behind");
        Start(before, ends, off, behind);
        off.Disabled = true;
        ends.Disabled = true;
        Drain();
        Assert.Equal("40-behind sees Left", Assert.Single(Sent(_host.Right)));
        Assert.Equal((0, 1, 0), (before.Counters.Seen, ends.Counters.Sent, off.Counters.Seen));
        Assert.Equal((1, 1, 1), (behind.Counters.Seen, behind.Counters.Hits, behind.Counters.Rewritten));
    }

    [Fact]
    public void WhereAllEndNoneSeesIt()
    {
        Start(Ends("10-ends"), Marks("20-behind"), Ends("30-ends"));
        Assert.True(_host.Bridge.Stop(s_patience));
        Assert.Equal(["10-ends", "30-ends"], Sent(_host.Right).Order());
    }

    [Fact]
    public void RulesThatLeaveWithItDoNotSeeIt()
    {
        RuleEntry stays = Marks("40-stays");
        Start(Ends("10-ends"), Ends("20-ends"), Marks("30-leaves"), stays);
        Publish(stays);
        Assert.Equal(["40-stays sees Left", "40-stays sees Left"], Sent(_host.Right));
        Assert.Equal(2, stays.Counters.Seen);
    }

    [Fact]
    public void VerdictsHold()
    {
        Verdict verdict = Verdict.Drop;
        RuleEntry ends = Ends("10-ends");
        Start(ends, new RuleEntry("20-decides", (ref frame) => verdict), new RuleEntry("30-drops", (ref frame) => Verdict.Drop));
        End();
        Assert.Empty(Sent(_host.Right));

        verdict = Verdict.Accept;
        End();
        Assert.Equal(["10-ends"], Sent(_host.Right));
        Assert.Empty(Sent(_host.Left));

        verdict = Verdict.Reflect;
        End();
        Assert.Equal(["10-ends"], Sent(_host.Left));
        Assert.Single(Sent(_host.Right));

        void End()
        {
            ends.Disabled = true;
            Drain();
            ends.Disabled = false;
        }
    }

    [Fact]
    public void WhatARuleBehindSendsGoesOutByItself()
    {
        RuleEntry ends = Ends("10-ends"), behind = Marks("30-behind");
        var context = new RuleInstance("20-answers", new RuleCounters(), _host.Bridge.Services);
        Start(ends, new RuleEntry("20-answers", (ref frame) =>
        {
            context.Send(Side.Left, Octets("answer"));
            return Verdict.Continue;
        }, context), behind);
        ends.Disabled = true;
        Drain();
        Assert.Equal(["answer"], Sent(_host.Left));
        Assert.Equal(["30-behind sees Left"], Sent(_host.Right));
        Assert.Equal(1, behind.Counters.Seen);
    }

    [Fact]
    public void FaultOfARuleBehindIsItsOwn()
    {
        RuleEntry ends = Ends("10-ends"), behind = new("20-throws", (ref frame) =>
        {
            frame.Edit()[0] = 0;
            throw new InvalidOperationException();
        });
        Start(ends, behind);
        ends.Disabled = true;
        Drain();
        Assert.Equal(["10-ends"], Sent(_host.Right));
        Assert.Equal((0, 1), (ends.Counters.Faults, behind.Counters.Faults));
    }

    [Fact]
    public void RuleBehindThatHangsIsTakenOut()
    {
        RuleEntry ends = Ends("10-ends"), behind = new("20-hangs", (ref frame) =>
        {
            while (true)
            {
            }
        });
        Start(ends, behind);
        ends.Disabled = true;
        Drain();
        Assert.Equal((RuleState.Disabled, RuleState.Bypassed), (ends.State, behind.State));
        Assert.Equal((0, 1), (ends.Counters.Faults, behind.Counters.Faults));

        // On again, what it sends is sent as ever.
        ends.Disabled = false;
        Assert.True(_host.Bridge.Stop(s_patience));
        Assert.Equal(["10-ends"], Sent(_host.Right));
    }

    private static byte[] Octets(string text) => System.Text.Encoding.ASCII.GetBytes(text.PadRight(60));

    private static List<string> Sent(MemoryPort port) =>
        [.. port.SentFrames.Select(octets => System.Text.Encoding.ASCII.GetString(octets).TrimEnd())];

    /// <summary>A rule that says its name at exit.</summary>
    private RuleEntry Ends(string name)
    {
        var counters = new RuleCounters();
        var context = new RuleInstance(name, counters, _host.Bridge.Services);
        context.AtExit(() => context.Send(Side.Right, Octets(name)));
        return new RuleEntry(name, (ref frame) => Verdict.Continue, context, counters);
    }

    /// <summary>A rule that writes its name over what it sees.</summary>
    private static RuleEntry Marks(string name) => new(name, (ref frame) =>
    {
        Octets($"{name} sees {frame.From}").CopyTo(frame.Edit());
        return Verdict.Continue;
    });

    private void Start(params RuleEntry[] rules)
    {
        _host.Bridge.Publish(new RuleChain(rules));
        _host.Bridge.Start();
    }

    private void Publish(params RuleEntry[] rules) => Assert.True(_host.Bridge.Publish(new RuleChain(rules)).Wait(s_patience));

    private void Drain() => Publish([.. _host.Bridge.Chain.Entries]);
}
