using Fluke6.Command.Control;
using Fluke6.Dashboard.Model;
using Fluke6.Rules;
using Fluke6.Snapshots;

namespace Fluke6.Command.Tests.Control;

/// <summary>A bridge of another process, as a screen sees it.</summary>
public sealed class AttachedBridgeTests
{
    [Fact]
    public async Task ScreenSeesFiguresEventsAndFlowsAndAsksForThings()
    {
        using var host = new ControlHost();
        host.Log("a", "before anybody came");
        host.Test.Pass(Side.Left, Segment.Udp("10.0.0.1", 1, "10.0.0.2", 2));
        using AttachedBridge bridge = Attach(host);
        var watch = new BridgeWatch(bridge, new DashboardOptions());
        Until(watch, () => watch.Latest.FlowTable is [_] && watch.Log.Count == 1);
        Assert.Equal((1L, 0L), (watch.Latest.Ports.Left.RxFrames, watch.Log.Missing));
        Assert.True(watch.KeepsFlows);
        BridgeSnapshot all = await watch.TakeAll().WaitAsync(ControlHost.Patience, TestContext.Current.CancellationToken);
        Assert.NotNull(all.Neighbors);
        Assert.Contains(all.Layers!, layer => layer is { Layer: "Udp", Has: true });
        Assert.Equal("a was loaded anew", Do(bridge, WatcherCommand.Reload).Message);
        watch.Query.SetFilter("10.0.0.9", watch.Latest);
        Until(watch, () => watch.Latest.FlowTable is []);
        host.Log("a", "later");
        Until(watch, () => watch.Log.Count == 2);
    }

    [Fact]
    public void SeveralWatchAtOnceAndOneThatIsReadOnlySaysSo()
    {
        using var host = new ControlHost();
        using AttachedBridge one = Attach(host), two = Attach(host, readOnly: true);
        Assert.True(two.IsReadOnly);
        host.Log("a", "for both");
        foreach (AttachedBridge bridge in (AttachedBridge[])[one, two])
        {
            var watch = new BridgeWatch(bridge, new DashboardOptions());
            Until(watch, () => watch.Log.Count == 1);
        }
    }

    [Fact]
    public void LostConnectionIsSaidAndMadeAgainAndNoEventIsMissedOrSeenTwice()
    {
        using var host = new ControlHost();
        using AttachedBridge bridge = Attach(host);
        host.Log("a", "one");
        var watch = new BridgeWatch(bridge, new DashboardOptions());
        Until(watch, () => watch.Log.Count == 1);
        host.Restart();
        host.Log("a", "two");
        Until(watch, () => watch.Log.Lines.Any(line => line.Text.EndsWith("a: two", StringComparison.Ordinal)) && bridge.Trouble is null);
        Until(watch, () => watch.Log.Lines.Any(line => line.Text.EndsWith("connected again", StringComparison.Ordinal)));
        string[] lines = [.. watch.Log.Lines.Select(line => line.Text[9..])];
        Assert.Equal(1, lines.Count(line => line == "a: one"));
        Assert.Equal(1, lines.Count(line => line == "a: two"));
        Assert.Contains(lines, line => line.StartsWith("not connected: the bridge was ended", StringComparison.Ordinal));
        Assert.Equal(0, watch.Log.Missing);
        Assert.Equal("a was loaded anew", Do(bridge, WatcherCommand.Reload).Message);
    }

    [Fact]
    public void CommandOfALostConnectionFailsInALine()
    {
        using var host = new ControlHost();
        using AttachedBridge bridge = Attach(host);
        host.EndServer();
        Assert.True(SpinWait.SpinUntil(() => bridge.Trouble is not null, ControlHost.Patience));
        Assert.Equal((false, "the connection was lost before the bridge answered"), (Do(bridge, WatcherCommand.Reload).Ok, Do(bridge, WatcherCommand.Reload).Message));
    }

    [Fact]
    public void SocketOfADeadBridgeIsReplacedAndThatOfALiveOneRefused()
    {
        string folder = Directory.CreateTempSubdirectory("fluke6-control-").FullName;
        try
        {
            string path = Path.Combine(folder, "b.sock");
            using (ControlListener first = ControlListener.OpenAt(path))
            {
                CommandFailure refused = Assert.Throws<CommandFailure>(() => ControlListener.OpenAt(path));
                Assert.Equal(
                    $"another bridge is controlled by {path}: name another path with --control, or end that one with 'fluke6 stop {path}'", refused.Message);
                Assert.Equal(ExitCode.Failed, refused.ExitCode);
                // Where .NET does not find it.
                File.Move(path, $"{path}.dead");
            }

            // As where the bridge was killed: nobody listens, and its file is still there.
            File.Move($"{path}.dead", path);
            Assert.True(ControlTarget.IsSocket(path));
            CommandFailure dead = Assert.Throws<CommandFailure>(() => ControlTarget.Connect(path, out _));
            Assert.Equal($"the bridge of {path} has ended", dead.Message);
            using ControlListener second = ControlListener.OpenAt(path);
            using System.Net.Sockets.Socket client = ControlTarget.Connect(path, out _);
            second.Remove();
            Assert.False(File.Exists(path));

            File.WriteAllText(path, "precious");
            Assert.Contains("there is a file that is no socket", Assert.Throws<CommandFailure>(() => ControlListener.OpenAt(path)).Message, StringComparison.Ordinal);
            Assert.Equal("precious", File.ReadAllText(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static AttachedBridge Attach(ControlHost host, bool readOnly = false)
    {
        var client = new ControlClient(ControlTarget.Connect(host.Path, out string found));
        return new AttachedBridge(found, client, client.ReadReady(), readOnly);
    }

    private static CommandOutcome Do(AttachedBridge bridge, string command) =>
        bridge.Do(new WatcherCommand { Name = command, Rule = "a" }).WaitAsync(ControlHost.Patience).Result;

    private static void Until(BridgeWatch watch, Func<bool> condition) => Assert.True(
        SpinWait.SpinUntil(
            () =>
            {
                watch.Poll();
                return condition();
            },
            ControlHost.Patience),
        $"waited in vain; the log has:\n{string.Join('\n', watch.Log.Lines.Select(line => line.Text))}");
}
