using System.Globalization;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>A rule ends a connection whose stream holds a word, at both ends, as the README says.</summary>
public sealed class ResetTests
{
    [Fact]
    public void BothEndsAreReset()
    {
        TwoHosts.RequireTool("nc");
        using var folder = new RuleFolder();
        folder.Write("10-reset.csx", """
            Verdict Apply(ref Frame frame)
            {
                if (!frame.TryGetTcp(out var tcp) || frame.Payload.IndexOf("kill"u8) < 0)
                    return Verdict.Continue;

                tcp.Rst = true;
                Send(frame.From.Opposite(), frame.Copy());
                tcp.Rst = false;
                frame.AnswerWithReset();
                return Verdict.Reflect;
            }
            """);
        using var hosts = new TwoHosts(packetPorts: false, "-r", folder.Path);
        hosts.Start(hosts.Right, "nc", "-l", "9000");
        Namespaces.Until(() => hosts.Exec(hosts.Right, "ss", "-tln").Contains(":9000", StringComparison.Ordinal), "a listener");
        hosts.Start(hosts.Left, "sh", "-c", $"(echo kill; sleep 60) | nc {TwoHosts.RightAddress} 9000");
        foreach (string host in (string[])[hosts.Left, hosts.Right])
            Namespaces.Until(() => Resets(hosts, host) == 1, $"the connection's reset in {host}");
    }

    // RFC 4022 §2: tcpEstabResets, in the kernel's two lines of names and values.
    private static int Resets(TwoHosts hosts, string host)
    {
        string[][] tcp = [.. hosts.Exec(host, "cat", "/proc/net/snmp").Split('\n').Where(line => line.StartsWith("Tcp:", StringComparison.Ordinal)).Select(line => line.Split(' '))];
        return int.Parse(tcp[1][Array.IndexOf(tcp[0], "EstabResets")], CultureInfo.InvariantCulture);
    }
}
