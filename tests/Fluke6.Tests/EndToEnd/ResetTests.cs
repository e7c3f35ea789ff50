using System.Globalization;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>A rule ends a connection whose stream holds a word, at both ends.</summary>
public sealed class ResetTests
{
    [Fact]
    public void BothEndsAreReset()
    {
        TwoHosts.RequireTool("nc");
        using var hosts = new TwoHosts(packetPorts: false, "-r", FlukeProcess.Example("tcp-reset"));
        hosts.Start(hosts.Right, "nc", "-l", "9000");
        Namespaces.Until(() => hosts.Exec(hosts.Right, "ss", "-tln").Contains(":9000", StringComparison.Ordinal), "a listener");
        hosts.Start(hosts.Left, "sh", "-c", $"(echo kill; sleep 60) | nc {TwoHosts.RightAddress} 9000");
        foreach (string host in (string[])[hosts.Left, hosts.Right])
        {
            Namespaces.Until(() => Resets(hosts, host) == 1, $"the connection's reset in {host}");
            Assert.DoesNotContain(":9000", hosts.Exec(host, "ss", "-Htn"), StringComparison.Ordinal);
        }
    }

    // RFC 4022 §2: tcpEstabResets, in the kernel's two lines of names and values.
    private static int Resets(TwoHosts hosts, string host)
    {
        string[][] tcp = [.. hosts.Exec(host, "cat", "/proc/net/snmp").Split('\n').Where(line => line.StartsWith("Tcp:", StringComparison.Ordinal)).Select(line => line.Split(' '))];
        return int.Parse(tcp[1][Array.IndexOf(tcp[0], "EstabResets")], CultureInfo.InvariantCulture);
    }
}
