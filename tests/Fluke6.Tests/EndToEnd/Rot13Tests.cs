namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>The TCP in a rule, and real clients.</summary>
public sealed class Rot13Tests : IDisposable
{
    private const string Rot13 = "tr A-Za-z N-ZA-Mn-za-m";
    private static readonly string[] s_rules =
        ["--rules", FlukeProcess.Example("tcp-rot13-everywhere"), "--rules", FlukeProcess.Example("net-answer-everyone")];

    private readonly RuleFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryAddressAndPortAnswersAndClosesInOrder()
    {
        TwoHosts.RequireTool("nc");
        TwoHosts.RequireTool("curl");
        using var host = new OneHost("tap:fluke0", s_rules);
        host.Address("10.5.0.1", "2001:db8:5::ffff");

        Assert.Equal("Uryyb, jbeyq 1!", Shell(host, "printf 'Hello, world 1!' | timeout 20 nc -N 10.5.0.77 1234"));
        Assert.Equal("grfg\n", Shell(host, "(echo test; sleep 1) | timeout 20 curl -s --max-time 10 telnet://10.5.0.8:23 || true"));
        Assert.Equal("20\n", Shell(host, "for i in $(seq 20); do (echo abc | timeout 20 nc -N 10.5.0.$((i+1)) $((i+1000))) & done | grep -c nop; wait"));
        Namespaces.Until(() => !host.Exec("ss", "-tanH", "exclude", "time-wait").Contains("10.5.0", StringComparison.Ordinal), "all connections to be closed");
    }

    [Fact]
    public void MegabyteComesBackWholeThoughOneFrameInTwentyIsLost()
    {
        TwoHosts.RequireTool("nc");
        string loss = _folder.Write("lose.csx", "Verdict Apply(ref Frame frame) => frame.TryGetTcp(out _) && Random.Next(20) == 0 ? Verdict.Drop : Verdict.Continue;\n");
        using var namespaces = new Namespaces();
        string client = namespaces.Add("client"), server = namespaces.Add("server");
        using FlukeProcess lossy = FlukeProcess.Bridge(server, $"tap:eth0@{client}", "tap:wire", "--rules", loss);
        using FlukeProcess service = FlukeProcess.Bridge(server, "wire", "none", s_rules);
        namespaces.Address(client, "eth0", "10.5.0.1", "2001:db8:5::ffff");
        string sent = _folder.Write("sent", string.Concat(Enumerable.Range(0, 100_000).Select(i => $"Line {i,5}\n"))), expected = sent + ".expected", received = sent + ".received";

        namespaces.Exec(client, "sh", "-c", $"{Rot13} < {sent} > {expected}; timeout 60 nc -N 10.5.0.77 7777 < {sent} > {received}");

        Assert.Equal(1_100_000, new FileInfo(received).Length);
        Assert.True(File.ReadAllBytes(expected).AsSpan().SequenceEqual(File.ReadAllBytes(received)));
        lossy.WaitForJson("stats", json => FlukeProcess.Rule(json, "lose").GetProperty("dropped").GetInt64() > 5);
    }

    private static string Shell(OneHost host, string command) => host.Exec("sh", "-c", command);
}
