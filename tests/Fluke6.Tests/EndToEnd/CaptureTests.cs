using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Captures of real traffic, as Wireshark's tools read them.</summary>
public sealed class CaptureTests : IDisposable
{
    private static readonly string[] s_checksums = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"];
    private readonly RuleFolder _folder = new();
    private readonly string _file;

    public CaptureTests() => _file = Path.Combine(_folder.Path, "seen.pcapng");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, "INT")]
    [InlineData(true, "TERM")]
    public void StrippedHandshakeIsThereBeforeAndAfter(bool packetPorts, string signal)
    {
        TwoHosts.RequireTool("tshark");
        using var hosts = new TwoHosts(packetPorts, "--rules", FlukeProcess.Example("tcp-strip-sack-permitted"), "--capture", _file);
        Transfer(hosts, "--bytes", "3M");
        hosts.Bridge.Signal(signal);
        Assert.Equal(0, hosts.Bridge.WaitForExit());

        string[] syns = [.. Read("-Y", "tcp.flags.syn == 1 && tcp.flags.ack == 0 && tcp.stream == 0", "-T", "fields", "-E", "separator=|",
            "-e", "frame.interface_name", "-e", "tcp.options.sack_perm", "-e", "frame.comment", "-e", "tcp.checksum.status", "-e", "frame.packet_flags_direction")];
        Assert.Equal(2, syns.Length);
        string[] before = syns[0].Split('|'), after = syns[1].Split('|');
        (string left, string right) = packetPorts ? ("p0", "p1") : ($"tap:eth0@{hosts.Left}", $"tap:eth0@{hosts.Right}");
        Assert.Equal((left, "", "1"), (before[0], before[2], before[3]));
        Assert.NotEqual("", before[1]);
        Assert.Equal((right, "", "tcp-strip-sack-permitted: tcp option sack-permitted removed", "1"), (after[0], after[1], after[2], after[3]));

        Assert.Empty(Read("-Y", "tcp.checksum.status == 0 || ip.checksum.status == 0 || udp.checksum.status == 0 || _ws.malformed"));
        Assert.Contains(Read("-Y", "tcp.len > 3000", "-T", "fields", "-e", "frame.comment"), comment => comment.Contains("super-segment of ", StringComparison.Ordinal));

        JsonElement capture = hosts.Bridge.LastJson("stats").GetProperty("capture");
        Assert.Equal(_file, capture.GetProperty("file").GetString());
        Assert.False(capture.GetProperty("running").GetBoolean());
        Assert.Equal(JsonValueKind.Null, capture.GetProperty("error").ValueKind);
        Assert.Equal(new FileInfo(_file).Length, capture.GetProperty("octets").GetInt64());
        Assert.Matches($@"Number of packets: +{capture.GetProperty("packets").GetInt64()}\s", Run("capinfos", out _, "-M", _file));
    }

    [Fact]
    public void KilledUnderTrafficItIsReadableToItsLastWholeBlock()
    {
        TwoHosts.RequireTool("tshark");
        using var hosts = new TwoHosts(packetPorts: false, "--capture", _file);
        hosts.StartIperfServer();
        Process client = hosts.Start(hosts.Left, "iperf3", "-c", TwoHosts.RightAddress, "-t", "60", "-b", "100M");
        long written = Packets(hosts.Bridge.WaitForJson("stats", stats => Packets(stats) > 1000));
        Assert.False(client.HasExited);
        hosts.Bridge.Signal("KILL");
        hosts.Bridge.WaitForExit();

        string[] numbers = Run("tshark", out string error, "-r", _file, "-T", "fields", "-e", "frame.number").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(numbers.Length >= written, $"{numbers.Length} packets of {written}");
        Assert.All(error.Split('\n').Where(line => line.StartsWith("tshark:", StringComparison.Ordinal)), line => Assert.Contains("cut short", line));
        Assert.Contains("Number of packets", Run("capinfos", out _, _file));

        static long Packets(JsonElement stats) => stats.GetProperty("capture").GetProperty("packets").GetInt64();
    }

    [Theory]
    [InlineData("json")]
    [InlineData("text")]
    public void FullDiskEndsTheCaptureAndTheCommandWithStatus1ButNotTheTraffic(string report)
    {
        TwoHosts.RequireTool("tshark");
        using var lab = new Namespaces();
        string left = lab.Add("left"), right = lab.Add("right");
        using FlukeProcess fluke = FlukeProcess.BridgeWithTinyDisk(
            lab.Add("middle"), _folder.Path, "256k", $"tap:eth0@{left}", $"tap:eth0@{right}", "--capture", _file, "--stats", report);
        lab.Address(left, "eth0", TwoHosts.LeftAddress, "2001:db8:1::1");
        lab.Address(right, "eth0", TwoHosts.RightAddress, "2001:db8:1::2");
        fluke.WaitFor(() =>
        {
            lab.Exec(left, "ping", "-c", "100", "-i", "0.002", "-s", "1000", "-W", "20", TwoHosts.RightAddress);
            return fluke.Output.Any(line => line.Contains("No space left", StringComparison.Ordinal));
        }, "a full disk");
        lab.Ping(left, TwoHosts.RightAddress, 3);

        // The part of a block that found room was taken off again.
        string copy = $"{_file}.copy";
        File.Copy($"/proc/{fluke.Id}/root{_file}", copy);
        string packets = Run("tshark", out string complaint, "-r", copy, "-T", "fields", "-e", "frame.number");
        Assert.DoesNotContain("cut short", complaint);
        int written = packets.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        Assert.True(written > 50, $"{written} packets in 256 KiB");

        fluke.Signal("INT");
        Assert.Equal(1, fluke.WaitForExit());
        string error = Assert.Single(fluke.Errors);
        Assert.Contains($"the capture to {_file} ended early: No space left on device", error);
        if (report == "text")
        {
            string summary = Assert.Single(fluke.Output, line => line.Contains("  capture: ", StringComparison.Ordinal));
            Assert.Contains($"{written:N0} packets", summary);
            Assert.Contains(" LOST", summary);
            Assert.Contains("ENDED: No space left", summary);
            return;
        }

        JsonElement note = fluke.WaitForJson("capture", _ => true);
        Assert.Equal((_file, false), (note.GetProperty("file").GetString(), note.GetProperty("ok").GetBoolean()));
        JsonElement capture = fluke.LastJson("stats").GetProperty("capture");
        Assert.False(capture.GetProperty("running").GetBoolean());
        Assert.Equal(written, capture.GetProperty("packets").GetInt64());
        Assert.True(capture.GetProperty("lost").GetInt64() > 0);
        Assert.StartsWith("No space left", capture.GetProperty("error").GetString());
    }

    [Fact]
    public void WhatAStalledFileCouldNotTakeIsCountedAndTold()
    {
        TwoHosts.RequireTool("tshark");
        TwoHosts.RequireTool("mkfifo");
        Run("mkfifo", out _, _file);
        // Opened for both, or opening would wait for the other end.
        using var reader = new FileStream(_file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var hosts = new TwoHosts(packetPorts: false, "--capture", _file);
        Transfer(hosts, "--bytes", "60M");
        hosts.Bridge.WaitForJson("stats", stats => stats.GetProperty("capture").GetProperty("lost").GetInt64() > 0);

        string copy = $"{_file}.copy";
        Task drain = DrainAsync(reader, copy);
        hosts.Bridge.Signal("INT");
        Assert.Equal(0, hosts.Bridge.WaitForExit());
        JsonElement capture = hosts.Bridge.LastJson("stats").GetProperty("capture");
        Namespaces.Until(() => new FileInfo(copy).Length >= capture.GetProperty("octets").GetInt64(), "the rest of the capture");
        Assert.False(drain.IsFaulted);
        Assert.Equal(capture.GetProperty("packets").GetInt64(),
            Run("tshark", out _, "-r", copy, "-T", "fields", "-e", "frame.number").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void FileThatTakesNothingCannotKeepTheCommandFromEnding()
    {
        TwoHosts.RequireTool("mkfifo");
        Run("mkfifo", out _, _file);
        using var reader = new FileStream(_file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var hosts = new TwoHosts(packetPorts: false, "--capture", _file);
        Transfer(hosts, "--bytes", "60M");
        hosts.Bridge.Signal("INT");
        Assert.Equal(1, hosts.Bridge.WaitForExit());
        Assert.Contains($"the capture to {_file} ended early: the file took nothing for ", Assert.Single(hosts.Bridge.Errors));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PipeThatNobodyReadsYetIsWaitedForUntilSomebodyDoesOrASignalComes(bool read)
    {
        TwoHosts.RequireTool("mkfifo");
        Run("mkfifo", out _, _file);
        using var lab = new Namespaces();
        using FlukeProcess fluke = FlukeProcess.In(lab.Add("middle"), "bridge", "tap:fl0", "tap:fl1", "--capture", _file, "--stats", "json");
        fluke.WaitFor(() => fluke.Errors.Contains($"fluke6: waiting for somebody to read {_file}"), "a word that it waits");
        Assert.Empty(fluke.Output);
        using FileStream? reader = read ? new FileStream(_file, FileMode.Open, FileAccess.Read) : null;
        if (read)
            fluke.WaitForJson("ready", _ => true);
        fluke.Signal("INT");
        Assert.Equal(read ? 0 : 1, fluke.WaitForExit());
        Assert.Equal(read ? 1 : 2, fluke.Errors.Count);
        Assert.Equal(read, !fluke.Errors[^1].StartsWith($"fluke6: stopped before anybody read {_file}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no/such/folder/seen.pcapng", 1)]
    [InlineData("/dev/full", 1)]
    public void FileThatCannotBeMadeIsRefusedAtStartInOneLine(string file, int status)
    {
        using var lab = new Namespaces();
        using FlukeProcess fluke = FlukeProcess.In(lab.Add("middle"), "bridge", "tap:fl0", "tap:fl1", "--capture", file);
        Assert.Equal(status, fluke.WaitForExit());
        Assert.StartsWith($"fluke6: cannot capture to {file}: ", Assert.Single(fluke.Errors));
        Assert.Empty(fluke.Output);
    }

    private static void Transfer(TwoHosts hosts, params string[] options)
    {
        Process server = hosts.StartIperfServer();
        hosts.Exec(hosts.Left, "iperf3", ["-c", TwoHosts.RightAddress, .. options]);
        Assert.True(server.WaitForExit(TimeSpan.FromSeconds(20)), "iperf3's server did not end");
    }

    private static async Task DrainAsync(Stream reader, string path)
    {
        await using var copy = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        await reader.CopyToAsync(copy, TestContext.Current.CancellationToken);
    }

    private string[] Read(params string[] arguments)
    {
        string output = Run("tshark", out string error, ["-r", _file, .. s_checksums, .. arguments]);
        Assert.DoesNotContain("tshark: ", error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Run(string program, out string error, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        error = errors.Result;
        return output;
    }
}
