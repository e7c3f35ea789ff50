using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Fluke6.Command.Control;
using Fluke6.Rules;
using Fluke6.Snapshots;

namespace Fluke6.Command.Tests.Control;

/// <summary>The control socket, with good clients and bad ones.</summary>
public sealed class ControlServerTests
{
    private static readonly (string, Rule)[] s_rules = [("a", (ref frame) => Verdict.Continue), ("b", (ref frame) => Verdict.Continue)];

    [Fact]
    public void SnapshotHasWhatIsWanted()
    {
        using var host = new ControlHost(null, s_rules);
        host.Test.Pass(Side.Left, Segment.Udp("10.0.0.1", 1, "10.0.0.2", 2), Segment.Udp("10.0.0.3", 1, "10.0.0.4", 9));
        using ControlClient client = host.Connect();
        ControlReply reply = client.Ask(new ControlRequest { Command = "snapshot", Want = new SnapshotRequest { Flows = 5, Filter = "10.0.0.4" } });
        Assert.True(reply.Ok);
        Assert.Equal("10.0.0.4:9", $"{Assert.Single(reply.Snapshot!.FlowTable!).Destination}");
        Assert.Equal((2, 2L, "/rules/a.csx"), (reply.Snapshot.Rules.Count, reply.Snapshot.Ports.Left.RxFrames, reply.Snapshot.Rules[0].Path));
        reply = client.Ask(new ControlRequest { Command = "snapshot", Want = new SnapshotRequest { Filter = "tpc" } });
        Assert.Equal((false, "'tpc' is no address, prefix, port, protocol, TCP state, nor rule"), (reply.Ok, reply.Message));
    }

    [Fact]
    public void CommandsAreDoneAndAnswered()
    {
        using var host = new ControlHost(null, s_rules);
        using ControlClient client = host.Connect();
        Assert.Equal("2 rules were loaded anew", client.Ask(new ControlRequest { Command = "reload" }).Message);
        Assert.Equal("b was loaded anew", client.Ask(new ControlRequest { Command = "reload", Rule = "b" }).Message);
        Assert.Equal("b is off: frames pass it by", client.Ask(new ControlRequest { Command = "disable", Rule = "b" }).Message);
        Assert.Equal("b is on", client.Ask(new ControlRequest { Command = "enable", Rule = "b" }).Message);
        Assert.Equal("b is number 1 now, until the program ends", client.Ask(new ControlRequest { Command = "move", Rule = "b", Places = -1 }).Message);
        Assert.Equal("a runs with mss = 7, until the program ends", client.Ask(new ControlRequest { Command = "set", Rule = "a", Parameter = "mss", Value = "7" }).Message);
        (string Command, string? Rule, string Message)[] refused =
        [
            ("set", "a", "bad is no number"),
            ("reload", "c", "c is no rule of this bridge, which has a, b"),
            ("enable", null, "'enable' is no command, or lacks the name of a rule"),
            ("dance", "a", "'dance' is no command of this version"),
            ("stopCapture", null, "there is no capture"),
        ];
        foreach ((string command, string? rule, string message) in refused)
        {
            ControlReply reply = client.Ask(new ControlRequest { Command = command, Rule = rule, Parameter = "mss", Value = "bad" });
            Assert.Equal((false, message), (reply.Ok, reply.Message));
        }

        Assert.Equal(
            ["reload a", "reload b", "reload b", "disable b", "enable b", "move b 0", "set a.mss=7", "set a.mss=bad"], host.Rules.Asked);
        Assert.Equal("the bridge stops", client.Ask(new ControlRequest { Command = "stop" }).Message);
        Assert.True(host.Stopped.IsSet);
    }

