using Fluke6.Dashboard.Details;
using Fluke6.Dashboard.Model;
using Fluke6.Engine;

namespace Fluke6.Dashboard.Tests;

/// <summary>The screen's own thread waits for nobody.</summary>
public sealed class WatchTests
{
    [Fact]
    public void RequestsThatTakeLongKeepNobodyWaiting()
    {
        var rules = new StuckRules();
        var said = new List<string>();
        using var done = new CountdownEvent(3);
        var actions = new RuleActions(rules, () => new RuleChain([new RuleEntry("a", (ref frame) => Verdict.Continue)]), message =>
        {
            said.Add(message);
            done.Signal();
        });
        // Each would return only once the rules answer, which they do not before all three were asked for.
        actions.Reload("a");
        actions.Toggle("a");
        actions.Move("a", 0);
        Assert.Empty(said);
        rules.Release();
        Assert.True(done.Wait(TimeSpan.FromSeconds(20)));
        Assert.Equal(["a was loaded anew", "a is off: frames pass it by", "a is number 1 now, until the program ends"], said);
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
            var watch = new BridgeWatch(test.Bridge, new StuckRules { Path = fifo }, new DashboardOptions());
            watch.Poll();
            var detail = new RuleDetail(watch, "a");
            Assert.Contains(detail.Lines(), line => line.Text.Contains("the file is being read", StringComparison.Ordinal));
            // Somebody writes to it, and then it is read.
            using (var writer = new StreamWriter(fifo))
                writer.Write("int late = 1;");
            Assert.True(SpinWait.SpinUntil(() => detail.Lines().Any(line => line.Text.Contains("int late = 1;", StringComparison.Ordinal)), TimeSpan.FromSeconds(20)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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

        private bool Wait() => _released.Task.Wait(TimeSpan.FromSeconds(20));
    }
}
