using System.Net;
using System.Net.Sockets;
using Fluke6.Linux;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Teredo packets between two kernels, whose UDP sockets see to it that the outer checksum is right.</summary>
public sealed class TeredoTests
{
    // 2001:db8:9::1 > 2001:0:c000:22d:8000:63bf:39cc:9bf8, hop limit 64: an echo request of 16 octets.
    private const string Packet = "6000000000103a4020010db8000900000000000000000001" + "20010000c000022d800063bf39cc9bf8" + "8000aa24000900010001020304050607";
    private const int HopLimitOffset = 7;

    [Fact]
    public void InnerPacketIsPrintedAndRewritten()
    {
        using var hosts = new TwoHosts(
            packetPorts: false,
            "--rules", FlukeProcess.Example("teredo-print"), "--rules", FlukeProcess.Example("teredo-rewrite-inner"), "--set", "hops=5");
        using Socket client = Open(hosts.Left, TwoHosts.LeftAddress, 40000), server = Open(hosts.Right, TwoHosts.RightAddress, 3544);
        byte[] origin = [0, 0, 0x63, 0xBF, 0x39, 0xCC, 0x9B, 0xF8];
        byte[] packet = Convert.FromHexString(Packet);

        client.SendTo([.. origin, .. packet], new IPEndPoint(IPAddress.Parse(TwoHosts.RightAddress), 3544));

        byte[] received = new byte[2000];
        server.ReceiveTimeout = 10_000;
        int length = server.Receive(received);
        byte[] expected = [.. origin, .. packet];
        expected[origin.Length + HopLimitOffset] = 5;
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(received.AsSpan(0, length)));
        hosts.Bridge.WaitForJson("log", log => log.GetProperty("message").GetString() == "  origin: 198.51.100.7 port 40000");
        hosts.Bridge.WaitForJson(
            "log", log => log.GetProperty("message").GetString() == "  destination: server 192.0.2.45, client 198.51.100.7 port 40000, flags 8000: cone NAT");
    }

    [Fact]
    public void RealClientsQualifyAndPingEachOtherThroughTheRules()
    {
        Miredo.Require();
        TwoHosts.RequireTool("ping");
        // 198.51.100.0/24: a client takes no server with a private address.
        const string Primary = "198.51.100.1", Secondary = "198.51.100.2", AtRight = "198.51.100.3", AtLeft = "198.51.100.9";
        using var folder = new RuleFolder();
        using var hosts = new TwoHosts(
            packetPorts: false,
            "--rules", FlukeProcess.Example("teredo-print"), "--rules", FlukeProcess.Example("teredo-rewrite-inner"), "--set", "hops=5");
        foreach (string address in (string[])[Primary, Secondary, AtRight])
            hosts.Ip(hosts.Right, $"address add {address}/24 dev eth0");
        hosts.Ip(hosts.Left, $"address add {AtLeft}/24 dev eth0");

        var miredo = new Miredo(hosts, folder);
        miredo.StartServer(hosts.Right, Primary, Secondary);
        miredo.StartClient(hosts.Right, AtRight, Primary, Secondary);
        miredo.StartClient(hosts.Left, AtLeft, Primary, Secondary);
        string left = miredo.AddressOf(hosts.Left), right = miredo.AddressOf(hosts.Right);
        Assert.StartsWith("2001:0:c633:6401:", left);    // the server's address is in it: RFC 4380 §4

        string ping = hosts.Exec(hosts.Left, "ping", "-6", "-n", "-c", "3", "-W", "10", right);
        Assert.Contains($"from {right}: icmp_seq=3 ttl=5 ", ping);

        // Qualification: the solicitation with its nonce, the server's advertisement that returns it and says where it came from.
        WaitForLog(hosts, message => message.Contains("ff02::2: ICMP6, router solicitation"));
        WaitForLog(hosts, message => message.Contains("ICMP6, router advertisement"));
        WaitForLog(hosts, message => System.Text.RegularExpressions.Regex.IsMatch(message, "^  authentication: nonce [0-9a-f]{16}, confirmation 0$"));
        WaitForLog(hosts, message => message.StartsWith($"  origin: {AtLeft} port ", StringComparison.Ordinal));
        WaitForLog(hosts, message => message.StartsWith($"bubble: ", StringComparison.Ordinal));
        WaitForLog(hosts, message => message.Contains($"{left} > {right}: ICMP6, echo request"));
        WaitForLog(hosts, message => message.StartsWith($"  source: server {Primary}, client {AtLeft} port ", StringComparison.Ordinal));
    }

    private static void WaitForLog(TwoHosts hosts, Func<string, bool> condition) =>
        hosts.Bridge.WaitForJson("log", log => condition(log.GetProperty("message").GetString()!));

    private static Socket Open(string host, string address, int port) => NetworkNamespace.Run(host, "", () =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        return socket;
    });
}
