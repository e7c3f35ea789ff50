using System.Diagnostics;
using Fluke6.Captures;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Ports;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Captures;

public sealed class CaptureFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"fluke6-{Guid.NewGuid():N}.pcapng");

    private static readonly (string, Rule) _strip = ("10-strip-sack", (ref frame) =>
    {
        if (frame.TryGetTcp(out TcpHeader tcp) && tcp.Syn)
            tcp.Options.Strip(TcpOptionKind.SackPermitted);
        return Verdict.Continue;
    });

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void ShowsFramesAsTheyArrivedAndAsRulesLeftThem()
    {
        using var test = new TestBridge(null, _strip, ("20-drop-udp", (ref frame) => frame.TryGetUdp(out _) ? Verdict.Drop : Verdict.Continue),
            ("30-turn-echo", (ref frame) =>
            {
                if (!frame.TryGetIpv4(out Ipv4Header ipv4) || ipv4.Protocol != IpProtocol.Icmpv4)
                    return Verdict.Continue;
                ipv4.TimeToLive = 9;
                return Verdict.Reflect;
            }));
        byte[] syn = TestBridge.FromClient(TcpFlags.Syn, Segment.LinuxOptions()), data = TestBridge.FromServer(TcpFlags.Ack, payload: 3);
        byte[] udp = Segment.Udp("192.0.2.1", 9, "192.0.2.2", 7), echo = Segment.Echo("192.0.2.1", "192.0.2.2", false, 5);
        long before = DateTime.UtcNow.Ticks;
        CaptureFile capture = test.Bridge.StartCapture(_path);
        test.Pass(Side.Left, syn);
        test.Pass(Side.Right, data);
        test.Pass(Side.Left, udp, echo);
        Assert.Same(capture, Assert.Single(test.Bridge.StopCapture()));
        test.Pass(Side.Left, udp);

        ReadCapture file = ReadCapture.Read(_path);
        Assert.Equal([(1, "left0", "left port, memory:left0"), (1, "right0", "right port, memory:right0")], file.Interfaces);
        Assert.Equal(
            [(0, true, ""), (1, false, "10-strip-sack: tcp option sack-permitted removed"), (1, true, ""), (0, true, "20-drop-udp: dropped"),
                (0, true, ""), (0, false, "30-turn-echo: answered")],
            file.Packets.Select(packet => (packet.Interface, packet.Inbound, packet.Comment)));
        Assert.Equal(syn, file.Packets[0].Octets);
        Assert.Equal(test.Right.SentFrames[0], file.Packets[1].Octets);
        Assert.Equal(data, file.Packets[2].Octets);
        Assert.Equal(test.Left.SentFrames[^1], file.Packets[5].Octets);
        Assert.Equal((6, 0, 0), ((int)capture.Written, (int)capture.Lost, file.Rest));
        Assert.Equal(new FileInfo(_path).Length, capture.Bytes);
        long[] ticks = [.. file.Packets.Select(packet => (packet.Nanoseconds / 100) + DateTime.UnixEpoch.Ticks)];
        Assert.Equal(ticks.Order(), ticks);
        Assert.InRange(ticks[0], before, DateTime.UtcNow.Ticks);
    }

    [Fact]
    public void ShowsWhatRulesSend()
    {
        byte[] extra = Segment.Udp("192.0.2.9", 1, "192.0.2.2", 2);
        using var test = new TestBridge();
        test.Publish("send", context => (ref frame) =>
        {
            context.Send(Side.Right, extra);
            return Verdict.Continue;
        });
        test.Bridge.StartCapture(_path);
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack));
        test.Bridge.StopCapture();
        ReadCapture.Packet sent = ReadCapture.Read(_path).Packets[1];
        Assert.Equal((1, false, "send: sent"), (sent.Interface, sent.Inbound, sent.Comment));
        Assert.Equal(extra, sent.Octets);
    }

    [Fact]
    public void TakesMoreFromOneRuleThanGoOutAtOnce()
    {
        const int many = 200;
        byte[] extra = Segment.Udp("192.0.2.9", 1, "192.0.2.2", 2), ack = TestBridge.FromClient(TcpFlags.Ack);
        using var test = new TestBridge();
        test.Publish("send", context => (ref frame) =>
        {
            for (int i = 0; i < many; i++)
                context.Send(Side.Right, extra);
            return Verdict.Continue;
        });
        test.Bridge.StartCapture(_path);
        test.Pass(Side.Left, ack);
        test.Bridge.StopCapture();
        List<ReadCapture.Packet> packets = ReadCapture.Read(_path).Packets;
        Assert.Equal(ack, packets[0].Octets);
        Assert.Equal(many, packets.Skip(1).Count(packet => packet.Comment == "send: sent" && packet.Octets.AsSpan().SequenceEqual(extra)));
    }

    [Fact]
    public void CompletesPartialChecksumsAndMarksSuperSegments()
    {
        byte[] whole = TestBridge.FromClient(TcpFlags.Ack, payload: 2500);
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(whole, LinkType.Ethernet, Side.Left);
        // What a kernel leaves to the card: the pseudo-header's sum, not complemented.
        ushort pseudo = InternetChecksum.Sum(whole.AsSpan(26, 8), 6 + 2520);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(buffer.Octets[50..], pseudo);
        buffer.Offload.SetPartialChecksum(34, 16);
        buffer.Offload.SetSegmentation(SegmentationKind.Tcpv4, 1000, 54);

        using (CaptureFile capture = Create())
        {
            capture.Arrived(buffer, Moment.Of(TimeProvider.System).Utc);
            capture.Departed(buffer, Verdict.Continue, null, Moment.Of(TimeProvider.System).Utc);
        }

        ReadCapture.Packet packet = Assert.Single(ReadCapture.Read(_path).Packets);
        Assert.Equal("super-segment of 3 × 1000", packet.Comment);
        Assert.Equal(whole, packet.Octets);
    }

    [Fact]
    public void FileIsWholeUpToEachFlush()
    {
        using var test = new TestBridge();
        CaptureFile capture = test.Bridge.StartCapture(_path);
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack));
        Assert.True(SpinWait.SpinUntil(() => capture.Written == 1, TimeSpan.FromSeconds(20)));
        ReadCapture file = ReadCapture.Read(_path);
        Assert.Equal((1, 0), (file.Packets.Count, file.Rest));
    }

    [Fact]
    public void CountsWhatItCannotTakeAndNeverWaits()
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(TestBridge.FromClient(TcpFlags.Ack, payload: 1400), LinkType.Ethernet, Side.Right);
        const int frames = 200_000;
        CaptureFile capture = Create(ringSize: 128 * 1024);
        for (int i = 0; i < frames; i++)
        {
            capture.Arrived(buffer, i);
            capture.Departed(buffer, Verdict.Continue, null, i);
        }

        capture.Dispose();
        Assert.True(capture.Lost > 0, "the ring is far smaller than what was put in");
        Assert.Equal(frames, capture.Written + capture.Lost);
        ReadCapture file = ReadCapture.Read(_path);
        Assert.Equal(capture.Written, file.Packets.Count);
        Assert.Equal([(1, (ulong)capture.Lost)], file.Statistics);
        byte[] octets = buffer.Octets.ToArray();
        Assert.All(file.Packets, packet => Assert.Equal(octets, packet.Octets));
    }

    [Fact]
    public void RefusesASecondCaptureAndAPathThatCannotBe()
    {
        using var test = new TestBridge();
        Assert.ThrowsAny<IOException>(() => test.Bridge.StartCapture(Path.Combine(_path, "no", "such")));
        test.Bridge.StartCapture(_path);
        Assert.Throws<InvalidOperationException>(() => test.Bridge.StartCapture(_path));
        test.Bridge.StopCapture();
        Assert.Empty(test.Bridge.StopCapture());
    }

    [Fact]
    public void FullDiskEndsTheCaptureAndNotTheTraffic()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("there is no /dev/full");

        using var test = new TestBridge();
        Assert.ThrowsAny<IOException>(() => test.Bridge.StartCapture("/dev/full"));
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack));
        Assert.Single(test.Right.SentFrames);
    }

    [Fact]
    public void WriteThatFailsEndsTheCaptureAndIsTold()
    {
        Run("mkfifo", _path);
        using var test = new TestBridge();
        CaptureFile capture;
        // Opened for both, or each end would wait for the other.
        using (new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            capture = test.Bridge.StartCapture(_path);
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack));
        Assert.True(SpinWait.SpinUntil(() => test.Bridge.Captures.Count == 0, TimeSpan.FromSeconds(20)), "the capture goes on without a reader");
        Assert.True(SpinWait.SpinUntil(() => test.Bridge.Journal.TryRead(out JournalNote note)
            && note is CaptureNote { Packets: 0, Error: "Broken pipe" } told && told.Path == _path, TimeSpan.FromSeconds(20)), "nobody is told");
        Assert.Same(capture, test.Bridge.LastCapture);
        Assert.Equal(("Broken pipe", 0, 1), (capture.Failure, capture.Written, capture.Lost));
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack));
        Assert.Equal(2, test.Right.SentFrames.Count);
        Assert.Equal(1, capture.Lost);
        Assert.Empty(test.Bridge.StopCapture());
    }

    [Fact]
    public void FilterLeavesOutWhatItDoesNotHoldForAndKeepsWhatBecomesOfTheRest()
    {
        byte[] syn = TestBridge.FromClient(TcpFlags.Syn, Segment.LinuxOptions()), acknowledgement = TestBridge.FromClient(TcpFlags.Ack);
        using (var test = new TestBridge(null, _strip))
        {
            // The stripped SYN is not the one that the filter holds for.
            CaptureFile capture = test.Bridge.StartCapture(_path, filter: frame => frame.Octets.SequenceEqual(syn));
            test.Pass(Side.Left, acknowledgement, syn, acknowledgement);
            test.Pass(Side.Right, TestBridge.FromServer(TcpFlags.Ack));
            test.Bridge.StopCapture();
            Assert.Equal((2, 0), (capture.Written, capture.Lost));
        }

        ReadCapture file = ReadCapture.Read(_path);
        Assert.Equal([(0, ""), (1, "10-strip-sack: tcp option sack-permitted removed")], file.Packets.Select(packet => (packet.Interface, packet.Comment)));
        Assert.Equal(syn, file.Packets[0].Octets);
    }

    [Fact]
    public void WiresharkReadsTheStrippedHandshakeTwice()
    {
        using (var test = new TestBridge(null, _strip))
        {
            test.Bridge.StartCapture(_path);
            test.Handshake(Segment.LinuxOptions(), Segment.LinuxOptions());
        }

        string fields = Run("tshark", "-r", _path, "-o", "tcp.check_checksum:TRUE", "-Y", "tcp.flags.syn == 1 && tcp.flags.ack == 0",
            "-T", "fields", "-E", "separator=|", "-e", "frame.interface_name", "-e", "tcp.options.sack_perm", "-e", "frame.comment",
            "-e", "tcp.checksum.status", "-e", "frame.packet_flags_direction");
        string[] lines = fields.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        string[] arrived = lines[0].Split('|'), left = lines[1].Split('|');
        Assert.Equal(("left0", "", "1"), (arrived[0], arrived[2], arrived[3]));
        Assert.NotEqual("", arrived[1]);
        Assert.Equal(("right0", "", "10-strip-sack: tcp option sack-permitted removed", "1"), (left[0], left[1], left[2], left[3]));

        Assert.Equal("", Run("tshark", "-r", _path, "-o", "tcp.check_checksum:TRUE", "-Y", "tcp.checksum.status == 0 || _ws.malformed"));
        Assert.Contains("Number of packets:   5", Run("capinfos", _path));
    }

    private CaptureFile Create(int ringSize = CaptureFile.DefaultRingSize) =>
        CaptureFile.Create(_path, new MemoryPort("left0"), new MemoryPort("right0"), new RuleNames(), _ => { }, ringSize: ringSize);

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not installed");
        }

        using (process)
        {
            Task<string> errors = process!.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
            return output;
        }
    }
}