    [Fact]
    public void CaptureBeginsAndEnds()
    {
        using var host = new ControlHost(null, s_rules);
        using ControlClient client = host.Connect();
        string file = Path.Combine(Path.GetDirectoryName(host.Path)!, "seen.pcapng");
        Assert.Equal($"capturing to {file}", client.Ask(new ControlRequest { Command = "startCapture", File = file }).Message);
        host.Test.Pass(Side.Left, Segment.Udp("10.0.0.1", 1, "10.0.0.2", 2));
        Assert.StartsWith($"cannot capture to {file}: ", client.Ask(new ControlRequest { Command = "startCapture", File = file }).Message, StringComparison.Ordinal);
        Assert.Equal($"capture ended: 1 packet, 0 lost in {file}", client.Ask(new ControlRequest { Command = "stopCapture" }).Message);
    }

    [Fact]
    public void EventsComeInOrderWithTheirNumbersToEachWatcher()
    {
        using var host = new ControlHost(null, s_rules);
        host.Log("a", "before");
        using ControlClient late = host.Connect(), early = host.Connect();
        SpinWait.SpinUntil(() => host.Publisher.Events.Last == 1, ControlHost.Patience);
        Watch(early, after: 0);
        Watch(late, after: null);
        for (int i = 0; i < 100; i++)
            host.Log("a", $"{i}");
        Assert.Equal(["before", .. Enumerable.Range(0, 100).Select(i => $"{i}")], Read(early, 101).Select(line => line.GetProperty("message").GetString()));
        Assert.Equal(Enumerable.Range(2, 100).Select(i => (long)i), Read(late, 100).Select(line => line.GetProperty("sequence").GetInt64()));
    }

    [Fact]
    public void WatcherThatStallsFindsAGapThatIsCountedAndNobodyElseDoes()
    {
        const int Lines = 20_000;
        using var host = new ControlHost(null, s_rules);
        using ControlClient stalled = host.Connect(), quick = host.Connect();
        Watch(stalled, after: null);
        Watch(quick, after: null);
        string text = new('x', 400);
        long next = 1;
        for (int i = 0; i < Lines; i++)
        {
            host.Log("a", text);
            // In pace with what is kept: whoever reads misses nothing.
            if (i % 500 != 499)
                continue;

            foreach (JsonElement line in Read(quick, 500))
                Assert.Equal(next++, line.GetProperty("sequence").GetInt64());
        }

        // Both ends' buffers hold some; then there is a gap, and what is told of it is all that lacks.
        long seen = 0, lost = 0, last = 0;
        while (last < Lines)
        {
            JsonElement line = ControlHost.Json(stalled.ReadLine());
            if (line.GetProperty("type").GetString() == "lost")
            {
                lost += line.GetProperty("events").GetInt64();
                continue;
            }

            seen++;
            last = line.GetProperty("sequence").GetInt64();
            Assert.Equal(last, seen + lost);
        }

        Assert.True(lost > 0, "nothing was lost");
        Assert.Equal(Lines, seen + lost);
    }

    [Fact]
    public void SnapshotsComeByThemselvesAndAnotherWishReplacesTheOneBefore()
    {
        using var host = new ControlHost(null, s_rules);
        host.Test.Pass(Side.Left, Segment.Udp("10.0.0.1", 1, "10.0.0.2", 2));
        using ControlClient client = host.Connect();
        client.TrySend(new ControlRequest { Command = "watch", Interval = 100 });
        JsonElement snapshot = Read(client, 1, "stats")[0];
        Assert.False(snapshot.TryGetProperty("flowTable", out _));
        client.TrySend(new ControlRequest { Command = "watch", Interval = 100, Want = new SnapshotRequest { Flows = 5, History = true } });
        while (!snapshot.TryGetProperty("flowTable", out JsonElement _))
            snapshot = Read(client, 1, "stats")[0];
        Assert.Equal(1, snapshot.GetProperty("flowTable").GetArrayLength());
        Assert.Equal(240, snapshot.GetProperty("ports").GetProperty("left").GetProperty("history").GetArrayLength());
    }

