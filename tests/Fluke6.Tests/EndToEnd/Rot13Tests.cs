using System.Net;
using System.Net.Sockets;
using System.Text;
using Fluke6.Linux;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>The TCP that rules serve, and real clients.</summary>
public sealed class Rot13Tests : IDisposable
{
    private const string Rot13 = "tr A-Za-z N-ZA-Mn-za-m";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly string[] s_rules =
    [
        "--rules", FlukeProcess.Example("tcp-rot13-everywhere"), "--rules", FlukeProcess.Example("net-answer-everyone"),
        "--rules", FlukeProcess.Example("ndp-answer-everyone"),
    ];

    private readonly RuleFolder _folder = new();

    public static TheoryData<string> Offload => ["", "--no-offload"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Offload))]
    public void EveryAddressAndPortAnswersAndClosesInOrder(string offload)
    {
        TwoHosts.RequireTool("nc");
        TwoHosts.RequireTool("curl");
        using OneHost host = Host(offload);

        Assert.Equal("Uryyb, jbeyq 1!", Shell(host, "printf 'Hello, world 1!' | timeout 20 nc -N 10.5.0.77 1234"));
        Assert.Equal("Uryyb, fvk!", Shell(host, "printf 'Hello, six!' | timeout 20 nc -N 2001:db8:5::1:77 4321"));
        // curl itself waits for an end that does not come; what it prints is what matters.
        Assert.Equal("grfg\n", Shell(host, "(echo test; sleep 1) | timeout 20 curl -s --max-time 10 telnet://10.5.0.8:23 || true"));
        Assert.Equal("grfg\n", Shell(host, "(echo test; sleep 1) | timeout 20 curl -s --max-time 10 'telnet://[2001:db8:5::8]:23' || true"));
        Assert.Equal("20\n", Shell(host, "for i in $(seq 20); do (echo abc | timeout 20 nc -N 10.5.0.$((i+1)) $((i+1000))) & done | grep -c nop; wait"));
        Namespaces.Until(() => Established(host) == 0, "all connections to be closed");
    }

    [Theory]
    [MemberData(nameof(Offload))]
    public async Task TwoHundredConnectionsAtOnceAndEachHearsItsOwn(string offload)
    {
        const int Count = 200;
        using OneHost host = Host(offload);
        var sockets = new List<Socket>();
        try
        {
            foreach (int i in Enumerable.Range(0, Count))
            {
                IPAddress address = IPAddress.Parse(i % 2 == 0 ? $"10.5.0.{i + 2}" : $"2001:db8:5::{i + 2:x}");
                Socket socket = NetworkNamespace.Run(host.Name, "", () => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
                sockets.Add(socket);
                await socket.ConnectAsync(address, 1000 + i, TestContext.Current.CancellationToken).AsTask().WaitAsync(s_patience, TestContext.Current.CancellationToken);
            }

            Assert.Equal(Count, Established(host));
            await Task.WhenAll(sockets.Select((socket, i) => Talk(socket, i))).WaitAsync(s_patience, TestContext.Current.CancellationToken);
            Namespaces.Until(() => Established(host) == 0, "all connections to be closed");
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }

        // Ten lines, one after the other's answer; then the end.
        static async Task Talk(Socket socket, int number)
        {
            using var stream = new NetworkStream(socket);
            using var reader = new StreamReader(stream);
            for (int line = 0; line < 10; line++)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"Hello from {number}, line {line}\n"));
                Assert.Equal($"Uryyb sebz {number}, yvar {line}", await reader.ReadLineAsync());
            }

            socket.Shutdown(SocketShutdown.Send);
            Assert.Null(await reader.ReadLineAsync());
        }
    }

    [Theory]
    [InlineData("10.5.0.77", "")]
    [InlineData("10.5.0.77", "--no-offload")]
    [InlineData("2001:db8:5::77", "")]
    [InlineData("2001:db8:5::77", "--no-offload")]
    public void MegabyteComesBackWholeThoughOneFrameInTwentyIsLost(string address, string offload)
    {
        TwoHosts.RequireTool("nc");
        // With offload a frame is many segments, and there are few frames: chance alone might lose none.
        string loss = _folder.Write("lose.csx", """
            int frames;
            Verdict Apply(ref Frame frame) => frame.TryGetTcp(out _) && (++frames == 20 || Random.Next(20) == 0) ? Verdict.Drop : Verdict.Continue;
            """);
        string[] more = offload.Length > 0 ? [offload] : [];
        using var namespaces = new Namespaces();
        string client = namespaces.Add("client"), server = namespaces.Add("server");
        using FlukeProcess lossy = FlukeProcess.Bridge(server, $"tap:eth0@{client}", "tap:wire", ["--rules", loss, .. more]);
        using FlukeProcess service = FlukeProcess.Bridge(server, "wire", "none", [.. s_rules, .. more]);
        namespaces.Address(client, "eth0", "10.5.0.1", "2001:db8:5::ffff");
        string sent = _folder.Write("sent", string.Concat(Enumerable.Range(0, 100_000).Select(i => $"Line {i,5}\n"))), expected = sent + ".expected", received = sent + ".received";

        namespaces.Exec(client, "sh", "-c", $"{Rot13} < {sent} > {expected}; timeout 100 nc -N {address} 7777 < {sent} > {received}");

        Assert.Equal(1_100_000, new FileInfo(received).Length);
        Assert.True(File.ReadAllBytes(expected).AsSpan().SequenceEqual(File.ReadAllBytes(received)));
        int atLeast = offload.Length > 0 ? 20 : 1;
        lossy.WaitForJson("stats", json => FlukeProcess.Rule(json, "lose").GetProperty("dropped").GetInt64() >= atLeast);
    }

    [Theory]
    [InlineData("10.5.0.9")]
    [InlineData("2001:db8:5::9")]
    public void KernelUsesTheOptionsThatItGetsBack(string address)
    {
        TwoHosts.RequireTool("nc");
        TwoHosts.RequireTool("ss");
        using (OneHost host = Host(""))
        {
            string socket = Connected(host, address);
            Assert.Contains(" ts ", socket);
            Assert.Contains(" sack ", socket);
            Assert.Matches(" wscale:([0-9]+),\\1 ", socket);
        }

        using (OneHost host = Host("", "--set", "options=02040218"))
        {
            string socket = Connected(host, address);
            Assert.DoesNotContain(" ts ", socket);
            Assert.DoesNotContain(" sack ", socket);
            Assert.DoesNotContain(" wscale:", socket);
            Assert.Contains(" mss:536 ", socket);
        }
    }

    [Fact]
    public void TunInterfaceIsServedWithoutAnEthernetHeader()
    {
        TwoHosts.RequireTool("nc");
        using var host = new OneHost("tun:fluke1", s_rules);
        host.Address("10.5.0.1", "2001:db8:5::ffff");
        Assert.Equal("nop", Shell(host, "printf abc | timeout 20 nc -N 10.5.0.77 1234"));
        Assert.Equal("nop", Shell(host, "printf abc | timeout 20 nc -N 2001:db8:5::77 1234"));
    }

    [Fact]
    public void ConnectionsSurviveAReload()
    {
        string rule = Path.Combine(_folder.Path, "10-rot13.csx");
        string text = File.ReadAllText(FlukeProcess.Example("tcp-rot13-everywhere"));
        _folder.Write("10-rot13.csx", text);
        using var host = new OneHost("tap:fluke0", "--rules", _folder.Path, "--rules", FlukeProcess.Example("net-answer-everyone"));
        host.Address("10.5.0.1", "2001:db8:5::ffff");
        using Socket socket = NetworkNamespace.Run(host.Name, "", () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        socket.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
        socket.Connect("10.5.0.2", 7);
        Assert.Equal("nop", Say(socket, "abc"));

        File.WriteAllText(rule, text.Replace("reply[i] = Rot13(received[i])", "reply[i] = (byte)'!'"));
        host.Bridge.WaitForJson("reload", json => json.GetProperty("ok").GetBoolean());
        Assert.Equal("!!!", Say(socket, "abc"));
        Assert.Equal(1, Established(host));
    }

    /// <summary>RFC 6191 §2: the SYN's timestamps go on where the connection before left them.</summary>
    [Fact]
    public void PortIsUsedAgainOutOfTimeWait()
    {
        using OneHost host = Host("");
        host.Exec("sysctl", "-qw", "net.ipv4.tcp_tw_reuse=1");
        for (int connection = 0; connection < 3; connection++)
        {
            // The kernel lets nobody have the port again before its clock has gone on by a second.
            Socket? connected = null;
            Namespaces.Until(() => TryConnect(host.Name, out connected), "the port to be free");
            using Socket socket = connected!;
            try
            {
                Assert.Equal("nop", Say(socket, "abc"));
            }
            catch (SocketException exception)
            {
                Assert.Fail($"connection {connection}: {exception.Message}; {host.Exec("ss", "-tinoa")}\n{string.Join('\n', host.Bridge.Output.TakeLast(5))}");
            }
        }

        // Each time another socket: .NET replaces one that failed to connect by its own, which would be outside of the namespace.
        static bool TryConnect(string host, out Socket? connected)
        {
            var socket = NetworkNamespace.Run(host, "", () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
            socket.Bind(new IPEndPoint(IPAddress.Parse("10.5.0.1"), 45001));
            try
            {
                socket.Connect(IPAddress.Parse("10.5.0.5"), 7);
                connected = socket;
                return true;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
            {
                socket.Dispose();
                connected = null;
                return false;
            }
        }
    }

    private static string Say(Socket socket, string what)
    {
        socket.Send(Encoding.ASCII.GetBytes(what));
        byte[] heard = new byte[what.Length];
        for (int count = 0; count < heard.Length;)
        {
            int more = socket.Receive(heard.AsSpan(count));
            Assert.NotEqual(0, more);
            count += more;
        }

        return Encoding.ASCII.GetString(heard);
    }

    private static OneHost Host(string offload, params string[] options)
    {
        var host = new OneHost("tap:fluke0", [.. s_rules, .. offload.Length > 0 ? [offload] : Array.Empty<string>(), .. options]);
        try
        {
            host.Address("10.5.0.1", "2001:db8:5::ffff");
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Connects, says something, and stays: what ss says of the socket.</summary>
    private static string Connected(OneHost host, string address)
    {
        host.Start("sh", "-c", $"(echo hello; exec sleep 1000) | nc {address} 99");
        string socket = "";
        Namespaces.Until(
            () => (socket = host.Exec("ss", "-tinoH", "state", "established", "dport", "=", ":99") + " ").Contains(" bytes_received:6 ", StringComparison.Ordinal),
            "an answer");
        return socket;
    }

    private static int Established(OneHost host) =>
        host.Exec("ss", "-tanH", "exclude", "time-wait").Split('\n').Count(line => line.Contains("10.5.0.", StringComparison.Ordinal) || line.Contains("2001:db8:5:", StringComparison.Ordinal));

    private static string Shell(OneHost host, string command) => host.Exec("sh", "-c", command);
}
