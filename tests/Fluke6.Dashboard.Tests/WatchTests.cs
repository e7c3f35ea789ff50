using Fluke6.Bridging;
using Fluke6.Dashboard.Details;
using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;
using Fluke6.Watching;
using Fluke6.Wire;

namespace Fluke6.Dashboard.Tests;

/// <summary>The screen's own thread waits for nobody, and what it holds does not change.</summary>
public sealed class WatchTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task RequestsThatTakeLongKeepNobodyWaiting()
    {
        using var test = new TestBridge(null, ("a", (ref frame) => Verdict.Continue));
        var rules = new StuckRules();
        var control = new BridgeControl(test.Bridge, rules, new BridgePublisher(test.Bridge, rules), () => { });
        // Each would return only once the rules answer, which they do not before all three were asked for.
        Task<CommandOutcome>[] asked =
        [
            control.Do(new WatcherCommand { Name = WatcherCommand.Reload, Rule = "a" }),
            control.Do(new WatcherCommand { Name = WatcherCommand.Toggle, Rule = "a" }),
            control.Do(new WatcherCommand { Name = WatcherCommand.Move, Rule = "a" }),
        ];
        Assert.DoesNotContain(asked, task => task.IsCompleted);
        rules.Release();
        CommandOutcome[] outcomes = await Task.WhenAll(asked).WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Equal(
            ["a was loaded anew", "a is off: frames pass it by", "a is number 1 now, until the program ends"],
            outcomes.Select(outcome => outcome.Message));
    }

    [Fact]
    public void FileThatDoesNotAnswerKeepsNobodyWaiting()
    {
        string folder = Directory.CreateTempSubdirectory("fluke6-fifo-").FullName;
        try
        {
            string fifo = Path.Combine(folder, "a.csx");
            System.Diagnostics.Process.Start("mkfifo", fifo).WaitForExit();
            using var test = new TestBridge(null, ("a", (ref frame) => Verdict.Continue));
            BridgeWatch watch = Watch(test, new StuckRules { Path = fifo });
            watch.Poll();
            var detail = new RuleDetail("a", keepsFlows: true);
            Assert.Contains(detail.Lines(watch.Latest), line => line.Text.Contains("the file is being read", StringComparison.Ordinal));
            // Somebody writes to it, and then it is read.
            using (var writer = new StreamWriter(fifo))
                writer.Write("int late = 1;");
            Assert.True(SpinWait.SpinUntil(() => detail.Lines(watch.Latest).Any(line => line.Text.Contains("int late = 1;", StringComparison.Ordinal)), TimeSpan.FromSeconds(20)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task ViewThatStandsStillShowsWhatWasWhenItStopped()
    {
        using var test = new TestBridge(null, ("strip", (ref frame) =>
        {
            if (frame.TryGetTcp(out TcpHeader tcp))
                tcp.Window--;
            return Verdict.Continue;
        }));
        BridgeWatch watch = Watch(test, null);
        test.Handshake([2, 4, 5, 180], [2, 4, 5, 180]);
        watch.Poll();
        BridgeSnapshot frozen = await watch.TakeAll();
        FlowRecord flow = Assert.Single(watch.Query.Of(frozen));
        IDetail[] details = [new FlowDetail(flow), new RuleDetail("strip", keepsFlows: true), new NeighborDetail()];
        string[] before = [.. details.Select(detail => Text(detail, frozen))];
        Assert.Contains("from left             2 frames", before[0], StringComparison.Ordinal);
        Assert.Contains("The last frames that rules changed", before[0], StringComparison.Ordinal);
        Assert.Contains("client since: data in none", before[0], StringComparison.Ordinal);
        Assert.Contains("seen 3, hits 3", before[1], StringComparison.Ordinal);

        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack, payload: 100), TestBridge.FromClient(TcpFlags.Ack, payload: 100));
        watch.Poll();
        Assert.Equal(4, Assert.Single(watch.Latest.FlowTable!).FramesFromLeft);
        Assert.Equal(2, Assert.Single(watch.Query.Of(frozen)).FramesFromLeft);
        // Opened before the view stood still or after: both show the moment when it did.
        details = [.. details, new FlowDetail(flow), new RuleDetail("strip", keepsFlows: true), new NeighborDetail()];
        Assert.Equal([.. before, .. before], details.Select(detail => Text(detail, frozen)));

        static string Text(IDetail detail, BridgeSnapshot snapshot) => string.Join('\n', detail.Lines(snapshot).Select(line => line.Text));
    }

    private static BridgeWatch Watch(TestBridge test, IRuleControl? rules)
    {
        var publisher = new BridgePublisher(test.Bridge, rules);
        return new BridgeWatch(new PublishedBridge(test.Bridge, publisher, new NoCommands()), new DashboardOptions());
    }

    private sealed class NoCommands : IBridgeCommands
    {
        public Task<CommandOutcome> Do(WatcherCommand command) => Task.FromResult(new CommandOutcome(false, "nothing is done here"));
    }

    /// <summary>Rules whose loader answers no request until it is told to.</summary>
    private sealed class StuckRules : IRuleControl
    {
        private readonly TaskCompletionSource _released = new();

        public string Path { get; init; } = "";

        public void Release() => _released.SetResult();

        public string? PathOf(string rule) => Path;

        public IReadOnlyList<RuleProblem> ProblemsOf(string rule) => [];

        public bool Reload(string rule) => Wait();

        public bool SetDisabled(string rule, bool disabled) => Wait();

        public bool Move(string rule, int position) => Wait();

        public string? SetParameter(string rule, string name, string value) => Wait() ? null : "";

        private bool Wait() => _released.Task.Wait(s_patience);
    }
}