    [Theory]
    [InlineData("\0\u0001\u0002 garbage", "this is no request")]
    [InlineData("[1,2]", "this is no request")]
    [InlineData("null", "this is no request")]
    [InlineData("{\"command\":17}", "this is no request")]
    [InlineData("{\"command\":\"watch\",\"want\":{\"flows\":\"many\"}}", "this is no request")]
    [InlineData("{}", "'' is no command, or lacks the name of a rule")]
    public void GarbageIsAnsweredAndTheNextRequestIsServed(string garbage, string answer)
    {
        using var host = new ControlHost(null, s_rules);
        using Socket socket = host.ConnectRaw();
        socket.Send(Encoding.UTF8.GetBytes(garbage + "\n{\"id\":5,\"command\":\"zero\",\"new\":{\"field\":1}}\n"));
        using var client = new ControlClient(socket);
        client.ReadReady();
        Assert.StartsWith(answer, ControlHost.Json(client.ReadLine()).GetProperty("message").GetString(), StringComparison.Ordinal);
        JsonElement good = ControlHost.Json(client.ReadLine());
        Assert.Equal((5, true), (good.GetProperty("id").GetInt32(), good.GetProperty("ok").GetBoolean()));
    }

    [Fact]
    public void LineOfAMegabyteEndsThatConnectionAlone()
    {
        using var host = new ControlHost(null, s_rules);
        using ControlClient other = host.Connect();
        using Socket socket = host.ConnectRaw();
        byte[] megabyte = [.. Enumerable.Repeat((byte)'x', 1 << 20)];
        int sent = 0;
        // The bridge hangs up before it has taken all.
        while (sent < megabyte.Length && socket.Send(megabyte.AsSpan(sent), SocketFlags.None, out SocketError error) is int count and > 0 && error == SocketError.Success)
            sent += count;
        Assert.True(sent < megabyte.Length, "the bridge took a line of a megabyte");
        Assert.True(other.Ask(new ControlRequest { Command = "zero" }).Ok);
    }

    [Fact]
    public void ThousandConnectionsThatSayNothingKeepNobodyOut()
    {
        using var host = new ControlHost(null, s_rules);
        using ControlClient watcher = host.Connect();
        Assert.True(watcher.Ask(new ControlRequest { Command = "zero" }).Ok);
        List<Socket> silent = [];
        try
        {
            for (int i = 0; i < 1000; i++)
            {
                silent.Add(host.ConnectRaw());
                // Half a line, and silence.
                silent[^1].Send("{\"command\":"u8, SocketFlags.None, out _);
            }

            using ControlClient late = host.Connect();
            Assert.True(late.Ask(new ControlRequest { Command = "zero" }).Ok);
            Assert.True(watcher.Ask(new ControlRequest { Command = "zero" }).Ok);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public void ClientsThatWatchKeepTheirPlacesAndTheNextIsToldWhy()
    {
        using var host = new ControlHost(null, s_rules);
        List<ControlClient> clients = [];
        try
        {
            for (int i = 0; i < ControlServer.MostConnections; i++)
            {
                clients.Add(host.Connect());
                Assert.True(clients[^1].Ask(new ControlRequest { Command = "zero" }).Ok);
            }

            using ControlClient late = host.Connect();
            Assert.Equal("64 clients watch this bridge already: end one of them", ControlHost.Json(late.ReadLine()).GetProperty("message").GetString());
            Assert.Null(late.ReadLine());
            Assert.All(clients, client => Assert.True(client.Ask(new ControlRequest { Command = "zero" }).Ok));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public void FloodOfRequestsWithoutReadingIsHeldBackAndOthersAreServed()
    {
        using var host = new ControlHost(null, s_rules);
        using Socket flood = host.ConnectRaw();
        flood.Blocking = false;
        byte[] requests = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"command\":\"snapshot\",\"want\":{\"flows\":1000,\"layers\":[\"*\"]}}\n", 1000)));
        for (int i = 0; i < 100; i++)
            flood.Send(requests, SocketFlags.None, out _);
        using ControlClient other = host.Connect();
        for (int i = 0; i < 20; i++)
            Assert.True(other.Ask(new ControlRequest { Command = "snapshot" }).Ok);
    }

    [Fact]
    public void BridgeThatEndsSaysSo()
    {
        using var host = new ControlHost(null, s_rules);
        using ControlClient client = host.Connect();
        Watch(client, after: null);
        host.Log("a", "last words");
        SpinWait.SpinUntil(() => host.Publisher.Events.Last == 1, ControlHost.Patience);
        host.EndServer();
        List<string?> types = [];
        while (client.ReadLine() is { } line)
            types.Add(ControlHost.Json(line).GetProperty("type").GetString());
        Assert.Equal(["log", "end"], types.Where(type => type != "reply"));
    }

    [Fact]
    public void OnlyTheOwnerAndRootAreServed()
    {
        Assert.True(new PeerCredentials(1, 1000).MayControl(1000));
        Assert.True(new PeerCredentials(1, 0).MayControl(1000));
        Assert.False(new PeerCredentials(1, 1001).MayControl(1000));
        Assert.False(new PeerCredentials(1, 1000).MayControl(0));

        // The mode lets nobody else in; where somebody widened it, the kernel's word counts.
        using var host = new ControlHost(null, s_rules);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.Path));
        if (PeerCredentials.OwnUser != 0)
            return;

