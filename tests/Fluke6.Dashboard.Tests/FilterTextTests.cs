using Fluke6.Flows;
using Fluke6.Rules;
using Fluke6.Snapshots;
using Fluke6.Watching;

namespace Fluke6.Dashboard.Tests;

/// <summary>Which words a filter takes.</summary>
public sealed class FilterTextTests
{
    [Theory]
    [InlineData("10.0.0.0/33", "'33' in '10.0.0.0/33' is no prefix length; it goes from 0 to 32")]
    [InlineData("2001:db8::/129", "'129' in '2001:db8::/129' is no prefix length; it goes from 0 to 128")]
    [InlineData("tcp 10.0.0/8", "'10.0.0' in '10.0.0/8' is no address; a prefix is such as 192.0.2.0/24 or 2001:db8::/32")]
    [InlineData("65536", "no port is 65536; the last is 65535")]
    [InlineData("tpc", "'tpc' is no address, prefix, port, protocol, TCP state, nor rule")]
    public void WordThatMeansNothingIsSaid(string text, string message)
    {
        Assert.Equal(message, Assert.Throws<FormatException>(() => new FlowFilterText(text, new RuleNames())).Message);
    }

    [Theory]
    [InlineData("10.0.0.0/8 tcp established :80")]
    [InlineData("2001:db8::/32 icmpv6")]
    [InlineData("2001:db8::1")]
    [InlineData("02:00 arp")]
    [InlineData("0x88cc")]
    [InlineData("0.0.0.0/0 ::/0")]
    public void WordsThatAFlowCouldSayAreTaken(string text)
    {
        Assert.Equal(text, new FlowFilterText(text, new RuleNames()).Text);
    }

    [Theory]
    [InlineData("10.9.0.2", "10.9.0.2:80")]
    [InlineData("10.9.0.2:80", "10.9.0.2:80")]
    [InlineData("10.9.0.2:8", "")]
    [InlineData("10.9.0.20", "10.9.0.20:8080")]
    [InlineData("0.9.0.2", "")]
    [InlineData("10.9.0", "10.9.0.20:8080 10.9.0.2:80")]
    [InlineData("2001:db8::2", "[2001:db8::2]:80")]
    [InlineData("[2001:db8::2]:80", "[2001:db8::2]:80")]
    [InlineData("[2001:db8::2]:8", "")]
    [InlineData("2001:db8::", "")]
    public void WholeAddressIsThatOneAlone(string text, string destinations)
    {
        using var test = new TestBridge();
        test.Pass(
            Side.Left, Segment.Udp("192.0.2.1", 40000, "10.9.0.2", 80), Segment.Udp("192.0.2.1", 40000, "10.9.0.20", 8080),
            Segment.Udp("2001:db8::1", 40000, "2001:db8::2", 80), Segment.Udp("2001:db8::1", 40000, "2001:db8::20", 8080));
        var flows = new FlowSnapshot[8];
        int count = test.Flows.Read(flows, FlowOrder.Recent, RecordOfFlow.Filter(new FlowFilterText(text, test.Bridge.RuleNames), test.Bridge.RuleNames));
        Assert.Equal(destinations, string.Join(' ', flows.Take(count).Select(flow => $"{flow.Destination}").Order(StringComparer.Ordinal)));
        // A view that stands still filters what it has.
        BridgeSnapshot frozen = new BridgePublisher(test.Bridge).Take(new SnapshotRequest { Flows = 8 });
        var filter = new FlowFilterText(text, test.Bridge.RuleNames);
        Assert.Equal(destinations, string.Join(' ', frozen.FlowTable!.Where(filter.Matches).Select(flow => $"{flow.Destination}").Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void RuleWithoutANumberOfItsOwnIsNotCalledNone()
    {
        using var test = new TestBridge(null, [.. Enumerable.Range(1, 70).Select(number => ($"rule{number}", (Rule)((ref frame) => Verdict.Continue)))]);
        Assert.Equal("rule63", new FlowFilterText("rule63", test.Bridge.RuleNames).Text);
        Assert.Equal(
            "'rule64' is no address, prefix, port, protocol, TCP state, nor one of the first 63 rules; flows that the others hit say 'other rules'",
            Assert.Throws<FormatException>(() => new FlowFilterText("rule64", test.Bridge.RuleNames)).Message);
    }
}
