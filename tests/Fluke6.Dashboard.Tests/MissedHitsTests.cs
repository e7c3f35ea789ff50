using System.Reflection;
using Fluke6.Bridging;
using Fluke6.Dashboard.Details;
using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Snapshots;
using Fluke6.Watching;
using Fluke6.Wire;

namespace Fluke6.Dashboard.Tests;

/// <summary>What a rule without hits is told to lack.</summary>
public sealed class MissedHitsTests
{
    private const string Ping4 = "ping4", Ping6 = "ping6", Dns = "dns", Mdns = "mdns", Teredo = "teredo", Vxlan = "vxlan", Gre = "gre", Tagged = "tagged", Mpls = "mpls", Arp = "arp";

    private static readonly RuleTotals s_oneSeen = new() { Seen = 1 };

    [Fact]
    public void EveryViewOfAFrameIsKnown()
    {
        IEnumerable<string> views = typeof(Frame).GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(method => method.Name.StartsWith("TryGet", StringComparison.Ordinal)).Select(method => method.Name["TryGet".Length..]).Distinct();
        Assert.Equal(views.Order(), SeenLayers.Names.Order());
    }

    [Theory]
    [InlineData("frame.TryGetTcp(out var tcp)", Ping4, "Tcp, which no frame had.")]
    [InlineData("frame.TryGetIcmpv4(out _)", Ping4, "Icmpv4, which some frames had: none was as its condition wants.")]
    [InlineData("frame.TryGetEthernet(out _)", Ping4, "Ethernet, which some frames had: none was as its condition wants.")]
    [InlineData("frame.TryGetDns(out var query)", Ping6, "Dns (UDP port 53), which no frame had.")]
    [InlineData("frame.TryGetDns(out var query)", Dns, "Dns (UDP port 53), which some frames had: none was as its condition wants.")]
    [InlineData("frame.TryGetDns(5353, out var query)", Dns, "Dns (UDP port 5353), which no frame had.")]
    [InlineData("frame.TryGetDns(5353, out var query)", Mdns, "Dns (UDP port 5353), which some frames had: none was as its condition wants.")]
    [InlineData("frame.TryGetDns(port, out var query)", Dns, "Dns (not counted).")]
    [InlineData("frame.TryGetTeredo(out _)", Dns, "Teredo (UDP port 3544), which no frame had.")]
    [InlineData("frame.TryGetTeredo(out _)", Teredo, "Teredo (UDP port 3544), which some frames had: none was as its condition wants.")]
    [InlineData("frame.TryGetVxlan(out _)", Vxlan, "Vxlan (UDP port 4789 or 8472), which some frames had: none was as its condition wants.")]
    [InlineData("frame.TryGetGre(out _)", Gre, "Gre, which some frames had: none was as its condition wants.")]
    [InlineData("frame.TryGetInner(out _)", Gre, "Inner (in a tunnel), which some frames had: none was as its condition wants.")]
    [InlineData("frame.TryGetInner(out _)", Mpls, "Inner (in a tunnel), which some frames had: none was as its condition wants.")]
    [InlineData("frame.TryGetMplsLabel(out _)", Mpls, "MplsLabel, which some frames had: none was as its condition wants.")]
    [InlineData("frame.TryGetPppoe(out _)", Mpls, "Pppoe, which no frame had.")]
    [InlineData("frame.TryGetInner(out _)", Arp, "Inner, which no frame had.")]
    [InlineData("frame.TryGetVxlan(out _)", Ping4, "Vxlan, which no frame had.")]
    [InlineData("frame.TryGetGeneve(out _)", Vxlan, "Geneve (UDP port 6081), which no frame had.")]
    [InlineData("frame.TryGetPorts(out _)", Dns, "Ports, which some frames had: none was as its condition wants.")]
    [InlineData("frame.TryGetPorts(out _)", Ping4, "Ports, which no frame had.")]
    [InlineData("frame.TryGetVlanTag(out var tag, 1)", Tagged, "VlanTag (of VLAN 1 or above), which some frames had: none was as its condition wants.")]
    [InlineData("frame.TryGetHopByHopOptions(out _)", Ping4, "HopByHopOptions, which no frame had.")]
    [InlineData("frame.TryGetHopByHopOptions(out _)", Ping6, "HopByHopOptions (not counted).")]
    [InlineData("frame.TryGetRedirect(out _)", Ping4, "Redirect, which no frame had.")]
    [InlineData("frame.TryGetRedirect(out _)", Ping6, "Redirect (not counted).")]
    [InlineData("frame.TryGetNeighborSolicitation(out _)", Ping6, "NeighborSolicitation, which no frame had.")]
    [InlineData("frame.TryGetWhatever(out _)", Ping6, "Whatever (not counted).")]
    public void LayerIsFoundAmongWhatPassed(string asks, string passed, string expected) =>
        Assert.Equal(["No hits in 1 frames.", $"It asks for {expected}"], Explain($"Verdict Apply(ref Frame frame) => {asks} ? Verdict.Drop : Verdict.Continue;", passed));

