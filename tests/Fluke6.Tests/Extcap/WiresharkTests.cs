using System.Diagnostics;
using System.Net.Sockets;

namespace Fluke6.Command.Tests.Extcap;

/// <summary>tshark finds a bridge that runs among its interfaces, and captures there.</summary>
public sealed class WiresharkTests : IDisposable
{
    private readonly Namespaces _lab = new();
    private readonly RuleFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _lab.Dispose();
    }

    [Fact]
    public void TsharkListsABridgeAndShowsFramesWithWhatRulesDid()
    {
        TwoHosts.RequireTool("tshark");
        string middle = _lab.Add("middle"), extcap = _folder.Write("extcap/fluke6",
            $"#!/bin/sh\nexec '{FlukeProcess.Program}' extcap \"$@\"\n");
        File.SetUnixFileMode(extcap, (UnixFileMode)0x1ED);    // 0755
        string rule = _folder.Write("10-mark.csx", "void Apply(ref Frame frame) { if (frame.TryGetEthernet(out var ethernet)) "
            + "ethernet.Source = MacAddress.Parse(\"02:00:00:00:00:77\"); }\n");
        _lab.Ip(middle, "link add left type veth peer name host");
        _lab.Ip(middle, "link set left up");
        _lab.Ip(middle, "link set host up");
        using FlukeProcess bridge = FlukeProcess.BridgeUnder(["env", $"XDG_RUNTIME_DIR={_folder.Path}", "RUNTIME_DIRECTORY="], middle,
            "left", "none", "--rules", rule);

        string interfaces = Tshark(["-D"]).Output;
        Assert.Contains("fluke6-left-none (Fluke6: left and none)", interfaces, StringComparison.Ordinal);

        using Socket host = PacketSocket.Open(middle, int.Parse(_lab.Exec(middle, "cat", "/sys/class/net/host/ifindex")));
        using var stop = new CancellationTokenSource();
        var sender = new Thread(() =>
        {
            // Until tshark has seen enough; it begins when it likes.
            while (!stop.IsCancellationRequested)
            {
                host.Send([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5, .. new byte[46]]);
                stop.Token.WaitHandle.WaitOne(20);
            }
        });
        sender.Start();
        try
        {
            (string output, string error) = Tshark(["-i", "fluke6-left-none", "-c", "4", "-T", "fields", "-e", "frame.interface_name",
                "-e", "frame.comment", "-e", "eth.src"]);
            string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(lines.Length == 4, error);
            Assert.Contains(lines, line => line.StartsWith("left\t\t02:00:00:00:00:01", StringComparison.Ordinal));
            Assert.Contains(lines, line => line.StartsWith("none\t10-mark: ", StringComparison.Ordinal)
                && line.EndsWith("02:00:00:00:00:77", StringComparison.Ordinal));

            WaitForEnd(bridge);
            // Of what a filter holds for as it arrives, what rules made of it comes along, though the filter does not hold for that.
            output = Tshark(["-i", "fluke6-left-none", "-f", "ether src 02:00:00:00:00:01", "-c", "4", "-T", "fields", "-e", "eth.src"]).Output;
            Assert.Equal(
                ["02:00:00:00:00:01", "02:00:00:00:00:77"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal));
            // Of one that is none, Wireshark asks first. It takes a line for the reason.
            string[] asked = ["extcap", "--extcap-interface", "fluke6-left-none", "--extcap-capture-filter", "ether sorc"];
            using FlukeProcess checking = FlukeProcess.Under(["env", $"XDG_RUNTIME_DIR={_folder.Path}", "RUNTIME_DIRECTORY="], asked);
            Assert.Equal(0, checking.WaitForExit());
            Assert.StartsWith("\"ether sorc\" is no filter of libpcap's: ", Assert.Single(checking.Output), StringComparison.Ordinal);
            // Not asked before, it ends instead of waiting for a pipe that nobody opens.
            Assert.Equal("", Tshark(["-i", "fluke6-left-none", "-f", "ether sorc", "-c", "1"]).Output);
        }
        finally
        {
            stop.Cancel();
            sender.Join();
        }

        WaitForEnd(bridge);
    }

    // Nothing is captured any more, and the next client may.
    private void WaitForEnd(FlukeProcess bridge)
    {
        Namespaces.Until(() => Directory.GetDirectories(_folder.Path, "fluke6-extcap-*").Length == 0, "the end of fluke6 extcap");
        int seen = bridge.Output.Count;
        bridge.WaitFor(
            () => bridge.Output.Skip(seen).Any(line => line.StartsWith("{\"type\":\"stats\"", StringComparison.Ordinal) && line.Contains("\"running\":false", StringComparison.Ordinal)),
            "stats without a capture");
    }

    private (string Output, string Error) Tshark(string[] arguments)
    {
        // Of root's own variables and folders it takes none: the system's folder is another, in mounts of its own.
        const string Script = "mount --bind \"$0\" \"$(tshark -G folders 2>/dev/null | sed -n 's/^Extcap path:[^/]*//p')\" && exec tshark "
            + "\"$@\"";
        var start = new ProcessStartInfo("unshare", ["--mount", "sh", "-c", Script, Path.Combine(_folder.Path, "extcap"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (start.Environment["XDG_RUNTIME_DIR"], start.Environment["TMPDIR"], start.Environment["XDG_CONFIG_HOME"]) = (_folder.Path,
            _folder.Path, _folder.Path);
        using Process tshark = Process.Start(start)!;
        Task<string> error = tshark.StandardError.ReadToEndAsync();
        string output = tshark.StandardOutput.ReadToEnd();
        tshark.WaitForExit();
        return (output, error.Result);
    }
}
