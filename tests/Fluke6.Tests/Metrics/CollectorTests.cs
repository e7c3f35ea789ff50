using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Fluke6.Linux;

namespace Fluke6.Command.Tests.Metrics;

/// <summary>The real command: Prometheus asks it, before and after a restart, and it sends to a collector that the environment
/// names.</summary>
public sealed class CollectorTests : IDisposable
{
    private const string LibraryOfCollectors = "/OpenTelemetry";
    private readonly Namespaces _lab = new();
    private readonly string _middle;

    public CollectorTests() => _middle = _lab.Add("middle");

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void PrometheusIsAnsweredAcrossARestartAndACollectorGetsTheMeter()
    {
        using var collector = new Collector(NetworkNamespace.Run(_middle, "test", Listen));
        using FlukeProcess bridge = FlukeProcess.BridgeUnder(
            ["env", $"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:{collector.Port}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
                "OTEL_METRIC_EXPORT_INTERVAL=100"],
            _middle, "tap:fl0", "tap:fl1", "--metrics", ":0", "--supervise");
        string url = bridge.WaitForJson("log", json => json.GetProperty("rule").GetString() == "metrics").GetProperty("message")
            .GetString()!;
        int port = int.Parse(Regex.Match(url, "^http://127\\.0\\.0\\.1:([0-9]+)/metrics$").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Contains("fluke6_bridge_info{left=\"tap:fl0\",right=\"tap:fl1\",version=\"", Scrape(port), StringComparison.Ordinal);

        Namespaces.Until(() => collector.Received.Contains("fluke6.port.received.frames", StringComparison.Ordinal),
            "the meter at the collector");
        Assert.Contains("POST /v1/metrics ", collector.Received, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/x-protobuf", collector.Received, StringComparison.Ordinal);
        Assert.Contains("service.name", collector.Received, StringComparison.Ordinal);
        Assert.Contains(LibraryOfCollectors, File.ReadAllText($"/proc/{bridge.Child}/maps"), StringComparison.Ordinal);

        using (Process kill = Process.Start("kill", ["-KILL", bridge.Child.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        bridge.WaitForJson("restart", _ => true);
        // The socket waited for whoever comes next.
        Assert.Contains("fluke6_port_up{side=\"left\"} 1", Scrape(port), StringComparison.Ordinal);
        bridge.Signal("INT");
        Assert.Equal(0, bridge.WaitForExit());
    }

    [Fact]
    public void LibraryOfCollectorsIsNotLoadedWhereThereIsNone()
    {
        using FlukeProcess bridge = FlukeProcess.BridgeUnder(["env", "-u", "OTEL_EXPORTER_OTLP_ENDPOINT"], _middle, "tap:fl0", "tap:fl1", "--supervise");
        bridge.WaitForJson("stats", _ => true);
        Assert.DoesNotContain(LibraryOfCollectors, File.ReadAllText($"/proc/{bridge.Child}/maps"), StringComparison.Ordinal);
        bridge.Signal("INT");
        Assert.Equal(0, bridge.WaitForExit());
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    private string Scrape(int port) => NetworkNamespace.Run(_middle, "test", () =>
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(new IPEndPoint(IPAddress.Loopback, port));
        client.Send("GET /metrics HTTP/1.1\r\n\r\n"u8);
        return MeterTests.ReadToEnd(client);
    });

    /// <summary>Takes requests, and says that all is well.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly Socket _socket;
        private readonly StringBuilder _received = new();

        public Collector(Socket socket)
        {
            _socket = socket;
            Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            new Thread(Serve) { IsBackground = true, Name = "collector" }.Start();
        }

        public int Port { get; }

        public string Received
        {
            get
            {
                lock (_received)
                    return _received.ToString();
            }
        }

        public void Dispose() => _socket.Dispose();

        private void Serve()
        {
            try
            {
                while (true)
                {
                    Socket client = _socket.Accept();
                    new Thread(() => Take(client)) { IsBackground = true, Name = "collector's client" }.Start();
                }
            }
            // The end of the test.
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
            }
        }

        private void Take(Socket client)
        {
            try
            {
                using (client)
                {
                    var request = new StringBuilder();
                    byte[] buffer = new byte[64 * 1024];
                    while (client.Receive(buffer) is > 0 and var length)
                    {
                        request.Append(Encoding.Latin1.GetString(buffer, 0, length));
                        if (!IsWhole(request.ToString()))
                            continue;

                        lock (_received)
                            _received.Append(request);
                        request.Clear();
                        client.Send("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"u8);
                    }
                }
            }
            // The bridge was killed.
            catch (SocketException)
            {
            }
        }

        private static bool IsWhole(string request)
        {
            int end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                return false;

            Match length = Regex.Match(request[..end], "Content-Length: ([0-9]+)", RegexOptions.IgnoreCase);
            return length.Success ? request.Length >= end + 4 + int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture)
                : request.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
        }
    }
}