    [Fact]
    public void WhatNoFrameHadStandsFirst() => Assert.Equal(
        [
            "No hits in 1 frames.",
            "It asks for Dns (UDP port 53), which no frame had.",
            "It asks for Ipv6, which some frames had: none was as its condition wants.",
        ],
        Explain("if (!frame.TryGetIpv6(out var ipv6) || ipv6.Destination != server || !frame.TryGetDns(out var query)) return;", Ping6));

    [Fact]
    public void WhatViewsAndInnerFramesAreAskedForIsNotWhatTheFrameLacks()
    {
        const string Source = """
            // Once it was frame.TryGetTcp(out var tcp).
            Verdict Apply(ref Frame packet)
            {
                if (packet.TryGetTeredo(out _) && packet.TryGetInner(out var inner) && inner.TryGetTcp(out var tcp))
                    tcp.Options.TryGet(TcpOptionKind.SackPermitted, out _);
                return Verdict.Continue;
            }
            """;
        Assert.Equal(
            [
                "No hits in 1 frames.",
                "It asks for Teredo (UDP port 3544), which no frame had.",
                "It asks for Inner (not counted).",
            ],
            Explain(Source, Ping6));
    }

    [Fact]
    public void WithoutFlowsNothingIsToldByThem()
    {
        using var test = new TestBridge(new BridgeOptions { Flows = 0 });
        Assert.Equal(
            ["No hits in 1 frames.", "It asks for Tcp, Dns; which frames had that is not counted (--flows 0)."],
            Missed(test, "frame.TryGetTcp(out _) frame.TryGetDns(out _) frame.TryGetDns(5353, out _)").Explain(s_oneSeen, RuleRecord.Live));
    }

    [Fact]
    public void GuardThatNeverHeldIsNamedAndNothingIsGuessed()
    {
        using var test = new TestBridge();
        test.Pass(Side.Left, Segment.Echo("2001:db8::1", "2001:db8::2", reply: false, 7));
        var missed = Missed(test, "frame.TryGetTcp(out _)", Guard.TcpSyn | Guard.Udp(53));
        Assert.Equal(
            ["No hits: its guard, TcpSyn | Udp(53), held for none of 1,204 frames."],
            missed.Explain(new() { Seen = 1204 }, RuleRecord.Live));
        Assert.Equal(
            ["No hits in the 3 of 1,204 frames that its guard, TcpSyn | Udp(53), held for.", "It asks for Tcp, which no frame had."],
            missed.Explain(new() { Seen = 1204, GuardMatched = 3 }, RuleRecord.Live));
    }

    private static IEnumerable<string> Explain(string source, string passed)
    {
        using var test = new TestBridge();
        test.Pass(Side.Left, passed switch
        {
            Ping4 => Segment.Echo("10.0.0.1", "10.0.0.2", reply: false, 7),
            Ping6 => Segment.Echo("2001:db8::1", "2001:db8::2", reply: false, 7),
            Dns => Segment.Udp("10.0.0.1", 40000, "10.0.0.2", 53),
            Mdns => Segment.Udp("10.0.0.1", 5353, "224.0.0.251", 5353),
            Teredo => Segment.Udp("10.0.0.2", 3544, "10.0.0.1", 40000),
            Vxlan => Segment.Udp("10.0.0.1", 40000, "10.0.0.2", 4789),
            Mpls => [.. new byte[12], 0x88, 0x47, 0, 1, 1, 64, 0x45, .. new byte[19]],
            Arp => Packet.Ethernet(MacAddress.Broadcast).Arp(ArpFields.Reply(Ipv4Address.Parse("10.0.0.1"), MacAddress.Broadcast)).ToArray(),
            Tagged => Segment.Udp("10.0.0.1", 40000, "10.0.0.2", 9, vlan: 7),
            _ => Segment.Ipv4("10.0.0.1", "10.0.0.2").Gre(new GreFields(EtherType.Ipv4)).Payload(new byte[4]).ToArray(),
        });
        return [.. Missed(test, source).Explain(s_oneSeen, RuleRecord.Live)];
    }

    private static MissedHits Missed(TestBridge test, string source, Guard? guard = null)
    {
        BridgeSnapshot snapshot = new BridgePublisher(test.Bridge).Take(new SnapshotRequest { Layers = MissedHits.LayersIn(source) });
        return new MissedHits(snapshot, keepsFlows: test.Bridge.Flows is not null, source, guard?.ToString());
    }
}
