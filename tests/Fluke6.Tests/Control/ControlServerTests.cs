using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Fluke6.Command.Control;
using Fluke6.Rules;
using Fluke6.Snapshots;

namespace Fluke6.Command.Tests.Control;

/// <summary>The control socket and its clients.</summary>
public sealed class ControlServerTests
{
    [Fact]
    public void SnapshotHasWhatIsWanted()
    {
        using var host = new ControlHost();
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
        using var host = new ControlHost();
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

    /// <summary>As socat and nc -N do; the last line need not have an end.</summary>
    [Theory]
    [InlineData("\n")]
    [InlineData("")]
    public void ClientThatClosesItsSideAfterTheRequestGetsTheReplies(string end)
    {
        using var host = new ControlHost();
        using Socket socket = host.ConnectRaw();
        socket.Send(Encoding.UTF8.GetBytes("{\"id\":1,\"command\":\"zero\"}\n{\"id\":2,\"command\":\"reload\"}" + end));
        socket.Shutdown(SocketShutdown.Send);
        using var client = new ControlClient(socket);
        client.ReadReady();
        foreach (int id in (int[])[1, 2])
        {
            JsonElement reply = ControlHost.Json(client.ReadLine());
            Assert.Equal((id, true), (reply.GetProperty("id").GetInt32(), reply.GetProperty("ok").GetBoolean()));
        }

        Assert.Null(client.ReadLine());
    }

    /// <summary>A watcher that asks for nothing more goes on watching; once it is gone, its place is free.</summary>
    [Fact]
    public void WatcherThatClosesItsSideGoesOnWatchingUntilItIsGone()
    {
        using var host = new ControlHost();
        using (Socket socket = host.ConnectRaw())
        {
            socket.Send("{\"command\":\"watch\",\"events\":true}\n"u8);
            socket.Shutdown(SocketShutdown.Send);
            using var client = new ControlClient(socket);
            client.ReadReady();
            Assert.Equal("watching", ControlHost.Json(client.ReadLine()).GetProperty("message").GetString());
            host.Log("a", "after");
            Assert.Equal("log", ControlHost.Json(client.ReadLine()).GetProperty("type").GetString());
        }

        List<ControlClient> others = [];
        try
        {
            for (int i = 0; i < ControlServer.MostConnections; i++)
            {
                others.Add(host.Connect());
                Assert.True(others[i].Ask(new ControlRequest { Command = "zero" }).Ok);
            }
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }
    }

    [Fact]
    public void NextBridgeRemovesTheSocketsOfKilledOnesAndNothingElse()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("fluke6-control-");
        try
        {
            string Name(string file) => Path.Combine(folder.FullName, file);
            var live = ControlListener.OpenAt(Name("live.sock"));
            using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                dead.Bind(new UnixDomainSocketEndPoint(Name("bound.sock")));
                // .NET deletes what it bound.
                File.Move(Name("bound.sock"), Name("dead.sock"));
            }

            File.WriteAllText(Name("text.sock"), "");
            Assert.True(File.Exists(Name("dead.sock")));
            ControlListener? next = ControlListener.TryOpenIn(folder.FullName, "next", out string? trouble);
            Assert.Null(trouble);
            Assert.Equal(["live.sock", "next.sock", "text.sock"], folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
            live.Remove();
            next!.Remove();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void CaptureBeginsAndEnds()
    {
        using var host = new ControlHost();
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
        using var host = new ControlHost();
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
        using var host = new ControlHost();
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
        using var host = new ControlHost();
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

    [Fact]
    public void BridgeThatEndsSaysSo()
    {
        using var host = new ControlHost();
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
    public void ClientInPythonWatches()
    {
        using var host = new ControlHost();
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
