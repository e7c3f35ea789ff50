using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Fluke6.Bridging;
using Fluke6.Command.Metrics;
using Fluke6.Frames;

namespace Fluke6.Command.Tests.Metrics;

/// <summary>The meter, and its text for Prometheus, over a bridge in memory.</summary>
public sealed partial class MeterTests : IDisposable
{
    private const string Rule = "10-\"x\\y";
    private static readonly byte[] s_frame = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5, .. new byte[46]];
    private readonly ManualResetEventSlim _goOn = new(initialState: true);
    private readonly TestBridge _bridge;
    private readonly BridgeMeter _meter;

    public MeterTests()
    {
        _bridge = new TestBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromMinutes(10) }, (Rule, (ref Frame _) =>
        {
            _goOn.Wait();
            return Verdict.Drop;
        }));
        _meter = new BridgeMeter(_bridge.Bridge);
        _bridge.Pass(Side.Left, s_frame, s_frame, s_frame);
    }

    public void Dispose()
    {
        _goOn.Set();
        _meter.Dispose();
        _bridge.Dispose();
        _goOn.Dispose();
    }

    [Fact]
    public void ListenersOfTheMeterSeeWhatReportsSee()
    {
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Meter == _meter.Meter)
                    all.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => seen[Key(instrument, labels)] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Equal("Fluke6", _meter.Meter.Name);
        Assert.Equal(3, seen["fluke6.port.received.frames{frame} side=left"]);
        Assert.Equal(3 * s_frame.Length, seen["fluke6.port.received.bytesBy side=left"]);
        Assert.Equal(0, seen["fluke6.port.sent.frames{frame} side=right"]);
        Assert.Equal(3, seen[$"fluke6.rule.dropped.frames{{frame}} rule={Rule}"]);

        static string Key(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
            $"{instrument.Name}{instrument.Unit} {string.Join(',', labels.ToArray().Select(label => $"{label.Key}={label.Value}"))}";
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TextIsWhatItsFormatSays(bool openMetrics)
    {
        using var text = new PrometheusText(_meter.Meter);
        string all = text.Collect(openMetrics);
        string[] lines = all.Split('\n');
        Assert.Contains("fluke6_port_received_frames_total{side=\"left\"} 3", lines);
        Assert.Contains("fluke6_rule_dropped_frames_total{rule=\"10-\\\"x\\\\y\"} 3", lines);
        Assert.Contains("fluke6_rule_state{rule=\"10-\\\"x\\\\y\",state=\"live\"} 1", lines);
        Assert.Contains("fluke6_fast_path 0", lines);
        Assert.Equal(openMetrics, all.EndsWith("\n# EOF\n", StringComparison.Ordinal));
        Assert.True(all.EndsWith('\n'));

        string family = "", type = "";
        var families = new HashSet<string>();
        foreach (string line in lines.Where(line => line.Length > 0 && line != "# EOF"))
        {
            if (TypeLine().Match(line) is { Success: true } head)
            {
                (family, type) = (head.Groups[1].Value, head.Groups[2].Value);
                Assert.True(families.Add(family), $"{family} comes twice");
                Assert.Equal(type == "counter" && !openMetrics, family.EndsWith("_total", StringComparison.Ordinal));
            }
            else if (line.StartsWith('#'))
            {
                Assert.StartsWith(line.StartsWith("# UNIT", StringComparison.Ordinal) ? $"# UNIT {family} {family.Split('_')[^1]}"
                    : $"# HELP {family} ", line, StringComparison.Ordinal);
            }
            else
            {
                Match sample = Sample().Match(line);
                Assert.True(sample.Success, line);
                Assert.Equal(type == "counter" && openMetrics ? $"{family}_total" : family, sample.Groups[1].Value);
            }
        }

        Assert.Equal(all, text.Collect(openMetrics));
    }

    // A family that has no sample here has one where something was lost, or captured.
    [Fact]
    public void DocumentListsAllThatThereIs()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "run.sh")))
            folder = Path.GetDirectoryName(folder)!;
        string[] listed = [.. File.ReadLines(Path.Combine(folder, "docs/metrics.md")).Where(line => line.StartsWith("| fluke6_",
            StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(',', StringSplitOptions.TrimEntries))];
        var names = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter == _meter.Meter)
                    names.Add(PrometheusText.SampleNameOf(instrument));
            },
        };
        listener.Start();
        Assert.Equal(names.Order(), listed.Order());
    }

    [Fact]
    public void ServerAnswersWhileARuleHoldsTheBridgesThreadAndAClientStalls()
    {
        using var text = new PrometheusText(_meter.Meter);
        Socket socket = MetricsSocket.Open(new IPEndPoint(IPAddress.Loopback, 0));
        var address = (IPEndPoint)socket.LocalEndPoint!;
        using var server = new MetricsServer(socket, text);
        _goOn.Reset();
        _bridge.Arrive(s_frame);
        Namespaces.Until(() => _bridge.Bridge.Left.Counters.RxFrames == 4, "the frame");

        using Socket stalled = Connect(address);
        stalled.Send("GET /met"u8);
        string answer = Ask(address, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n", answer,
            StringComparison.Ordinal);
        Assert.Contains("fluke6_port_received_frames_total{side=\"left\"} 4\n", answer, StringComparison.Ordinal);
        Assert.Equal(answer.Split("\r\n\r\n")[1].Length, int.Parse(Regex.Match(answer, "Content-Length: ([0-9]+)").Groups[1].Value));
        Assert.Contains("# EOF", Ask(address, "GET /metrics?x=1 HTTP/1.1\r\naccept: text/plain;q=0.1, "
            + "application/openmetrics-text;version=1.0.0\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 ", Ask(address, "GET / HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 405 ", Ask(address, "POST /metrics HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde"),
            StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", Ask(address, "HEAD /metrics HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(":9464", "127.0.0.1:9464")]
    [InlineData("localhost:1", "127.0.0.1:1")]
    [InlineData("192.0.2.1:65535", "192.0.2.1:65535")]
    [InlineData("[::1]:9464", "[::1]:9464")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    public void AddressIsRead(string text, string expected)
    {
        Assert.True(MetricsSocket.TryParse(text, out IPEndPoint? address, out _));
        Assert.Equal(expected, $"{address}");
    }

    [Theory]
    [InlineData("9464")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("::1:9464")]
    [InlineData("[127.0.0.1]:9464")]
    [InlineData("example.org:9464")]
    public void NoAddressIsOneLineThatSaysHowOneIsWritten(string text)
    {
        Assert.False(MetricsSocket.TryParse(text, out _, out string? error));
        Assert.Contains("ADDRESS:PORT, such as 127.0.0.1:9464", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.77", "`ip address`")]
    [InlineData("127.0.0.1", "`ss -ltnp sport = :")]
    public void AddressThatCannotBeHadIsOneLineThatSaysWhatToDo(string host, string advice)
    {
        using Socket first = MetricsSocket.Open(new IPEndPoint(IPAddress.Loopback, 0));
        var address = new IPEndPoint(IPAddress.Parse(host), ((IPEndPoint)first.LocalEndPoint!).Port);
        CommandFailure failure = Assert.Throws<CommandFailure>(() => MetricsSocket.Open(address));
        Assert.Equal(ExitCode.Failed, failure.ExitCode);
        Assert.StartsWith($"--metrics {address}: ", Assert.Single(failure.Lines), StringComparison.Ordinal);
        Assert.Contains(advice, failure.Lines[0], StringComparison.Ordinal);
    }

    private static Socket Connect(IPEndPoint address)
    {
        var client = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(address);
        return client;
    }

    private static string Ask(IPEndPoint address, string request)
    {
        using Socket client = Connect(address);
        client.Send(Encoding.ASCII.GetBytes(request));
        return ReadToEnd(client);
    }

    internal static string ReadToEnd(Socket client)
    {
        var answer = new MemoryStream();
        byte[] buffer = new byte[4096];
        while (client.Receive(buffer) is > 0 and var length)
            answer.Write(buffer, 0, length);
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    [GeneratedRegex("^# TYPE (fluke6_[a-z_]+) (counter|gauge)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^(fluke6_[a-z_]+)(\{[a-z]+="([^"\\\n]|\\["\\n])*"(,[a-z]+="([^"\\\n]|\\["\\n])*")*\})? [0-9][0-9.E+-]*$""")]
    private static partial Regex Sample();
}
