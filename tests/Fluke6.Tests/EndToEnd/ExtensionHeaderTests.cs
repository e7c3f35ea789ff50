namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>What a kernel does with an option that it does not know. RFC 8200 §4.2.</summary>
public sealed class ExtensionHeaderTests
{
    private const string Right = "2001:db8:1::2";

    [Theory]
    [InlineData(0x1E, true, false)]
    [InlineData(0x5E, false, false)]
    [InlineData(0x9E, false, true)]
    [InlineData(0xDE, false, true)]
    public void TopBitsOfTheOptionDecide(byte type, bool isAnswered, bool isReported)
    {
        TwoHosts.RequireTool("ping");
        TwoHosts.RequireTool("nstat");
        using var hosts = new TwoHosts(
            packetPorts: false, "--rules", FlukeProcess.Example("ipv6-add-destination-option"), "--set", $"type={type}");

        string output = Ping(hosts);

        Assert.Contains(isAnswered ? " 2 received" : " 0 received", output);
        Assert.Equal(isReported, output.Contains("Parameter problem", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(isReported ? 2 : 0, Counter(hosts, "Icmp6OutParmProblems"));
        Assert.Equal(isAnswered ? 2 : 0, Counter(hosts, "Icmp6InEchos"));
    }

    [Fact]
    public void OptionThatIsRemovedAgainDoesNoHarm()
    {
        TwoHosts.RequireTool("ping");
        TwoHosts.RequireTool("nstat");
        using var hosts = new TwoHosts(
            packetPorts: false,
            "--rules", FlukeProcess.Example("ipv6-add-destination-option"), "--rules", FlukeProcess.Example("ipv6-remove-extension-headers"),
            "--set", "type=158");
        Assert.Contains(" 2 received", Ping(hosts));
        Assert.Equal(0, Counter(hosts, "Icmp6OutParmProblems"));
    }

    // ping's exit status says whether anybody answered; here that is no failure.
    private static string Ping(TwoHosts hosts) =>
        hosts.Exec(hosts.Left, "sh", "-c", $"ping -6 -c 2 -i 0.2 -W 1 {Right} 2>&1 || true");

    private static long Counter(TwoHosts hosts, string name)
    {
        string line = hosts.Exec(hosts.Right, "nstat", "-asz", name).Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
