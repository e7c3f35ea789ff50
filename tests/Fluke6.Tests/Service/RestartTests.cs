using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fluke6.Linux;

namespace Fluke6.Command.Tests.Service;

/// <summary>
/// The real program as a service whose manager keeps its descriptors, as systemd does: every frame that is sent while no process of it runs waits,
/// and arrives once.
/// </summary>
public sealed class RestartTests : IDisposable
{
    private const int Frames = 50;
    private const ushort EtherTypeOfTests = 0x88B5;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Namespaces _namespaces = new();
    private readonly RuleFolder _folder = new();
    private readonly List<string> _said = [];
    private Process? _manager;
    private int _sent;
    private int _received;
    private bool _hasRule;
    private string _middle = "";

    public void Dispose()
    {
        _manager?.Kill(entireProcessTree: true);
        _manager?.Dispose();
        _folder.Dispose();
        _namespaces.Dispose();
    }

    [Theory]
    [InlineData(true, "restart")]
    [InlineData(true, "crash")]
    [InlineData(false, "restart")]
    public void FramesOfTheTimeWithoutAProcessArriveOnceAndInOrder(bool packetPorts, string how)
    {
        (string left, string right, string port) = Start(packetPorts);
        using Socket from = PacketSocket.Open(left, port), to = PacketSocket.Open(right, port);
        to.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
        Send(from);
        Receive(to, upTo: _sent);
        Tell(how);
        WaitForLine(line => line == "manager: ended");
        Send(from);
        Tell("now");
        WaitForLine(line => line.StartsWith("manager: ready", StringComparison.Ordinal), times: 2);
        Send(from);
        Receive(to, upTo: _sent);
        if (packetPorts)
            Assert.Contains("fluke6_port_up{side=\"left\"} 1", Scrape(), StringComparison.Ordinal);
        Tell("stop");
        WaitForLine(line => line == "manager: ended", times: 2);
        if (how == "crash")
            return;

        // Each process told what it counted; both together, everything.
        JsonElement[] ends = [.. Ends()];
        Assert.Equal(2, ends.Length);
        Assert.Equal(Sum(ends, "left", "rxFrames"), Sum(ends, "right", "txFrames"));
        Assert.True(Sum(ends, "left", "rxFrames") >= _sent, $"{ends[0]} {ends[1]}");
    }

    [Fact]
    public void BridgeOfAnotherCommandBeginsAnewAndTheControlSocketStays()
    {
        (string left, string right, string port) = Start(packetPorts: false);
        Tell("restart");
        WaitForLine(line => line == "manager: ended");
        Assert.True(File.Exists(_folder["bridge.sock"]));
        Configure(left, right, flows: 10);
        Tell("now");
        WaitForLine(line => line.StartsWith("manager: ready", StringComparison.Ordinal), times: 2);
        _namespaces.Ip(left, $"link set {port} up");
        using Socket from = PacketSocket.Open(left, port), to = PacketSocket.Open(right, port);
        to.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
        Send(from);
        Receive(to, upTo: _sent);
        string status = Packaging.Packages.Run(FlukeProcess.Program, "status", _folder["bridge.sock"]);
        Assert.Contains($"tap:eth0@{left}", status, StringComparison.Ordinal);
        Tell("stop");
        WaitForLine(line => line == "manager: ended", times: 2);
    }

    [Fact]
    public void HangUpSignalLoadsRulesAnewAndTheManagerIsTold()
    {
        _hasRule = true;
        _folder.Write("10-rule.csx", "void Apply(ref Frame frame) { }\n");
        Start(packetPorts: false);
        Tell("reload");
        WaitForLine(line => line == "manager: reloading True");
        WaitForLine(line => line.StartsWith("manager: ready", StringComparison.Ordinal), times: 2);
        WaitForLine(line => line.Contains("\"type\":\"reload\"", StringComparison.Ordinal));
        Tell("stop");
        WaitForLine(line => line == "manager: ended");
    }

