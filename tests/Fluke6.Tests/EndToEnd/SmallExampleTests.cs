namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Examples of a few lines, all at once between the same two kernels, each seen by the client that it is for.</summary>
public sealed class SmallExampleTests : IDisposable
{
    private const string SeenFromRight = "10.66.0.101", SeenFromRight6 = "2001:db8:1::101";
    private readonly RuleFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EachIsSeenByItsClient()
    {
        foreach (string tool in (string[])["dig", "nc", "ping", "python3"])
            TwoHosts.RequireTool(tool);
        string file = Path.Combine(_folder.Path, "dns.pcapng");
        string[] rules = ["net-capture", "net-set-hop-limit", "tcp-remove-extras", "dns-answer-nodata", "net-nat"];
        using var hosts = new TwoHosts(
            packetPorts: false, [.. rules.SelectMany(rule => (string[])["--rules", FlukeProcess.Example(rule)]), "--set", "hops=9", "--set", "port=53", "--set", $"file={file}",
                "--set", $"inside={TwoHosts.LeftAddress}/32", "--set", $"outside={SeenFromRight}/32", "--set", "inside6=2001:db8:1::1/128", "--set", $"outside6={SeenFromRight6}/128"]);

        // From left to right and back, and the way that right begins; each of them with the hop limit that it was given.
        string pinged = "";
        foreach ((string host, string address) in (ReadOnlySpan<(string, string)>)[
            (hosts.Left, TwoHosts.RightAddress), (hosts.Left, "2001:db8:1::2"), (hosts.Right, SeenFromRight), (hosts.Right, SeenFromRight6)])
        {
            Namespaces.Until(() => (pinged = hosts.Exec(host, "sh", "-c", $"ping -c 1 -W 2 {address} || true")).Contains(" 0% packet loss", StringComparison.Ordinal), $"an answer from {address}");
            Assert.Contains("ttl=9 ", pinged, StringComparison.Ordinal);
        }

        // An error quotes what right sent, as right knows it: only then is the socket told.
        foreach ((string family, string address) in (ReadOnlySpan<(string, string)>)[("AF_INET", SeenFromRight), ("AF_INET6", SeenFromRight6)])
        {
            string told = hosts.Exec(hosts.Right, "python3", "-c", $"""
                import socket
                s = socket.socket(socket.{family}, socket.SOCK_DGRAM); s.connect(("{address}", 9)); s.settimeout(30); s.send(b"x")
                try: s.recv(1)
                except ConnectionRefusedError: print("refused")
                """);
            Assert.Equal("refused", told.Trim());
        }

        string answer = hosts.Exec(hosts.Left, "dig", $"@{TwoHosts.RightAddress}", "aaaa", "www.example.net");
        Assert.Contains("status: NOERROR", answer, StringComparison.Ordinal);
        Assert.Contains("ANSWER: 0", answer, StringComparison.Ordinal);
        Namespaces.Until(() => File.Exists(file) && ReadCapture.Read(file).Packets.Count > 0, "the query in the capture file");

        hosts.Start(hosts.Right, "nc", "-l", "9000");
        Namespaces.Until(() => hosts.Exec(hosts.Right, "ss", "-tln").Contains(":9000", StringComparison.Ordinal), "a listener");
        hosts.Start(hosts.Left, "sh", "-c", $"sleep 1000 | nc {TwoHosts.RightAddress} 9000");
        foreach ((string host, string filter) in (ReadOnlySpan<(string, string)>)[(hosts.Left, "dport"), (hosts.Right, "sport")])
        {
            string sockets = "";
            Namespaces.Until(
                () => (sockets = hosts.Exec(host, "ss", "-Htino", "state", "established", $"( {filter} = 9000 )")).Contains("cwnd", StringComparison.Ordinal), "the connection");
            Assert.DoesNotContain(" ts ", sockets, StringComparison.Ordinal);
            Assert.Contains(host == hosts.Left ? $"{TwoHosts.LeftAddress}:" : $"{SeenFromRight}:", sockets, StringComparison.Ordinal);
        }
    }
}
