using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Fluke6.Command.Control;
using Fluke6.Rules;
using Fluke6.Snapshots;

namespace Fluke6.Command.Tests.Control;

/// <summary>The control socket, and clients that talk nonsense, too much or nothing, or may not talk to it at all.</summary>
public sealed class BadControlClientTests
{
    [Theory]
    [InlineData("\0\u0001\u0002 garbage", "this is no request")]
    [InlineData("[1,2]", "this is no request")]
    [InlineData("null", "this is no request")]
    [InlineData("{\"command\":17}", "this is no request")]
    [InlineData("{\"command\":\"watch\",\"want\":{\"flows\":\"many\"}}", "this is no request")]
    [InlineData("{}", "'' is no command, or lacks the name of a rule")]
    public void GarbageIsAnsweredAndTheNextRequestIsServed(string garbage, string answer)
    {
        using var host = new ControlHost();
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
        using var host = new ControlHost();
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
        using var host = new ControlHost();
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
        using var host = new ControlHost();
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
        using var host = new ControlHost();
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
    public void OnlyTheOwnerAndRootAreServed()
    {
        Assert.True(new PeerCredentials(1, 1000).MayControl(1000));
        Assert.True(new PeerCredentials(1, 0).MayControl(1000));
        Assert.False(new PeerCredentials(1, 1001).MayControl(1000));
        Assert.False(new PeerCredentials(1, 1000).MayControl(0));

        // The mode lets nobody else in; where somebody widened it, the kernel's word counts.
        using var host = new ControlHost();
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
}