        File.SetUnixFileMode(host.Path, (UnixFileMode)0b110110110);
        File.SetUnixFileMode(Path.GetDirectoryName(host.Path)!, (UnixFileMode)0b111101101);
        const string Script = "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); f=s.makefile(); f.readline(); print(f.readline())";
        using var other = Process.Start(new ProcessStartInfo("setpriv", ["--reuid=65534", "--clear-groups", "/usr/bin/python3", "-c", Script, host.Path]) { RedirectStandardOutput = true })!;
        string said = other.StandardOutput.ReadToEnd();
        Assert.Equal(
            "this bridge is another user's: only that user and root control it, and you are user 65534",
            JsonDocument.Parse(said).RootElement.GetProperty("message").GetString());
        using ControlClient own = host.Connect();
        Assert.True(own.Ask(new ControlRequest { Command = "zero" }).Ok);
    }

    [Fact]
    public void ClientInPythonWatches()
    {
        using var host = new ControlHost(null, s_rules);
        host.Log("a", "hello");
        using var python = Process.Start(new ProcessStartInfo("python3", [Path.Combine(AppContext.BaseDirectory, "examples/control/hits.py"), host.Path]) { RedirectStandardOutput = true })!;
        Assert.Equal("watching memory:left0 <-> memory:right0", python.StandardOutput.ReadLine());
        Assert.Equal("hits {'a': 0, 'b': 0}", python.StandardOutput.ReadLine());
        host.Log("b", "hello");
        string? line;
        do
            line = python.StandardOutput.ReadLine();
        while (line is not null && line != "b says hello");
        Assert.NotNull(line);
        host.EndServer();
        Assert.True(python.WaitForExit(ControlHost.Patience));
        Assert.Equal(0, python.ExitCode);
    }

    private static void Watch(ControlClient client, long? after)
    {
        client.TrySend(new ControlRequest { Command = "watch", Events = true, After = after });
        Assert.Equal("watching", ControlHost.Json(client.ReadLine()).GetProperty("message").GetString());
    }

    private static List<JsonElement> Read(ControlClient client, int count, string? type = null)
    {
        List<JsonElement> lines = [];
        while (lines.Count < count)
        {
            JsonElement line = ControlHost.Json(client.ReadLine());
            if (type is null || line.GetProperty("type").GetString() == type)
                lines.Add(line);
        }

        return lines;
    }
}
