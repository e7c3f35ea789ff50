using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Fluke6.Dashboard.Tests;

/// <summary>What the screen says against what the kernel of both hosts says.</summary>
public sealed class FigureTests : BridgedHosts
{
    [Fact]
    public void PortsCountWhatTheHostsInterfacesCount()
    {
        using TerminalScreen screen = Open();
        screen.Resize(200, 50);
        SocketOfAConnection(5001);
        Ping(count: 5);
        Ping(RightAddress6, count: 3);

        // Traffic stopped but for what the kernel sends by itself, so both are looked at until they are of the same moment.
        screen.WaitFor(
            text => Port(text, '→') == Sent(Left) && Port(text, '←') == Sent(Right) && Port(text, '→').Frames > 20,
            "the ports' figures to be those of ip -s link");
        screen.Quit();
    }

    [Fact]
    public void PingsFlowIsCountedToTheOctet()
    {
        using TerminalScreen screen = Open();
        Ping(count: 5);
        screen.Press("/");
        screen.Type("icmp");
        screen.Press("Enter");
        screen.WaitFor("1 match /icmp");
        screen.Press("Tab", "Enter");
        // Five requests of 56 octets of data, 8 of ICMP, 20 of IP, 14 of Ethernet.
        screen.WaitFor(text => Regex.IsMatch(text, @"from left +5 frames +490 bytes\s+from right +5 frames +490 bytes"), "exact figures");
        screen.Quit();
    }

    [Theory]
    [InlineData("plain", "return Verdict.Continue;")]
    [InlineData("stripped", "if (frame.TryGetTcp(out var tcp) && tcp.Syn) tcp.Options.Strip(TcpOptionKind.SackPermitted); return Verdict.Continue;")]
    [InlineData("no-scale", "if (frame.TryGetTcp(out var tcp) && tcp.Syn) tcp.Options.Strip(TcpOptionKind.WindowScale); return Verdict.Continue;")]
    [InlineData("no-times", "if (frame.TryGetTcp(out var tcp) && tcp.Syn) tcp.Options.Strip(TcpOptionKind.Timestamps); return Verdict.Continue;")]
    public void LedgerAgreesWithTheSocket(string name, string statements)
    {
        Rules.Write($"{name}.csx", $"Verdict Apply(ref Frame frame) {{ {statements} }}");
        using TerminalScreen screen = Open();
        string socket = SocketOfAConnection(5001);
        screen.Press("/");
        screen.Type("5001 tcp");
        screen.Press("Enter");
        screen.WaitFor("2 match /5001 tcp");
        // The first of the two is the one of the data, whichever was seen last.
        screen.Press("Tab", "Enter");
        screen.WaitFor("in force");
        bool sack = Regex.IsMatch(socket, @"\bsack\b"), timestamps = Regex.IsMatch(socket, @"\bts\b");
        Match scale = Regex.Match(socket, @"\bwscale:(\d+),(\d+)");
        const int TimestampsOption = 12;
        int limit = int.Parse(Regex.Match(socket, @"\bmss:(\d+)").Groups[1].ValueSpan, CultureInfo.InvariantCulture) + (timestamps ? TimestampsOption : 0);
        screen.WaitFor(
            text => Force(text, "SACK permitted") == (sack ? "yes" : "no")
                && Force(text, "timestamps") == (timestamps ? "yes" : "no")
                && Force(text, "window scale") == (scale.Success ? $"client {scale.Groups[2].Value}, server {scale.Groups[1].Value}" : "no")
                && Force(text, "MSS").StartsWith($"{limit} →", StringComparison.Ordinal),
            $"what ss says: {socket}");
        // At the end of a small screen's lines there is nothing missing.
        screen.WaitFor(text => Regex.IsMatch(text, @"rewritten \d, dropped 0\s*\n"), "what rules did to it");
        screen.Press("End");
        screen.WaitFor(
            text => Regex.IsMatch(text, @"client since: data in [1-9]\S*, SACK in \S+, timestamps in \S+, over MSS none\s*\n server since: .*, over MSS none\s*\n"),
            "what was seen since");
        screen.Quit();
    }

    [Fact]
    public void RulesMeanTimeAppearsOnceItWasMeasured()
    {
        Rules.Write("strip.csx", StripSack);
        using TerminalScreen screen = Open();
        screen.WaitFor(text => Regex.IsMatch(text, @"1 strip +live( +\d+){6} +- "), "no figure");
        _namespaces.Exec(Left, "ping", "-q", "-c", "1000", "-i", "0.002", RightAddress);
        screen.WaitFor(text => Regex.IsMatch(text, @"1 strip +live +\S+( +\d+){5} +(<1|[\d.]+[kM]?) "), "nanoseconds");
        screen.Press("Enter");
        screen.WaitFor(text => Regex.IsMatch(text, @"[\d,]+ ns a frame, the mean of \d+ that were measured"), "how it was measured");
        screen.WaitFor(text => Regex.IsMatch(text, @"No hits in \d,\d+ frames\.\s+It asks for Tcp, which no frame had\."), "why there are no hits");
        screen.Quit();
    }

    // What is in force stands behind four columns of offers.
    private static string Force(string text, string row) =>
        Regex.Match(text, $@"^ {row,-15}.{{44}}(.*)$", RegexOptions.Multiline) is { Success: true } match ? match.Groups[1].Value.TrimEnd() : "";

    private static (long Frames, long Bytes) Port(string text, char arrow)
    {
        Match line = Regex.Match(text, $@"^{arrow} \S+ +up +on +\S+ +\S+ +([\d,]+) +([\d,]+) ", RegexOptions.Multiline);
        return line.Success ? (Number(line.Groups[1].Value), Number(line.Groups[2].Value)) : default;
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private (long Frames, long Bytes) Sent(string host)
    {
        JsonElement sent = JsonDocument.Parse(_namespaces.Ip(host, "-s -j link show eth0")).RootElement[0].GetProperty("stats64").GetProperty("tx");
        return (sent.GetProperty("packets").GetInt64(), sent.GetProperty("bytes").GetInt64());
    }
}
