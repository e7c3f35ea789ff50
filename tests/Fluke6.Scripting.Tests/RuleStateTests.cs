using Fluke6.Journal;

namespace Fluke6.Scripting.Tests;

/// <summary>The state of a rule that outlives a save of its file.</summary>
public sealed class RuleStateTests
{
    [Fact]
    public void KeptStateAndCountersSurviveAReload()
    {
        const string Count = """
            var state = Keep("state", () => new int[1]);
            Verdict Apply(ref Frame frame) => ++state[0] == 3 ? Verdict.Drop : Verdict.Continue;

            """;
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Count);
        live.Start();
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        live.Save("10-x.csx", Count + "// saved");
        Assert.Null(live.Pass(RunningRuleTests.Datagram));
        Assert.Equal(3, live.Rule("10-x").Counters.Seen);
    }

    [Fact]
    public void KeptObjectOfAScriptsOwnTypeBeginsAnew()
    {
        const string Count = """
            class State { public int Seen; }
            var state = Keep("state", () => new State());
            Verdict Apply(ref Frame frame) => ++state.Seen == 2 ? Verdict.Drop : Verdict.Continue;

            """;
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Count);
        live.Start();
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        live.Save("10-x.csx", Count + "// saved");
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        Assert.Null(live.Pass(RunningRuleTests.Datagram));
        Assert.Contains(live.Notes.OfType<LogNote>(), note => note.Message.StartsWith("Keep(\"state\") begins anew", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("(long Frames, int Other)", "frame.Flow.State<(long Frames, int Other)>().Frames", true)]
    [InlineData("a type of the script's", "frame.Flow.State<Seen>().Frames", false)]
    [InlineData("an object of the script's", "((frame.Flow.State<object>() ??= new Kept()) as Kept).Frames", false)]
    public void StateOfAFlowSurvivesAReloadUnlessTheScriptDeclaresItsType(string what, string frames, bool survives)
    {
        string count = $$"""
            // {{what}}
            struct Seen { public long Frames; }
            class Kept { public long Frames; }
            Verdict Apply(ref Frame frame) => ++{{frames}} == 3 ? Verdict.Drop : Verdict.Continue;

            """;
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", count);
        Assert.Empty(live.Start());
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        Assert.True(live.Save("10-x.csx", count + "// saved").Ok);
        Assert.Equal(survives, live.Pass(RunningRuleTests.Datagram) is null);
    }
}
