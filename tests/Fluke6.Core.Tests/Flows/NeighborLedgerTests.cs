using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Flows;

public sealed class NeighborLedgerTests
{
    private static readonly byte[] Advertisement = Segment.Ipv6("fe80::1", "ff02::1")
        .RouterAdvertisement(new RouterAdvertisementFields { OtherConfiguration = true })
        .SourceLinkLayer(MacAddress.Parse("02:00:00:00:00:01"))
        .Mtu(1480)
        .Prefix(Ipv6Prefix.Parse("2001:db8:1::/64"), valid: 3600, preferred: 1800)
        .ToArray();

    [Fact]
    public void ShowsRoutersAndPrefixesAsAdvertisedAndAsDelivered()
    {
        Ipv6Prefix shown = Ipv6Prefix.Parse("2001:db8:2::/64");
        using var test = new TestBridge(null, ("rewrite", (ref frame) =>
        {
            if (frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement))
            {
                advertisement.RouterLifetime = 60;
                if (advertisement.Options.TryGetPrefixInformation(out PrefixInformation prefix))
                    prefix.PrefixAddress = shown.Address;
            }

            return Verdict.Continue;
        }));
        test.Pass(Side.Right, Advertisement, Advertisement);

        RouterSighting router = Assert.Single(test.Bridge.Neighbors!.Routers);
        Assert.Equal((Ipv6Address.Parse("fe80::1"), MacAddress.Parse("02:00:00:00:00:01"), Side.Right), (router.Router, router.Mac, router.Side));
        Assert.Equal(
            new RouterFields { IsPresent = true, HopLimit = 64, OtherConfiguration = true, RouterLifetime = 1800, Mtu = 1480 }, router.Offered);
        Assert.Equal(router.Offered with { RouterLifetime = 60 }, router.Delivered);

        List<PrefixSighting> prefixes = [.. test.Bridge.Neighbors.Prefixes.OrderBy(prefix => prefix.Prefix.ToString())];
        Assert.Equal(["2001:db8:1::/64", "2001:db8:2::/64"], prefixes.Select(prefix => prefix.Prefix.ToString()));
        Assert.Equal((2, 0), (prefixes[0].Offered, prefixes[0].Delivered));
        Assert.Equal((0, 2), (prefixes[1].Offered, prefixes[1].Delivered));
        Assert.Equal((3600u, 1800u, true, true), (prefixes[0].ValidLifetime, prefixes[0].PreferredLifetime, prefixes[0].OnLink, prefixes[0].Autonomous));
    }

    [Fact]
    public void PrefixThatARuleDelaysIsNotTakenOut()
    {
        using var test = new TestBridge();
        test.Publish("delay", context => (ref frame) =>
        {
            FrameCopy copy = frame.Copy();
            context.After(TimeSpan.Zero, () => context.Send(Side.Left, copy));
            return Verdict.Drop;
        });
        test.Pass(Side.Right, Advertisement);
        Assert.True(SpinWait.SpinUntil(() => test.Bridge.Neighbors!.Prefixes is [{ SentByRule: 1 }], TimeSpan.FromSeconds(20)));
        PrefixSighting prefix = Assert.Single(test.Bridge.Neighbors!.Prefixes);
        Assert.Equal((1, 0, false, false), (prefix.Offered, prefix.Delivered, prefix.IsTakenOut, prefix.IsPutIn));
    }

    [Fact]
    public void PrefixThatARuleGivesBackAtTheEndWasTakenOut()
    {
        using var test = new TestBridge();
        test.Publish("take out", context =>
        {
            context.AtExit(() => context.Send(Side.Left, Advertisement));
            return (ref _) => Verdict.Drop;
        });
        test.Pass(Side.Right, Advertisement);
        Assert.True(test.Bridge.Stop(TimeSpan.FromSeconds(20)));
        PrefixSighting prefix = Assert.Single(test.Bridge.Neighbors!.Prefixes);
        Assert.Equal((1, 0, 1, true), (prefix.Offered, prefix.Delivered, prefix.SentByRule, prefix.IsTakenOut));
    }

    [Fact]
    public void RouterIsARulesWhereNoHostEverWasOne()
    {
        byte[] another = Segment.Ipv6("fe80::2", "ff02::1").RouterAdvertisement().ToArray();
        using var test = new TestBridge();
        // As a rule does at exit that changed advertisements: it says last what the router had said.
        test.Publish("repeats", context => (ref frame) =>
        {
            context.Send(Side.Left, Advertisement);
            context.Send(Side.Left, another);
            return Verdict.Continue;
        });
        test.Pass(Side.Right, Advertisement);

        var routers = test.Bridge.Neighbors!.Routers.ToDictionary(router => router.Router.ToString());
        Assert.Equal((false, Side.Right), (routers["fe80::1"].ByRule, routers["fe80::1"].Side));
        Assert.Equal((true, Side.Right), (routers["fe80::2"].ByRule, routers["fe80::2"].Side));
    }

    [Fact]
    public void TellsWhoAnswersForAnAddress()
    {
        byte[] byHost = Answer("2001:db8::7", 7), byRule = Answer("2001:db8::8", 8);
        using var test = new TestBridge();
        test.Publish("answer", context => (ref frame) =>
        {
            if (frame.TryGetNeighborSolicitation(out NeighborSolicitation solicitation) && solicitation.Target == Ipv6Address.Parse("2001:db8::8"))
                context.Send(frame.From, byRule);
            return Verdict.Continue;
        });
        test.Pass(Side.Left, Question("2001:db8::1", "2001:db8::7"), Question("::", "2001:db8::8"));
        test.Pass(Side.Right, byHost);

        var neighbors = test.Bridge.Neighbors!.Neighbors.ToDictionary(neighbor => neighbor.Address.ToString());
        Assert.Equal(MacAddress.Parse("02:00:00:00:00:01"), neighbors["2001:db8::1"].Mac);
        NeighborSighting host = neighbors["2001:db8::7"], rule = neighbors["2001:db8::8"];
        Assert.Equal((1, 0, 1, 1, 0), (host.Solicitations, host.DuplicateProbes, host.AnswersByHost, host.AnswersDelivered, host.AnswersByRule));
        Assert.Equal(MacAddress.Parse("02:00:00:00:00:07"), host.Mac);
        Assert.Equal((1, 1, 0, 0, 1), (rule.Solicitations, rule.DuplicateProbes, rule.AnswersByHost, rule.AnswersDelivered, rule.AnswersByRule));
        Assert.Equal((default, MacAddress.Parse("02:00:00:00:00:08")), (rule.Mac, rule.MacByRule));
    }

    [Fact]
    public void FloodOfAddressesIsBounded()
    {
        using var test = new TestBridge();
        for (int i = 0; i < 20; i++)
            test.Pass(Side.Left, [.. Enumerable.Range(1, 500).Select(j => Question("2001:db8::1", $"2001:db8:{i}::{j:x}"))]);
        Assert.InRange(test.Bridge.Neighbors!.Neighbors.Count, 500, 1024);
    }

    private static byte[] Question(string source, string target) => Segment.Ipv6(source, "ff02::1:ff00:7")
        .NeighborSolicitation(new NeighborSolicitationFields(
            Ipv6Address.Parse(target), source == "::" ? null : MacAddress.Parse("02:00:00:00:00:01")))
        .ToArray();

    private static byte[] Answer(string target, byte mac) => Segment.Ipv6(target, "2001:db8::1")
        .NeighborAdvertisement(Ipv6Address.Parse(target), solicited: true)
        .TargetLinkLayer(MacAddress.FromUInt64(0x0200_0000_0000UL | mac))
        .ToArray();
}
