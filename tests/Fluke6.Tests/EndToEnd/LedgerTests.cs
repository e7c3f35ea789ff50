using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>What the ledger says of a connection is what both kernels say of it.</summary>
public sealed partial class LedgerTests : IDisposable
{
    private const string SackFromSynAck = """
        Verdict Apply(ref Frame frame)
        {
            if (frame.TryGetTcp(out var tcp) && tcp.Syn && tcp.Ack)
                tcp.Options.Strip(TcpOptionKind.SackPermitted);
            return Verdict.Continue;
        }
        """;

    private const string RemoveWindowScale = """
        Verdict Apply(ref Frame frame)
        {
            if (frame.TryGetTcp(out var tcp) && tcp.Syn)
                frame.RemoveTcpOption(TcpOptionKind.WindowScale);
            return Verdict.Continue;
        }
        """;

    private readonly RuleFolder _rules = new();

    public void Dispose() => _rules.Dispose();

    [Fact]
    public void PlainAllIsInForce()
    {
        JsonElement ledger = CompareWithKernels();
        Assert.True(InForce(ledger, "sackPermitted"));
        Assert.True(InForce(ledger, "windowScale"));
        Assert.True(InForce(ledger, "timestamps"));
        Assert.Equal(1460, Number(ledger, "inForce", "clientSendMss"));
        Assert.True(Number(ledger, "clientSent", "timestampSegments") > 0);
        Assert.True(Number(ledger, "clientSent", "dataSegments") > 0);
        Assert.Equal(0, Number(ledger, "clientSent", "segmentsOverMss"));
        Assert.Empty(Names(ledger, "oneSided"));
    }

    [Fact]
    public void SackStrippedBothWays()
    {
        JsonElement ledger = CompareWithKernels("--rules", FlukeProcess.Example("tcp-strip-sack-permitted"));
        Assert.True(Offer(ledger, "syn", "offered", "sackPermitted"));
        Assert.False(Offer(ledger, "syn", "delivered", "sackPermitted"));
        Assert.False(InForce(ledger, "sackPermitted"));
        Assert.True(InForce(ledger, "timestamps"));
        Assert.Equal(0, Number(ledger, "serverSent", "sackSegments"));
        Assert.Empty(Names(ledger, "oneSided"));
    }

    [Fact]
    public void SackStrippedOneWayIsCalledOut()
    {
        _rules.Write("strip.csx", SackFromSynAck);
        JsonElement ledger = CompareWithKernels("--rules", _rules.Path);
        Assert.True(Offer(ledger, "syn", "delivered", "sackPermitted"));
        Assert.True(Offer(ledger, "synAck", "offered", "sackPermitted"));
        Assert.False(Offer(ledger, "synAck", "delivered", "sackPermitted"));
        Assert.False(InForce(ledger, "sackPermitted"));
        Assert.Equal(["sackPermitted"], Names(ledger, "oneSided"));
        Assert.Equal(["sackPermitted"], Names(ledger, "endsDisagree"));
    }

    [Fact]
    public void WindowScaleRemoved()
    {
        _rules.Write("remove.csx", RemoveWindowScale);
        JsonElement ledger = CompareWithKernels("--rules", _rules.Path);
        Assert.False(InForce(ledger, "windowScale"));
        Assert.Equal((0, 0), (Number(ledger, "inForce", "clientWindowShift"), Number(ledger, "inForce", "serverWindowShift")));
        Assert.True(InForce(ledger, "sackPermitted"));
    }

    [Fact]
    public void MssClamped()
    {
        JsonElement ledger = CompareWithKernels("--rules", FlukeProcess.Example("tcp-clamp-mss"), "--set", "mss=900");
        Assert.Equal((900, 900), (Number(ledger, "inForce", "clientSendMss"), Number(ledger, "inForce", "serverSendMss")));
        Assert.Equal(1460, ledger.GetProperty("syn").GetProperty("offered").GetProperty("mss").GetInt32());
        Assert.Equal(900, ledger.GetProperty("syn").GetProperty("delivered").GetProperty("mss").GetInt32());
        Assert.Equal(0, Number(ledger, "clientSent", "segmentsOverMss"));
    }

    [Fact]
    public void TimestampsRemoved()
    {
        JsonElement ledger = CompareWithKernels("--rules", FlukeProcess.Example("tcp-remove-timestamps"));
        Assert.False(InForce(ledger, "timestamps"));
        Assert.Equal((0, 0), (Number(ledger, "clientSent", "timestampSegments"), Number(ledger, "serverSent", "timestampSegments")));
        Assert.True(InForce(ledger, "sackPermitted"));
    }

