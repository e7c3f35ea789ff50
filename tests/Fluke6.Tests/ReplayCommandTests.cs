using System.Text.Json;

namespace Fluke6.Command.Tests;

/// <summary>Captures run through rules with their own time, and give the same bytes each time.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private const string Ipv4 = "0800" + "4500002e00074000" + "3f11" + "0000" + "c6336401" + "0a05004d" + "9c4004d2001a0000";
    private static readonly byte[] s_frame = Convert.FromHexString("020000000002020000000001" + Ipv4 + "000102030405060708090a0b0c0d0e0f1011");
    private readonly RuleFolder _folder = new();
    private readonly string _output;

    public ReplayCommandTests() => _output = Path.Combine(_folder.Path, "out.pcapng");

    private static string CourseNotes => Path.Combine(AppContext.BaseDirectory, "Captures", "frames.pcap");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NotesAreAnsweredAsTheNotesSayOctetForOctet()
    {
        string[] line =
        [
            "replay", CourseNotes, "-o", _output, "--left", "00:26:98:2a:dc:c1",
            "-r", FlukeProcess.Example("ndp-answer-solicitations"), "--set", "addresses=2604:5f00:ffff:fe00::101:ca75", "--set", "mac=b8:27:eb:5a:af:b7",
            "-r", FlukeProcess.Example("dns-answer-aaaa"), "--set", "edns=false",
        ];
        Assert.Equal((0, ""), Run(line));
        byte[] once = File.ReadAllBytes(_output);
        IReadOnlyList<ReadCapture.Packet> packets = ReadCapture.Read(_output).Packets;

        byte[][] notes = [.. packets.Where(packet => packet.Inbound).Select(packet => packet.Octets)];
        ReadCapture.Packet[] answers = [.. packets.Where(packet => !packet.Inbound)];
        Assert.Equal(9, notes.Length);
        Assert.All(answers, answer => Assert.Equal(0, answer.Interface));
        Assert.Equal(
            ["ndp-answer-solicitations: answered", "ndp-answer-solicitations: answered", "dns-answer-aaaa: answered", "dns-answer-aaaa: answered"],
            answers.Select(answer => answer.Comment));
        // The advertisement and both answers of the notes, which came from the right. The echo reply's hop limit is the rule's own.
        Assert.Equal([notes[1], notes[6], notes[8]], [answers[0].Octets, answers[2].Octets, answers[3].Octets]);

        Assert.Equal((0, ""), Run(line));
        Assert.Equal(once, File.ReadAllBytes(_output));
    }

    [Fact]
    public void ClockTimersAndRandomNumbersAreTheCapturesAndTheSeeds()
    {
        string rule = _folder.Write("late.csx", """
            int ticks = 0;
            Every(TimeSpan.FromSeconds(1), () => Log($"tick {++ticks} at {Clock.GetUtcNow().ToUnixTimeMilliseconds()}"));
            AtExit(() => Log($"exit at {Clock.GetUtcNow().ToUnixTimeMilliseconds()}"));
            Log($"loaded at {Clock.GetUtcNow().ToUnixTimeMilliseconds()}");

            Verdict Apply(ref Frame frame)
            {
                FrameCopy copy = frame.Copy();
                After(TimeSpan.FromMilliseconds(Random.Next(100, 400)), () => Send(Side.Right, copy));
                return Verdict.Drop;
            }
            """);
        CaptureBytes capture = new CaptureBytes().PcapHeader(0xA1B23C4D).PcapPacket(1000, 0, s_frame).PcapPacket(1002, 123_456_789, s_frame);
        string input = Write("in.pcap", capture);

        string[] Replay(string seed)
        {
            using var fluke = new FlukeProcess("replay", input, "-o", _output, "-r", rule, "--seed", seed, "--linger", "0.5", "--stats", "json");
            Assert.Equal(0, fluke.WaitForExit());
            return [.. fluke.Output.Select(line => JsonDocument.Parse(line).RootElement)
                .Where(json => json.GetProperty("type").GetString() == "log").Select(json => json.GetProperty("message").GetString()!)];
        }

        Assert.Equal(["loaded at 1000000", "tick 1 at 1001000", "tick 2 at 1002000", "exit at 1002623"], Replay("7"));
        byte[] seven = File.ReadAllBytes(_output);
        Replay("7");
        Assert.Equal(seven, File.ReadAllBytes(_output));
        Replay("8");
        Assert.NotEqual(seven, File.ReadAllBytes(_output));

        // The arrivals at the capture's own nanoseconds; what was sent at when it was due.
        IReadOnlyList<ReadCapture.Packet> packets = ReadCapture.Read(_output).Packets;
        Assert.Equal(["late: dropped", "late: sent", "late: dropped", "late: sent"], packets.Select(packet => packet.Comment));
        Assert.Equal((1_000_000_000_000, 1_002_123_456_789), (packets[0].Nanoseconds, packets[2].Nanoseconds));
        Assert.All((int[])[1, 3], sent => Assert.InRange(packets[sent].Nanoseconds - packets[sent - 1].Nanoseconds, 100_000_000, 399_000_000));
        Assert.All(packets, packet => Assert.Equal(s_frame, packet.Octets));
    }

    [Fact]
    public void OfTwoInterfacesTheFirstIsLeftAndOfOthersAll()
    {
        string rule = _folder.Write("sides.csx", "Verdict Apply(ref Frame frame) { Log($\"{frame.From}\"); return Verdict.Continue; }");
        string two = Write("two.pcapng", new CaptureBytes().Section().Interface().Interface().Enhanced(1, 1, s_frame).Enhanced(0, 2, s_frame));
        string three = Write("three.pcapng", new CaptureBytes().Section().Interface().Interface().Interface().Enhanced(1, 1, s_frame).Enhanced(2, 2, s_frame));
        string one = Write("one.pcap", new CaptureBytes(false).PcapHeader().PcapPacket(1, 0, s_frame));

        Assert.Equal(["Right", "Left"], Sides(two));
        Assert.Equal(["Left", "Left"], Sides(three));
        Assert.Equal(["Left"], Sides(one));
        Assert.Equal(["Right"], Sides(one, "--left", "10.0.0.0/8"));
        Assert.Equal(["Left"], Sides(one, "--left", "2001:db8::1,198.51.100.1"));
        // Of several captures those that came first: the one's second lies after the other's microseconds.
        Assert.Equal(["Right", "Left", "Left"], Sides(one, two));

        string[] Sides(params string[] line)
        {
            using var fluke = new FlukeProcess(["replay", .. line, "-o", _output, "-r", rule, "--stats", "json"]);
            Assert.Equal(0, fluke.WaitForExit());
            Assert.Empty(fluke.Errors);
            return [.. fluke.Output.Select(text => JsonDocument.Parse(text).RootElement)
                .Where(json => json.GetProperty("type").GetString() == "log").Select(json => json.GetProperty("message").GetString()!)];
        }
    }

    [Fact]
    public void SnappedPacketPassesAsItIsAndKeepsItsLength()
    {
        string input = Write("in.pcap", new CaptureBytes().PcapHeader().PcapPacket(1, 0, s_frame[..50], original: 60).PcapPacket(2, 0, s_frame));

        using var fluke = new FlukeProcess("replay", input, "-o", _output, "-r", FlukeProcess.Example("tcp-clamp-mss"), "--stats", "json");
        Assert.Equal(0, fluke.WaitForExit());

        JsonElement ports = fluke.LastJson("stats").GetProperty("ports");
        Assert.Equal((2, 1), (ports.GetProperty("left").GetProperty("rxFrames").GetInt32(), ports.GetProperty("left").GetProperty("notUnderstood").GetInt32()));
        Assert.Equal(2, ports.GetProperty("right").GetProperty("txFrames").GetInt32());
        // The section's and both interfaces' blocks, then the first packet's: captured 50 bytes of 60.
        byte[] file = File.ReadAllBytes(_output);
        int packet = file.AsSpan().IndexOf(s_frame.AsSpan(0, 50));
        Assert.Equal([50, 0, 0, 0, 60, 0, 0, 0], file[(packet - 8)..packet]);
    }

    [Fact]
    public void WhatWasReadBeforeTheCutIsWritten()
    {
        byte[] whole = new CaptureBytes().PcapHeader().PcapPacket(1, 0, s_frame).PcapPacket(2, 0, s_frame).PcapPacket(3, 0, s_frame).ToArray();
        string input = Path.Combine(_folder.Path, "in.pcap");
        File.WriteAllBytes(input, whole[..^10]);

        Assert.Equal(
            (1, $"fluke6: {input} is cut short: it ends within packet 3, 50 of whose 60 bytes are there; the 2 frames before were replayed, and {_output} holds them"),
            Run("replay", input, "-o", _output));
        Assert.Equal(2, ReadCapture.Read(_output).Packets.Count);
    }

    [Fact]
    public void WhatCannotBeReplayedIsSaidInALineAndCostsNoEarlierOutput()
    {
        File.WriteAllText(_output, "earlier");
        string text = _folder.Write("in.txt", "hello"), cooked = Write("any.pcap", new CaptureBytes().PcapHeader(linkType: 113).PcapPacket(1, 0, s_frame));
        string rule = _folder.Write("broken.csx", "Verdict Apply(ref Frame frame) => Verdict.Nonsense;");
        string good = Write("good.pcap", new CaptureBytes().PcapHeader().PcapPacket(1, 0, s_frame));

        (int status, string error) = Run("replay", text, "-o", _output);
        Assert.Equal((1, $"fluke6: {text} is no capture: it begins with 68656c6c, not as pcap or pcapng does"), (status, error));
        (status, error) = Run("replay", cooked, "-o", _output);
        Assert.Equal(1, status);
        Assert.Contains("packet 1 is a Linux cooked packet", error);
        (status, error) = Run("replay", good, "-o", _output, "-r", rule);
        Assert.Equal(3, status);
        Assert.Contains("broken.csx(1,43): error CS0117", error);
        (status, error) = Run("replay", good, "-o", good);
        Assert.Equal((2, $"fluke6: '{good}' is one of the captures to replay: name another file with -o"), (status, error));
        (status, error) = Run("replay", good, "-o", Path.Combine(_folder.Path, "none", "out.pcapng"));
        Assert.Equal(1, status);
        Assert.Contains("name a file that can be written with -o", error);
        (status, error) = Run("replay", "-", "-", "-o", _output);
        Assert.Equal((2, "fluke6: standard input can be read once, and - stands there more often; try 'fluke6 replay --help'"), (status, error));
        Assert.Equal("earlier", File.ReadAllText(_output));

        string raw = Write("raw.pcap", new CaptureBytes().PcapHeader(linkType: 101).PcapPacket(2, 0, s_frame[14..]));
        (status, error) = Run("replay", good, raw, "-o", _output);
        Assert.Equal(1, status);
        Assert.StartsWith($"fluke6: {raw} mixes Ethernet frames with IP packets", error);
        Assert.Single(ReadCapture.Read(_output).Packets);
    }

    [Fact]
    public void ReadsAndWritesPipes()
    {
        string input = Write("in.pcap", new CaptureBytes().PcapHeader().PcapPacket(1, 0, s_frame));
        string script = $"cat '{input}' | '{FlukeProcess.Program}' replay - -o - --stats json 2>'{_output}.err' | cat >'{_output}'; exit ${{PIPESTATUS[1]}}";
        using (var shell = System.Diagnostics.Process.Start("bash", ["-c", script]))
        {
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
        }

        Assert.Equal(s_frame, ReadCapture.Read(_output).Packets.Single().Octets);
        Assert.Contains("\"type\":\"stats\"", File.ReadAllText($"{_output}.err"));
    }

    [Fact]
    public void PipeIsReplayedAsItComesAndStopsWhenToldTo()
    {
        byte[] begun = new CaptureBytes().PcapHeader().PcapPacket(1, 0, s_frame).PcapPacket(2, 0, s_frame).ToArray();
        string pipe = Path.Combine(_folder.Path, "pipe");
        System.Diagnostics.Process.Start("mkfifo", [pipe]).WaitForExit();
        using var fluke = new FlukeProcess("replay", pipe, "-o", _output, "--stats", "json");
        using (var writer = new FileStream(pipe, FileMode.Open, FileAccess.Write))
        {
            writer.Write(begun);
            writer.Flush();
            // The second frame may yet be followed by others of its moment.
            fluke.WaitFor(() => File.Exists(_output) && ReadCapture.Read(_output).Packets.Count == 1, "the first frame");
            fluke.Signal("TERM");
            Assert.Equal(1, fluke.WaitForExit());
        }

        Assert.Equal($"fluke6: stopped before the end; the 2 frames before were replayed, and {_output} holds them", Assert.Single(fluke.Errors));
        Assert.Equal(2, ReadCapture.Read(_output).Packets.Count);
    }

    [Fact]
    public void RuleThatHangsEndsItWithItsLine()
    {
        string rule = _folder.Write("hang.csx", """
            int seen = 0;
            Verdict Apply(ref Frame frame)
            {
                while (seen > 1)
                    seen = 2;
                seen++;
                return Verdict.Continue;
            }
            """);
        CaptureBytes capture = new CaptureBytes().PcapHeader();
        for (uint i = 0; i < 4; i++)
            capture.PcapPacket(i, 0, s_frame);

        (int status, string error) = Run("replay", Write("in.pcap", capture), "-o", _output, "-r", rule);
        Assert.Equal(1, status);
        Assert.Matches("^fluke6: rule hang did not return within 10 s at hang.csx:[45]; the 3 frames before were replayed, and ", error);
        Assert.InRange(ReadCapture.Read(_output).Packets.Count, 2, 3);
    }

    // What stands on standard error, and the exit status.
    private static (int Status, string Error) Run(params string[] line)
    {
        using FlukeProcess fluke = FlukeProcess.Unprivileged(line);
        int status = fluke.WaitForExit();
        return (status, string.Join('\n', fluke.Errors));
    }

    private string Write(string name, CaptureBytes capture)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllBytes(path, capture.ToArray());
        return path;
    }
}
