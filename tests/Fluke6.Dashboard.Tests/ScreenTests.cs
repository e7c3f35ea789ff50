using System.Text.RegularExpressions;

namespace Fluke6.Dashboard.Tests;

/// <summary>The real program at a terminal, between two hosts: what it shows, what its keys do, how it leaves.</summary>
public sealed class ScreenTests : IDisposable
{
    private const string LeftAddress = "10.67.0.1", RightAddress = "10.67.0.2";
    private const string StripSack = """
        Verdict Apply(ref Frame frame)
        {
            if (frame.TryGetTcp(out var tcp) && tcp.Syn)
                tcp.Options.Strip(TcpOptionKind.SackPermitted);
            return Verdict.Continue;
        }
        """;

    private readonly Namespaces _namespaces = new();
    private readonly RuleFolder _rules = new();
    private readonly string _left;
    private readonly string _right;

    public ScreenTests()
    {
        _left = _namespaces.Add("left");
        _right = _namespaces.Add("right");
    }

    public void Dispose()
    {
        _rules.Dispose();
        _namespaces.Dispose();
    }

    [Fact]
    public void TrafficAppearsAndTheFilterChoosesFlows()
    {
        using TerminalScreen screen = Open();
        Ping();
        screen.WaitFor(text => Regex.IsMatch(text, @"ICMP +10\.67\.0\.1:\d+ +10\.67\.0\.2:\d+"), "the ping's flow");
        screen.WaitFor(text => Regex.IsMatch(text, @"ARP +\w\w:"), "the ARP exchange");
        screen.Press("/");
        screen.WaitFor(text => text.Split('\n').Any(line => line.StartsWith("/▏", StringComparison.Ordinal)), "a place to type");
        screen.Type("10.67.0.0/24 icmp");
        screen.Press("Enter");
        screen.WaitFor(text => text.Contains(", 1 match /10.67.0.0/24 icmp", StringComparison.Ordinal) && !text.Contains("ARP", StringComparison.Ordinal),
            "the ping alone");
        screen.Press("m");
        screen.WaitFor(text => text.Contains("·.·.·.1:", StringComparison.Ordinal) && !text.Contains("10.67.0", StringComparison.Ordinal), "masked addresses");
        screen.Quit();
    }

    [Fact]
    public void RuleThatIsSwitchedOffLetsNewConnectionsUseSackAgain()
    {
        _rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open();
        Assert.DoesNotContain(" sack ", SocketOfAConnection(5001), StringComparison.Ordinal);
        screen.WaitFor(text => Regex.IsMatch(text, @"strip +live +\d+ +[1-9]"), "the rule's hits");

        screen.Press("Space");
        screen.WaitFor(text => Regex.IsMatch(text, @"strip +disabled"), "the rule to be off");
        Assert.Contains(" sack ", SocketOfAConnection(5002), StringComparison.Ordinal);

        // The ledger of the connection from before says what was done to it.
        screen.Press("/");
        screen.Type("5001");
        screen.Press("Enter");
        screen.WaitFor("2 match /5001");
        screen.Press("Tab", "Enter");
        screen.WaitFor(text => Regex.IsMatch(text, @"SACK permitted +yes +- !"), "offered and not delivered");
        screen.Press("End");
        screen.WaitFor(text => Regex.IsMatch(text, "tcp option sack-permitted +there +→ +removed"), "what the rule did, field by field");
        screen.Press("Escape");
        screen.WaitFor("▶ Flows");
        screen.Quit();
    }

    [Fact]
    public void ScriptThatBreaksShowsItsDiagnosticAndRunsAgainOnceMended()
    {
        _rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.WaitFor(text => Regex.IsMatch(text, "strip +live"), "a live rule");
        _rules.Write("strip.csx", StripSack.Replace("return Verdict.Continue;", "return Verdict.Continue"));
        screen.WaitFor(text => Regex.IsMatch(text, "strip +stale"), "a stale rule");
        screen.WaitFor("strip.csx(5,28): error CS1002");

        screen.Press("Enter");
        screen.WaitFor(text => Regex.IsMatch(text, @"►   5     return Verdict\.Continue\s+\^ CS1002: ; expected"), "the diagnostic at its line");
        _rules.Write("strip.csx", StripSack + "\n// mended");
        screen.WaitFor(text => text.Contains("live  the file's version runs", StringComparison.Ordinal) && !text.Contains('►'), "the mended rule");
        screen.Press("Escape");
        screen.WaitFor(text => Regex.IsMatch(text, "reloaded strip in [0-9]+ ms"), "the reload in the log");
        screen.Quit();
    }

