using Fluke6.Engine;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests;

/// <summary>What those who look on ask the set of rules, and the values that they give parameters while the rules run.</summary>
public sealed class RuleSetQuestionTests
{
    private const string Rule = "int mss = Param(\"mss\", 1220, \"largest\", 500, 9000);\nvoid Apply(ref Frame frame) { frame.Hit(); }\n";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly byte[] s_frame = new byte[60];

    [Fact]
    public async Task QuestionIsAnsweredWhileAnotherThreadHasTheLock()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Rule);
        using var host = new StuckHost(live.Bridge);
        using var rules = new RuleSet(host, [live.Folder.Path]);
        Assert.Empty(rules.LoadAll(TestContext.Current.CancellationToken));
        host.GetStuck();
        // A chain is published under the lock; this one is published for as long as the host likes.
        Task<bool> move = Task.Run(() => rules.Move("10-x", 0), TestContext.Current.CancellationToken);
        Assert.True(host.IsStuck.Wait(s_patience, TestContext.Current.CancellationToken));
        Task<(string? Path, int Problems)> question = Task.Run(() => (rules.PathOf("10-x"), rules.DiagnosticsOf("10-x").Count), TestContext.Current.CancellationToken);
        Assert.Equal((live.Folder["10-x.csx"], 0), await question.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        Assert.False(move.IsCompleted);
        host.Release();
        Assert.True(await move.WaitAsync(s_patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void ParameterOfARunningRuleTakesAnotherValueAndKeepsItOverASave()
    {
        using var live = new ScriptedBridge(null, ("mss", "1000"));
        live.Folder.Write("10-x.csx", Rule);
        Assert.Empty(live.Start());
        Assert.NotNull(live.Pass(s_frame));
        Assert.Null(live.Rules.SetParameter("10-x", "mss", "1400"));
        Assert.Equal("1400", live.Rule("10-x").Context!.Parameters["mss"]);
        Assert.NotNull(live.Pass(s_frame));
        Assert.Equal(2, live.Rule("10-x").Counters.Hits);
        Assert.True(live.Save("10-x.csx", "// again\n" + Rule).Ok);
        Assert.Equal("1400", live.Rule("10-x").Context!.Parameters["mss"]);
    }

    [Theory]
    [InlineData("mss", "much", "much")]
    [InlineData("mss", "100", "500 to 9000")]
    [InlineData("msx", "1400", "10-x has no parameter msx; it has mss")]
    public void ValueThatDoesNotDoLeavesTheRuleAsItWas(string name, string value, string said)
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Rule);
        Assert.Empty(live.Start());
        RuleEntry before = live.Rule("10-x");
        Assert.Contains(said, live.Rules.SetParameter("10-x", name, value), StringComparison.Ordinal);
        Assert.Same(before, live.Rule("10-x"));
        Assert.Equal((RuleState.Live, "1220"), (before.State, before.Context!.Parameters["mss"]));
        Assert.Empty(live.Rules.DiagnosticsOf("10-x"));
        // The file counts as loaded: only the next save loads it anew.
        Assert.True(live.Save("10-x.csx", "// again\n" + Rule).Ok);
        Assert.Equal("1220", live.Rule("10-x").Context!.Parameters["mss"]);
        Assert.Single(live.Notes.OfType<ReloadNote>());
    }

    [Fact]
    public void RuleThatDoesNotRunTakesNoValue()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", "nonsense");
        live.Start();
        Assert.Equal("10-x does not run: mend its file first", live.Rules.SetParameter("10-x", "mss", "1400"));
        Assert.Equal("other does not run: mend its file first", live.Rules.SetParameter("other", "mss", "1400"));
    }

    /// <summary>A host that takes as long as it likes to publish a chain.</summary>
    private sealed class StuckHost(IRuleHost host) : IRuleHost, IDisposable
    {
        private readonly ManualResetEventSlim _released = new(initialState: true);

        public ManualResetEventSlim IsStuck { get; } = new();

        public RuleServices Services => host.Services;

        public FaultPolicy OnFault => host.OnFault;

        public void GetStuck() => _released.Reset();

        public void Release() => _released.Set();

        public Task Publish(RuleChain chain)
        {
            if (!_released.IsSet)
                IsStuck.Set();
            _released.Wait(s_patience);
            return host.Publish(chain);
        }

        public void Dispose()
        {
            _released.Set();
            _released.Dispose();
            IsStuck.Dispose();
        }
    }
}
