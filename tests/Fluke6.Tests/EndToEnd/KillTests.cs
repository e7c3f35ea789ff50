namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>kill -9 leaves nothing behind.</summary>
public sealed class KillTests
{
    [Fact]
    public void TapInterfacesAreGone()
    {
        using var hosts = new TwoHosts(packetPorts: false);
        Assert.Contains("eth0", hosts.Ip(hosts.Left, "link show"));
        hosts.Bridge.Signal("KILL");
        hosts.Bridge.WaitForExit();
        Namespaces.Until(() => !(hosts.Ip(hosts.Left, "link show") + hosts.Ip(hosts.Right, "link show")).Contains("eth0"), "no eth0");
    }

    [Fact]
    public void InterfacesAreNotPromiscuousAndTheirSettingsAreAsBefore()
    {
        TwoHosts.RequireTool("ethtool");
        using var hosts = new TwoHosts(packetPorts: true);
        // A second pair, of which nobody ever took hold, shows what the kernel sets by itself.
        hosts.Ip(hosts.Middle, "link add q0 type veth peer name q1");
        hosts.Ip(hosts.Middle, "link set q0 up");
        Assert.DoesNotContain("promiscuity 0 ", hosts.Ip(hosts.Middle, "-d link show p0"));
        Assert.Equal(Features("q0"), Features("p0"));

        hosts.Bridge.Signal("KILL");
        hosts.Bridge.WaitForExit();

        foreach (string port in (string[])["p0", "p1"])
        {
            Assert.Contains("promiscuity 0 ", hosts.Ip(hosts.Middle, $"-d link show {port}"));
            Assert.Equal(Features("q0"), Features(port));
        }

        string Features(string port) => hosts.Exec(hosts.Middle, "ethtool", "-k", port).Split('\n', 2)[1];
    }
}