    /// <summary>Lets data flow, and compares what the kernels say with the ledger in the JSON.</summary>
    /// <returns>The ledger of the connection that carried the data.</returns>
    private static JsonElement CompareWithKernels(params string[] options)
    {
        TwoHosts.RequireTool("iperf3");
        using var hosts = new TwoHosts(packetPorts: false, ["--stats-flows", "32", .. options]);
        (string atLeft, string atRight) = hosts.SocketsDuringTransfer();
        JsonElement flow = default;
        hosts.Bridge.WaitForJson("stats", stats => stats.GetProperty("flowTable").EnumerateArray().Any(IsData));
        JsonElement ledger = flow.GetProperty("ledger");
        Assert.True(ledger.GetProperty("complete").GetBoolean());

        // The control connection and the one with the data went through the same rules.
        Assert.Equal(2, Compare(atLeft, ledger, isClient: true));
        Assert.Equal(2, Compare(atRight, ledger, isClient: false));

        JsonElement handshake = hosts.Bridge.WaitForJson("handshake", json => Port(json, "source") == Port(flow, "source"));
        foreach (string part in (string[])["syn", "synAck", "inForce", "oneSided", "endsDisagree"])
            Assert.True(JsonElement.DeepEquals(ledger.GetProperty(part), handshake.GetProperty(part)), $"{part}: {handshake}");
        return ledger;

        bool IsData(JsonElement candidate)
        {
            bool isData = candidate.GetProperty("protocol").GetString() == "TCP" && candidate.GetProperty("bytesFromLeft").GetInt64() > 1_000_000;
            if (isData)
                flow = candidate;
            return isData;
        }
    }

    private static int Compare(string sockets, JsonElement ledger, bool isClient)
    {
        int compared = 0;
        foreach (string line in sockets.Split('\n').Where(line => line.Contains(" rto:", StringComparison.Ordinal)))
        {
            string what = $"{(isClient ? "client" : "server")}: {line}\n{ledger}";
            Assert.True(line.Contains(" sack ", StringComparison.Ordinal) == Uses(ledger, "sackPermitted", isClient), what);
            bool timestamps = Uses(ledger, "timestamps", isClient);
            Assert.True(line.Contains(" ts ", StringComparison.Ordinal) == timestamps, what);

            int clientShift = Number(ledger, "inForce", "clientWindowShift"), serverShift = Number(ledger, "inForce", "serverWindowShift");
            // The peer's shift first.
            string scale = isClient ? $" wscale:{serverShift},{clientShift} " : $" wscale:{clientShift},{serverShift} ";
            Assert.True(line.Contains(" wscale:", StringComparison.Ordinal) == Uses(ledger, "windowScale", isClient), what);
            Assert.True(!Uses(ledger, "windowScale", isClient) || line.Contains(scale, StringComparison.Ordinal), what);

            // The kernel counts what is left for data: timestamps take 12 octets of each segment.
            int mss = int.Parse(SegmentSize().Match(line).Groups[1].ValueSpan, CultureInfo.InvariantCulture) + (timestamps ? 12 : 0);
            Assert.True(mss == Number(ledger, "inForce", isClient ? "clientSendMss" : "serverSendMss"), what);
            compared++;
        }

        return compared;
    }

    /// <summary>Whether an end, by what it offered and was given, uses a feature.</summary>
    private static bool Uses(JsonElement ledger, string feature, bool isClient) =>
        Offer(ledger, "syn", isClient ? "offered" : "delivered", feature) && Offer(ledger, "synAck", isClient ? "delivered" : "offered", feature);

    private static bool Offer(JsonElement ledger, string segment, string when, string feature) =>
        ledger.GetProperty(segment).GetProperty(when).GetProperty(feature).GetBoolean();

    private static bool InForce(JsonElement ledger, string feature) => ledger.GetProperty("inForce").GetProperty(feature).GetBoolean();

    private static int Number(JsonElement ledger, string part, string name) => ledger.GetProperty(part).GetProperty(name).GetInt32();

    private static IEnumerable<string?> Names(JsonElement ledger, string list) => ledger.GetProperty(list).EnumerateArray().Select(name => name.GetString());

    private static int Port(JsonElement json, string end) => json.GetProperty(end).GetProperty("port").GetInt32();

    [GeneratedRegex(@" mss:(\d+) ")]
    private static partial Regex SegmentSize();
}
