using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Standard output and standard error that take nothing any more: frames pass, lines are lost and counted, control goes on.</summary>
public sealed class StandardStreamTests : IDisposable
{
    private const string Chatter = """
        Every(TimeSpan.FromMilliseconds(10), () => { for (int i = 0; i < 20; i++) Log(new string('x', 500)); });
        void Apply(ref Frame frame) { }

        """;

    private static readonly string[] s_bridge = ["bridge", "tap:fl0", "tap:fl1", "--stats", "json", "--stats-interval", "0.1"];
    private readonly Namespaces _lab = new();
    private readonly RuleFolder _folder = new();
    private readonly string _middle;

    public StandardStreamTests() => _middle = _lab.Add("middle");

    public void Dispose()
    {
        _lab.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void FullDiskUnderStandardOutputCostsLinesAndNoFrame()
    {
        using var fluke = FlukeProcess.Through(
            $"mount -t tmpfs -o size=256k tmpfs '{_folder.Path}' && exec \"$@\" > '{_folder.Path}/out'", _middle, s_bridge);
        string disk = $"/proc/{fluke.Id}/root{_folder.Path}";
        fluke.WaitFor(() => File.Exists($"{disk}/out") && Text($"{disk}/out").Contains("ready", StringComparison.Ordinal), "readiness");
        Fill($"{disk}/filler");
        fluke.WaitFor(() => fluke.Errors.Any(line => line.Contains("No space left on device (ENOSPC)", StringComparison.Ordinal)), "a word about the disk");
        // Five lines' time, in which frames pass.
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(0.5))
            FramesPass();

        File.Delete($"{disk}/filler");
        fluke.WaitFor(() => Lines($"{disk}/out").Any(line => Number(line, "linesLost") > 0), "lines after there was room again");
        Assert.All(Lines($"{disk}/out"), line => JsonDocument.Parse(line));
        FramesPass();
        fluke.Signal("TERM");
        Assert.Equal(0, fluke.WaitForExit());
        Assert.Single(fluke.Errors);
    }

    [Theory]
    // The runtime itself makes a huge file otherwise.
    [InlineData("export DOTNET_EnableWriteXorExecute=0; ulimit -f 8; exec \"$@\" > out", "File too large (EFBIG)")]
    [InlineData("exec \"$@\" > /dev/full", "No space left on device (ENOSPC)")]
    [InlineData("exec \"$@\" > >(head -1)", "nobody reads it any more")]
    public void StandardOutputThatTakesNothingIsSaidOnceAndTheBridgeGoesOn(string script, string reason)
    {
        using var fluke = FlukeProcess.Through($"cd '{_folder.Path}'; {script}", _middle, s_bridge);
        fluke.WaitFor(() => fluke.Errors.Any(line => line.Contains(reason, StringComparison.Ordinal)), "a word about standard output");
        FramesPass();
        fluke.Signal("TERM");
        Assert.Equal(0, fluke.WaitForExit());
        Assert.StartsWith("fluke6: standard output: ", Assert.Single(fluke.Errors));
    }

    [Fact]
    public void ReaderThatStallsLosesLinesThatAreCountedAndGetsWholeOnesAfterwards()
    {
        string rule = _folder.Write("chatter.csx", Chatter), pipe = Path.Combine(_folder.Path, "pipe");
        _lab.Exec(_middle, "mkfifo", pipe);
        using var fluke = FlukeProcess.Through($"exec \"$@\" 1<>'{pipe}'", _middle, [.. s_bridge, "--rules", rule, "--log-limit", "100000"]);
        fluke.WaitFor(() => fluke.Errors.Any(line => line.Contains("its reader does not keep up", StringComparison.Ordinal)), "a word about the reader");
        FramesPass();

        // All that waited, and then what comes.
        using var reader = new StreamReader(new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite));
        List<JsonElement> statistics = [];
        while (statistics is not [.., var last] || last.GetProperty("linesLost").GetInt64() == 0)
        {
            JsonElement line = JsonDocument.Parse(reader.ReadLine()!).RootElement;
            if (line.GetProperty("type").GetString() == "stats")
                statistics.Add(line);
        }

