using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Flows;

/// <summary>A rule that takes neighbour discovery its hop limit of 255 is told so, once. RFC 4861 §6.1, §7.1.</summary>
public sealed class HopLimitCheckTests
{
    private static readonly Rule s_everyHopLimit = (ref frame) =>
    {
        if (frame.TryGetIpv6(out var ipv6))
            ipv6.HopLimit = 64;
        return Verdict.Continue;
    };

    private static readonly Rule s_everySource = (ref frame) =>
    {
        if (frame.TryGetEthernet(out var ethernet))
            ethernet.Source = Fluke6.Wire.MacAddress.Parse("02:00:00:00:00:09");
        return Verdict.Continue;
    };

    private static readonly Rule s_keep = (ref frame) => Verdict.Continue;

    [Fact]
    public void RuleThatSetsEveryHopLimitIsToldOnce()
    {
        using var test = new TestBridge(null, ("keep", s_keep), ("hops", s_everyHopLimit), ("keep2", s_keep));
        test.Pass(Side.Left, Solicitation(255), Solicitation(255));
        test.Pass(Side.Right, Solicitation(255));
        LogNote note = Assert.Single(test.TakeNotes<LogNote>());
        Assert.Equal("hops", note.Rule);
        Assert.StartsWith("warning: this rule set the hop limit of a neighbour discovery message to 64; ", note.Message);
        Assert.Contains("RFC 4861 §6.1, §7.1", note.Message);
    }

    [Fact]
    public void EachRuleIsToldForItself()
    {
        using var test = new TestBridge(null, ("one", s_everyHopLimit));
        test.Pass(Side.Left, Solicitation(255));
        test.Publish(("one", s_keep), ("two", s_everyHopLimit));
        test.Pass(Side.Left, Solicitation(255));
        Assert.Equal(["one", "two"], test.TakeNotes<LogNote>().Select(note => note.Rule));
    }

    [Fact]
    public void RuleThatChangedTheSameMessageIsNotBlamed()
    {
        using var test = new TestBridge(null, ("mac", s_everySource), ("hops", s_everyHopLimit));
        test.Pass(Side.Left, Solicitation(255), Solicitation(255));
        Assert.Empty(test.TakeNotes<LogNote>());
        test.Publish(("mac", s_keep), ("hops", s_everyHopLimit));
        test.Pass(Side.Left, Solicitation(255));
        Assert.Equal("hops", Assert.Single(test.TakeNotes<LogNote>()).Rule);

        // It is known by now, whoever else changes messages.
        test.Publish(("mac", s_everySource), ("hops", s_everyHopLimit));
        test.Pass(Side.Left, [.. Enumerable.Repeat(Solicitation(255), 40)]);
        Assert.Empty(test.TakeNotes<LogNote>());
    }

    [Fact]
    public void RulesThatAlwaysChangeTheSameMessagesAreToldTogether()
    {
        using var test = new TestBridge(null, ("mac", s_everySource), ("hops", s_everyHopLimit));
        test.Pass(Side.Left, [.. Enumerable.Repeat(Solicitation(255), 40)]);
        IReadOnlyList<LogNote> notes = test.TakeNotes<LogNote>();
        Assert.Equal(["mac", "hops"], notes.Select(note => note.Rule));
        Assert.All(notes, note => Assert.Contains("one of the rules mac, hops set the hop limit", note.Message));
    }

    [Fact]
    public void WhatBreaksNothingIsNotToldOf()
    {
        // An echo request; a message that a router forwarded already; one that goes nowhere; one whose hop limit stays.
        using var test = new TestBridge(null, ("hops", s_everyHopLimit));
        test.Pass(Side.Left, Segment.Echo("2001:db8::1", "2001:db8::2", reply: false, 1), Solicitation(200));
        test.Publish(("hops", s_everyHopLimit), ("drop", (ref frame) => Verdict.Drop));
        test.Pass(Side.Left, Solicitation(255));
        test.Publish(("other", s_everySource));
        test.Pass(Side.Left, Solicitation(255));
        Assert.Empty(test.TakeNotes<LogNote>());
    }

    private static byte[] Solicitation(byte hopLimit) =>
        Packet.Ethernet(MacAddress.Parse("02:00:00:00:00:01"))
            .Ipv6(Ipv6Address.Parse("fe80::1"), Ipv6Address.Parse("ff02::1:ff00:2"), hopLimit)
            .NeighborSolicitation(Ipv6Address.Parse("fe80::2"))
            .ToArray();
}