    private (string Left, string Right, string Port) Start(bool packetPorts)
    {
        string middle = _middle = _namespaces.Add("middle"), left, right, port = packetPorts ? "h0" : "eth0";
        if (packetPorts)
        {
            left = _namespaces.AddHost("left", middle, "p0", "10.1.0.1", "2001:db8:1::1");
            right = _namespaces.AddHost("right", middle, "p1", "10.1.0.2", "2001:db8:1::2");
            Configure("p0", "p1");
        }
        else
        {
            left = _namespaces.Add("left");
            right = _namespaces.Add("right");
            Configure(left, right);
        }

        var start = new ProcessStartInfo(
            "ip",
            [
                "netns", "exec", middle, "python3", Path.Combine(AppContext.BaseDirectory, "Service", "manager.py"), FlukeProcess.Program, "bridge",
                "--config", _folder["bridge.json"], "--stats", "json", "--stats-interval", "1000", "--control", _folder["bridge.sock"],
            ]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _manager = Process.Start(start)!;
        _manager.OutputDataReceived += (_, line) =>
        {
            lock (_said)
                _said.Add(line.Data ?? "");
        };
        _manager.BeginOutputReadLine();
        WaitForLine(line => line.StartsWith("manager: ready", StringComparison.Ordinal));
        return (left, right, port);
    }

    private void Configure(string left, string right, int flows = 1000)
    {
        bool arePackets = left == "p0";
        _folder.Write("bridge.json", $$"""
            { "left": "{{(arePackets ? left : $"tap:eth0@{left}")}}", "right": "{{(arePackets ? right : $"tap:eth0@{right}")}}", "rules": {{(_hasRule ? "[\"10-rule.csx\"]" : "[]")}}, "flows": {{flows}}{{(arePackets ? ", \"metrics\": \":0\"" : "")}} }
            """);
    }

    // At the port that the first process was given: the socket is kept, too.
    private string Scrape()
    {
        string[] ports = [];
        Namespaces.Until(
            () =>
            {
                lock (_said)
                    ports = [.. _said.Select(line => Regex.Match(line, "http://127\\.0\\.0\\.1:([0-9]+)/metrics").Groups[1].Value).Where(found => found.Length > 0)];
                // One that was killed may not have come to say it.
                return ports.Length > 0;
            },
            "a process to say where it is to be asked");
        int port = int.Parse(Assert.Single(ports.Distinct()), CultureInfo.InvariantCulture);
        return NetworkNamespace.Run(_middle, "test", () =>
        {
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            client.Connect(IPAddress.Loopback, port);
            client.Send("GET /metrics HTTP/1.1\r\n\r\n"u8);
            return Metrics.MeterTests.ReadToEnd(client);
        });
    }

    private void Tell(string command) => _manager!.StandardInput.WriteLine(command);

    private void WaitForLine(Func<string, bool> condition, int times = 1) => Namespaces.Until(
        () =>
        {
            lock (_said)
                return _said.Count(condition) >= times;
        },
        "a line of the manager");

    private void Send(Socket socket)
    {
        for (int i = 0; i < Frames; i++)
        {
            byte[] frame = new byte[60];
            Array.Fill(frame, (byte)0xFF, 0, 6);
            frame[6] = 2;
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), EtherTypeOfTests);
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(14), ++_sent);
            socket.Send(frame);
        }
    }

    private void Receive(Socket socket, int upTo)
    {
        byte[] frame = new byte[2048];
        while (_received < upTo)
        {
            int length = socket.Receive(frame);
            if (length >= 18 && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12)) == EtherTypeOfTests)
                Assert.Equal(++_received, BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(14)));
        }
    }

    private IEnumerable<JsonElement> Ends()
    {
        lock (_said)
        {
            return [.. _said.Where(line => line.StartsWith("{\"type\":\"stats\"", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line).RootElement)];
        }
    }

    private static long Sum(JsonElement[] ends, string port, string field) =>
        ends.Sum(end => end.GetProperty("ports").GetProperty(port).GetProperty(field).GetInt64());
}