    [Fact]
    public void RulesMoveAndKeysSayWhatTheyCannotDo()
    {
        _rules.Write("a.csx", StripSack);
        _rules.Write("b.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.Press("+");
        screen.WaitFor("a is the first rule already");
        screen.Press("-");
        screen.WaitFor(text => Regex.IsMatch(text, @"1 b +live[^\n]*\n +2 a +live"), "b before a");
        screen.Press("Tab", "Space");
        screen.WaitFor("this is for rules");
        screen.Press("x");
        screen.WaitFor("x does nothing");
        screen.Quit();
    }

    [Fact]
    public void EditorOpensTheRuleAndTheScreenComesBack()
    {
        string rule = _rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open("EDITOR='sh -c \"echo // edited >> \\$0\"'");
        screen.WaitFor("strip");
        screen.Press("e");
        Namespaces.Until(() => File.ReadAllText(rule).Contains("// edited", StringComparison.Ordinal), "the editor to run");
        screen.WaitFor("reloaded strip");
        Assert.True(screen.IsOpen);
        screen.Quit();
    }

    [Fact]
    public void CaptureBeginsAndEnds()
    {
        using TerminalScreen screen = Open();
        screen.Press("c");
        screen.WaitFor("● capture:");
        Ping();
        screen.WaitFor(text => Regex.IsMatch(text, "● capture: [1-9]"), "packets in the capture");
        screen.Press("c");
        screen.WaitFor("no capture");
        FileInfo file = Assert.Single(new DirectoryInfo(screen.Folder).GetFiles("fluke6-*.pcapng"));
        Assert.Equal(0x0A0D0D0Au, BitConverter.ToUInt32(File.ReadAllBytes(file.FullName)));
        screen.Quit();
    }

    [Fact]
    public void CaptureOfTheCommandLineIsShownAndCanBeEnded()
    {
        string file = Path.Combine(_rules.Path, "seen.pcapng");
        using TerminalScreen screen = Open(options: $"--capture {file}");
        screen.WaitFor("● capture:");
        screen.WaitFor($"capturing to {file}; c ends it");
        Ping();
        screen.WaitFor(text => Regex.IsMatch(text, "● capture: [1-9]"), "packets in the capture");
        screen.Press("c");
        screen.WaitFor("no capture");
        screen.WaitFor("capture ended: ");
        Assert.Equal(0x0A0D0D0Au, BitConverter.ToUInt32(File.ReadAllBytes(file)));
        Assert.Empty(new DirectoryInfo(screen.Folder).GetFiles("*.pcapng"));
        screen.Quit();
    }

    [Fact]
    public void EveryPaneIsThereAtEverySize()
    {
        _rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open();
        foreach ((int width, int height) in ((int, int)[])[(200, 50), (80, 24), (120, 30), (80, 24)])
        {
            screen.Resize(width, height);
            screen.WaitFor(
                text =>
                {
                    string[] lines = text.TrimEnd('\n').Split('\n');
                    return lines.Length == height && lines[^1].Contains("? help", StringComparison.Ordinal)
                        && lines.Any(line => line.Contains("Rules (1) ─", StringComparison.Ordinal) && line.Length == width)
                        && text.Contains("─ Flows (", StringComparison.Ordinal) && text.Contains("─ Log ─", StringComparison.Ordinal);
                },
                $"all panes at {width}x{height}");
        }

        screen.Quit();
    }

    [Fact]
    public void NothingIsColouredWhereTheUserWantsNoColour()
    {
        _rules.Write("strip.csx", StripSack);
        using (TerminalScreen coloured = Open())
        {
            Assert.Matches(@"\e\[[0-9;]*3[0-7]m", coloured.Coloured);
            coloured.Quit();
        }

        using TerminalScreen plain = Open("NO_COLOR=1");
        Assert.DoesNotMatch(@"\e\[([0-9]+;)*(3[0-8]|4[0-8]|9[0-7])[;m]", plain.Coloured);
        plain.Quit();
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void SignalLeavesTheTerminalAsItWas(string signal)
    {
        using TerminalScreen screen = Open();
        screen.Signal(signal);
        Assert.Equal(0, screen.WaitForEnd());
        screen.WaitFor("stopped after");
    }

    [Fact]
    public void ProgramEndsWithItsTerminal()
    {
        using TerminalScreen screen = Open();
        screen.HangUp();
    }

    [Fact]
    public void RuleThatDoesNotCompileIsSaidBeforeTheScreenOpens()
    {
        _rules.Write("broken.csx", "this is not C#");
        using var screen = new TerminalScreen("", Command);
        Assert.Equal(3, screen.WaitForEnd());
        screen.WaitFor("fluke6: broken.csx(1,");
    }

    [Theory]
    [InlineData("--headless")]
    [InlineData("--stats json")]
    public void ReportInsteadOfTheScreen(string option)
    {
        using var screen = new TerminalScreen("", $"{Command} {option} --duration 1");
        screen.WaitFor("ready");
        Assert.False(screen.IsOpen);
        Assert.Equal(0, screen.WaitForEnd());
    }

    private string Command => $"bridge tap:eth0@{_left} tap:eth0@{_right} -r {_rules.Path}";

    private TerminalScreen Open(string environment = "", string options = "")
    {
        var screen = new TerminalScreen(environment, $"{Command} {options}");
        screen.WaitFor("? help");
        _namespaces.Address(_left, "eth0", LeftAddress, "2001:db8:1::1");
        _namespaces.Address(_right, "eth0", RightAddress, "2001:db8:1::2");
        return screen;
    }

    private void Ping() => _namespaces.Exec(_left, "ping", "-c", "2", "-i", "0.2", RightAddress);

    /// <summary>What <c>ss</c> says at left about a connection to right.</summary>
    private string SocketOfAConnection(int port)
    {
        using var server = System.Diagnostics.Process.Start("ip", ["netns", "exec", _right, "sh", "-c", $"exec iperf3 -s -1 -p {port} > /dev/null"]);
        Namespaces.Until(() => _namespaces.Exec(_right, "ss", "-tlnH").Contains($":{port}", StringComparison.Ordinal), "the server");
        using var client = System.Diagnostics.Process.Start("ip", ["netns", "exec", _left, "sh", "-c", $"exec iperf3 -c {RightAddress} -p {port} -t 2 -b 1M > /dev/null"]);
        string sockets = "";
        Namespaces.Until(
            () => (sockets = _namespaces.Exec(_left, "ss", "-tinoH", "dport", "=", $":{port}")).Contains("bytes_acked", StringComparison.Ordinal),
            "the connection");
        Assert.True(client.WaitForExit(TimeSpan.FromSeconds(20)) && server.WaitForExit(TimeSpan.FromSeconds(10)), "iperf3 did not end");
        return sockets;
    }
}
