using System.Text.Json;

namespace Fluke6.Command.Tests;

/// <summary>How a bridge begins, reports and ends.</summary>
public sealed class BridgeCommandTests : IDisposable
{
    private readonly Namespaces _lab = new();
    private readonly string _middle;

    public BridgeCommandTests() => _middle = _lab.Add("middle");

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void JsonLinesHaveTheFieldsThatAreDocumented()
    {
        using FlukeProcess fluke = Start("--rules", FlukeProcess.Example("tcp-log-options"), "--duration", "1.5");
        Assert.Equal(0, fluke.WaitForExit());

        JsonElement[] lines = [.. fluke.Output.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.StartsWith("""{"type":"ready","left":"tap:fl0","right":"tap:fl1","fastPath":false,"fastPathReason":""" + '"', fluke.Output[0], StringComparison.Ordinal);
        Assert.All(lines[1..], line => Assert.Equal("stats", line.GetProperty("type").GetString()));
        // After a second, and the last one; on a machine that stood still, that alone.
        Assert.InRange(lines.Length - 1, 1, 2);

        JsonElement stats = lines[^1];
        Assert.True(DateTime.UtcNow - stats.GetProperty("time").GetDateTime() < TimeSpan.FromMinutes(1));
        foreach ((string side, string name) in (ReadOnlySpan<(string, string)>)[("left", "fl0"), ("right", "fl1")])
        {
            JsonElement port = stats.GetProperty("ports").GetProperty(side);
            Assert.Equal(name, port.GetProperty("name").GetString());
            foreach (string field in (string[])["rxFrames", "rxBytes", "txFrames", "txBytes", "txDropped", "rxDropped", "errors"])
                Assert.Equal(JsonValueKind.Number, port.GetProperty(field).ValueKind);
        }

        JsonElement rule = FlukeProcess.Rule(stats, "tcp-log-options");
        Assert.Equal("live", rule.GetProperty("state").GetString());
        foreach (string field in (string[])["seen", "hits", "rewritten", "dropped", "sent", "faults", "linesSkipped"])
            Assert.Equal(JsonValueKind.Number, rule.GetProperty(field).ValueKind);
        foreach (string field in (string[])["flows", "notesLost", "linesLost", "errorLinesLost"])
            Assert.Equal(JsonValueKind.Number, stats.GetProperty(field).ValueKind);
        Assert.Empty(fluke.Errors);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void SignalEndsItWithASummary(string signal)
    {
        using FlukeProcess fluke = Start();
        int before = fluke.Output.Count;
        fluke.Signal(signal);
        Assert.Equal(0, fluke.WaitForExit());
        Assert.True(fluke.Output.Count > before);
        Assert.Equal("stats", JsonDocument.Parse(fluke.Output[^1]).RootElement.GetProperty("type").GetString());
        Assert.DoesNotContain("fl0", _lab.Ip(_middle, "link show"));
    }

    [Fact]
    public void TextReportHasALineASecondAndASummary()
    {
        string output = _lab.Exec(_middle, FlukeProcess.Program, "bridge", "tap:fl0", "tap:fl1", "--duration", "1.5",
            "--rules", FlukeProcess.Example("tcp-clamp-mss"));
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Contains("ready: tap:fl0 <-> tap:fl1, rule tcp-clamp-mss", lines[0]);
        Assert.Contains("frames/s", lines[1]);
        Assert.Contains("bit/s", lines[1]);
        Assert.Contains("stopped after 1.", lines[2]);
        Assert.Contains("tap:fl0: received", lines[3]);
        Assert.Contains("tap:fl1: received", lines[4]);
        Assert.Contains("tcp-clamp-mss  live", lines[5]);
    }

    [Fact]
    public void ReaderThatStopsReadingCannotKeepItFromEnding()
    {
        // The pipe fills with log lines that nobody reads; the shell reads the first and then only holds its other end open. Killed after half a minute: 137.
        using var rules = new RuleFolder();
        rules.Write("chatter.csx", "Every(TimeSpan.FromMilliseconds(1), () => { for (int i = 0; i < 20; i++) Log(new string('x', 500)); });\nvoid Apply(ref Frame frame) { }\n");
        string output = _lab.Exec(_middle, "bash", "-c",
            $"mkfifo '{rules.Path}/unread'; exec 3<>'{rules.Path}/unread'; '{FlukeProcess.Program}' bridge tap:fl0 tap:fl1 --rules '{rules.Path}' >'{rules.Path}/unread' & p=$!; "
            + "read -u 3 ready; sleep 1; kill -TERM $p; for i in {1..300}; do kill -0 $p 2>/dev/null || break; sleep 0.1; done; kill -KILL $p 2>/dev/null; wait $p; echo status $?");
        Assert.Equal("status 0", output.Trim());
    }

    [Fact]
    public void RuleThatDoesNotCompileAtStartEndsItWithStatus3()
    {
        using var rules = new RuleFolder();
        rules.Write("10-broken.csx", "Verdict Apply(ref Frame frame) => Verdict.Perhaps;\n");
        using FlukeProcess fluke = FlukeProcess.In(_middle, "bridge", "tap:fl0", "tap:fl1", "--rules", rules.Path);
        Assert.Equal(3, fluke.WaitForExit());
        Assert.StartsWith("fluke6: 10-broken.csx(1,43): error CS0117: ", Assert.Single(fluke.Errors));
        Assert.Empty(fluke.Output);
    }

    [Fact]
    public void WarningsGoToStandardError()
    {
        using var rules = new RuleFolder();
        rules.Write("10-x.csx", "void Apply(ref Frame frame) { }");
        rules.Write("50.CSX", "");
        using FlukeProcess fluke = Start("--rules", rules.Path, "--duration", "0.2");
        Assert.Equal(0, fluke.WaitForExit());
        Assert.Contains("50.CSX", Assert.Single(fluke.Errors));
    }

    [Fact]
    public void MtusThatDifferAreWarnedOf()
    {
        _lab.Ip(_middle, "link add wide type veth peer name narrow");
        _lab.Ip(_middle, "link set narrow mtu 1400 up");
        _lab.Ip(_middle, "link set wide up");
        using FlukeProcess fluke = FlukeProcess.In(_middle, "bridge", "wide", "narrow", "--duration", "0.2");
        Assert.Equal(0, fluke.WaitForExit());
        Assert.Contains("1400", Assert.Single(fluke.Errors));
    }

    private FlukeProcess Start(params string[] options) => FlukeProcess.Bridge(_middle, "tap:fl0", "tap:fl1", options);
}
