namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Two kernels stop using SACK because of a rule, and use it without.</summary>
public sealed class SackTests
{
    [Theory]
    [InlineData(false, "tcp-strip-sack-permitted")]
    [InlineData(true, "tcp-strip-sack-permitted")]
    [InlineData(false, "tcp-remove-sack-permitted")]
    [InlineData(true, "tcp-remove-sack-permitted")]
    public void WithTheRuleNeitherHostUsesSack(bool packetPorts, string rule)
    {
        TwoHosts.RequireTool("iperf3");
        using var hosts = new TwoHosts(packetPorts, "--rules", FlukeProcess.Example(rule));
        (string atLeft, string atRight) = hosts.SocketsDuringTransfer();
        Assert.DoesNotContain(" sack", atLeft);
        Assert.DoesNotContain(" sack", atRight);
        Assert.Contains(" ts", atLeft);    // so that options are shown at all
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WithoutTheRuleBothDo(bool packetPorts)
    {
        TwoHosts.RequireTool("iperf3");
        using var hosts = new TwoHosts(packetPorts);
        (string atLeft, string atRight) = hosts.SocketsDuringTransfer();
        Assert.Contains(" sack", atLeft);
        Assert.Contains(" sack", atRight);
    }
}