        fluke.Signal("TERM");
        Assert.Equal(0, fluke.WaitForExit());
    }

    [Fact]
    public void StandardErrorThatNobodyReadsHoldsNothingUp()
    {
        string pipe = Path.Combine(_folder.Path, "pipe");
        _lab.Exec(_middle, "mkfifo", pipe);
        _folder.Write("50.CSX", "");
        // Full from the start; the warning about the file's name comes after the bridge is ready.
        using var fluke = FlukeProcess.Through(
            $"exec 2<>'{pipe}'; dd if=/dev/zero bs=4096 oflag=nonblock 1>&2 2>/dev/null; exec \"$@\"",
            _middle, [.. s_bridge, "--rules", _folder.Path]);
        fluke.WaitForJson("stats", _ => true);
        _lab.Ip(_middle, "link set fl0 down");
        JsonElement down = fluke.WaitForJson("port", _ => true);
        Assert.Equal(("left", "fl0", "down"),
            (down.GetProperty("port").GetString(), down.GetProperty("name").GetString(), down.GetProperty("state").GetString()));
        int before = fluke.Output.Count;
        fluke.WaitFor(() => fluke.Output.Count > before + 3, "more statistics");
        fluke.Signal("TERM");
        Assert.Equal(0, fluke.WaitForExit());
    }

    [Fact]
    public void DurationIsKeptThoughNobodyReads()
    {
        string rule = _folder.Write("chatter.csx", Chatter), pipe = Path.Combine(_folder.Path, "pipe");
        _lab.Exec(_middle, "mkfifo", pipe);
        using var fluke = FlukeProcess.Through($"exec \"$@\" 1<>'{pipe}' 2>&1", _middle, [.. s_bridge, "--rules", rule, "--duration", "3"]);
        Assert.Equal(0, fluke.WaitForExit());
    }

    [Theory]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    [InlineData("<&- >&- 2>&-")]
    public void StreamsThatWereClosedAreWrittenToByNobody(string closed)
    {
        // There is something to warn of.
        _folder.Write("50.CSX", "");
        using var fluke = FlukeProcess.Through($"exec \"$@\" {closed}", _middle, [.. s_bridge, "--rules", _folder.Path]);
        fluke.WaitFor(() => _lab.Ip(_middle, "link show").Contains("fl1", StringComparison.Ordinal), "the ports");
        FramesPass();
        string first = new FileInfo($"/proc/{fluke.Id}/fd/{(closed[0] == '2' ? 2 : 1)}").LinkTarget!;
        Assert.DoesNotContain("tun", first, StringComparison.Ordinal);
        fluke.Signal("TERM");
        Assert.Equal(0, fluke.WaitForExit());
    }

    [Theory]
    [InlineData(24)]
    [InlineData(60)]
    [InlineData(191)]
    public void TooFewDescriptorsAreOneLine(int limit)
    {
        using var fluke = FlukeProcess.Through($"ulimit -n {limit}; exec \"$@\"", _middle, s_bridge);
        Assert.Equal(1, fluke.WaitForExit());
        string line = Assert.Single(fluke.Errors);
        Assert.StartsWith($"fluke6: `ulimit -n` allows {limit} open files", line);
        Assert.Empty(fluke.Output);
    }

    [Theory]
    [InlineData("-v", 3_000_000, "-v` allows 3000000 KiB of address space, of which .NET reserves far more than it uses: `ulimit -v unlimited` allows more, 8388608 at least")]
    [InlineData("-d", 200_000, "-d` allows 200000 KiB of data, which are too few: `ulimit -d unlimited` allows more, 524288 at least")]
    public void TooLittleMemoryToReserveIsOneLine(string option, int limit, string message)
    {
        using var fluke = FlukeProcess.Through($"ulimit {option} {limit}; exec \"$@\"", _middle, s_bridge);
        Assert.Equal(1, fluke.WaitForExit());
        Assert.StartsWith($"fluke6: `ulimit {message}", Assert.Single(fluke.Errors));
        Assert.Empty(fluke.Output);
    }

    [Fact]
    public void FewDescriptorsSuffice()
    {
        using var fluke = FlukeProcess.Through("ulimit -n 256; exec \"$@\"", _middle, [.. s_bridge, "--rules", FlukeProcess.Examples, "--duration", "0.5"]);
        Assert.Equal(0, fluke.WaitForExit());
        Assert.Empty(fluke.Errors);
    }

    private void FramesPass()
    {
        using Socket sender = PacketSocket.Open(_middle, "fl0"), receiver = PacketSocket.Open(_middle, "fl1");
        byte[] frame = new byte[100], arrived = new byte[2048];
        frame.AsSpan(0, 12).Fill(2);
        (frame[12], frame[13]) = (0x88, 0xb5);      // IEEE 802 local experimental
        Namespaces.Until(() =>
        {
            sender.Send(frame);
            while (receiver.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead))
            {
                int length = receiver.Receive(arrived);
                Assert.False(arrived.AsSpan(0, length).IndexOf("\"type\""u8) >= 0, "a line of the report went out as a frame");
                if (arrived.AsSpan(0, length).SequenceEqual(frame))
                    return true;
            }

            return false;
        }, "a frame across the bridge");
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[64]);
        }
        catch (IOException)
        {
            // That was the last free byte.
        }
    }

    private static string Text(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(file, Encoding.UTF8).ReadToEnd();
    }

    // The last line may still be on its way.
    private static string[] Lines(string path) => Text(path).Split('\n')[..^1];

    private static long Number(string line, string field) =>
        JsonDocument.Parse(line).RootElement.TryGetProperty(field, out JsonElement value) ? value.GetInt64() : 0;
}
