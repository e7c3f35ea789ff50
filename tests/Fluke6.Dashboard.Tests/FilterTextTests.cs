using Fluke6.Dashboard.Model;
using Fluke6.Rules;

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
}
