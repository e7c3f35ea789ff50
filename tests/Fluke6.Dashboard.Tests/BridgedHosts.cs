using System.Diagnostics;
using System.Globalization;

namespace Fluke6.Dashboard.Tests;

/// <summary>Two hosts, a folder of rules, and the real program between them at a terminal of its own.</summary>
public abstract class BridgedHosts : IDisposable
{
    private protected const string LeftAddress = "10.67.0.1", RightAddress = "10.67.0.2";
    private protected const string LeftAddress6 = "2001:db8:1::1", RightAddress6 = "2001:db8:1::2";
    private protected const string StripSack = """
        Verdict Apply(ref Frame frame)
        {
            if (frame.TryGetTcp(out var tcp) && tcp.Syn)
                tcp.Options.Strip(TcpOptionKind.SackPermitted);
            return Verdict.Continue;
        }
        """;

    private protected readonly Namespaces _namespaces = new();
    private readonly RuleFolder _rules = new();

    protected BridgedHosts()
    {
        Left = _namespaces.Add("left");
        Right = _namespaces.Add("right");
    }

    private protected string Left { get; }

    private protected string Right { get; }

    private protected RuleFolder Rules => _rules;

    private protected string Command => $"bridge tap:eth0@{Left} tap:eth0@{Right} -r {_rules.Path}";

    public void Dispose()
    {
        _rules.Dispose();
        _namespaces.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected TerminalScreen Open(string environment = "", string options = "", int width = 80, int height = 24)
    {
        var screen = new TerminalScreen(environment, $"{Command} {options}", width, height);
        screen.WaitFor("? help");
        _namespaces.Address(Left, "eth0", LeftAddress, LeftAddress6);
        _namespaces.Address(Right, "eth0", RightAddress, RightAddress6);
        return screen;
    }

    private protected void Ping(string address = RightAddress, int count = 2) =>
        _namespaces.Exec(Left, "ping", "-c", count.ToString(CultureInfo.InvariantCulture), "-i", "0.2", address);

    /// <summary>What <c>ss</c> says at left about a connection to right, while it carries data.</summary>
    private protected string SocketOfAConnection(int port, string address = RightAddress)
    {
        using var server = Process.Start("ip", ["netns", "exec", Right, "sh", "-c", $"exec iperf3 -s -1 -p {port} > /dev/null"]);
        Namespaces.Until(() => _namespaces.Exec(Right, "ss", "-tlnH").Contains($":{port}", StringComparison.Ordinal), "the server");
        using var client = Process.Start("ip", ["netns", "exec", Left, "sh", "-c", $"exec iperf3 -c {address} -p {port} -t 2 -b 1M > /dev/null"]);
        string sockets = "";
        Namespaces.Until(
            () => (sockets = _namespaces.Exec(Left, "ss", "-tinoH", "dport", "=", $":{port}")).Contains("bytes_acked", StringComparison.Ordinal),
            "the connection");
        Assert.True(client.WaitForExit(TimeSpan.FromSeconds(60)) && server.WaitForExit(TimeSpan.FromSeconds(30)), "iperf3 did not end");
        return sockets;
    }
}
