using System.Diagnostics;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Two kernels and a rule between them that rewrites what they say, with a bad network on both sides of it.</summary>
public sealed class StreamTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    // A megabyte with a few needles in it, again and again; a needle is cut in two wherever a segment ends in it.
    private const string Sender = """
        import socket, random, hashlib, sys, time
        chunk = bytearray(random.Random(5).randbytes(1 << 20)).replace(b"needle", b"noodle")
        for at in range(1000, 1 << 20, 200003): chunk[at:at + 6] = b"needle"
        chunk = bytes(chunk); made = chunk.replace(b"needle", b"a longer straw")
        s = socket.create_connection(("10.66.0.2", 5001)); digest = hashlib.sha256()
        for i in range(int(sys.argv[1])): s.sendall(chunk); digest.update(made)
        s.shutdown(socket.SHUT_WR); s.recv(1)
        print(digest.hexdigest(), flush=True)
        time.sleep(1000)
        """;

    private const string Receiver = """
        import socket, hashlib, time
        s = socket.create_server(("10.66.0.2", 5001)); c, _ = s.accept(); digest = hashlib.sha256()
        while True:
            data = c.recv(1 << 18)
            if not data: break
            digest.update(data)
        print(digest.hexdigest(), flush=True)
        c.sendall(b"x")
        time.sleep(1000)
        """;

    private const string BadNetwork = """
        readonly Impairment network = Impair(seed: 7).Loss(0.003).Duplicate(0.01).Reorder(0.01, gap: 3);
        Verdict Apply(ref Frame frame) => network.Apply(ref frame);
        """;

    private const string Rewrite = """
        readonly TcpStreams streams = ReplaceTcp("needle"u8, "a longer straw"u8, new() { Port = 5001, MaxDelay = TimeSpan.FromMinutes(1), TellsOfWaiting = true });
        Verdict Apply(ref Frame frame) => streams.Rewrite(ref frame);
        """;

    // Frames of several segments arrive, and leave.
    private const string Looks = """
        bool seen = false;
        void Apply(ref Frame frame)
        {
            if (!seen && frame.From == Side.Left && frame.SegmentSize > 0)
                Log("a super-segment");
            seen |= frame.From == Side.Left && frame.SegmentSize > 0;
        }
        """;

    [Theory]
    [InlineData(false, 100)]
    [InlineData(true, 20)]
    public async Task MegabytesArriveAsTheRuleMakesThemAndSackStaysInForce(bool packetPorts, int megabytes)
    {
        TwoHosts.RequireTool("python3");
        using var rules = new RuleFolder();
        rules.Write("00-in.csx", Looks);
        rules.Write("40-out.csx", Looks);
        rules.Write("10-before.csx", BadNetwork);
        rules.Write("20-rewrite.csx", Rewrite);
        rules.Write("30-after.csx", BadNetwork);
        using var hosts = new TwoHosts(packetPorts, "--rules", rules.Path);
        Process receiver = hosts.Start(hosts.Right, "python3", "-c", Receiver);
        Namespaces.Until(() => hosts.Exec(hosts.Right, "ss", "-tln").Contains(":5001", StringComparison.Ordinal), "the receiver");
        Process sender = hosts.Start(hosts.Left, "python3", "-c", Sender, $"{megabytes}");
        string? got = await receiver.StandardOutput.ReadLineAsync().WaitAsync(s_patience, TestContext.Current.CancellationToken);
        string? made = await sender.StandardOutput.ReadLineAsync().WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Equal(64, made?.Length);
        Assert.Equal(made, got);

        foreach (string rule in (string[])["00-in", "40-out"])
            hosts.Bridge.WaitForJson("log", json => json.GetProperty("rule").GetString() == rule);

        // Both still have the connection, one half of it closed.
        Assert.Contains(" sack", hosts.Exec(hosts.Left, "ss", "-tino", "dport = 5001"), StringComparison.Ordinal);
        Assert.Contains(" sack", hosts.Exec(hosts.Right, "ss", "-tino", "sport = 5001"), StringComparison.Ordinal);
    }
}
