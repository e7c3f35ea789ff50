using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests.Positions;

/// <summary>Where a script is, as others see it while it runs.</summary>
public sealed class ScriptPositionTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("while (true)\n        seen++;")]
    [InlineData("while (true) { }")]
    [InlineData("for (;;)\n    {\n    }")]
    [InlineData("again:\n    goto again;")]
    [InlineData("while (true)\n    {\n        try\n        {\n            seen++;\n        }\n        catch\n        {\n        }\n    }")]
    [InlineData("while (true)\n    {\n        try\n        {\n            seen++;\n        }\n        finally\n        {\n            seen--;\n        }\n    }")]
    [InlineData("while (true)\n        list.Add(list.Count > 9 ? list.RemoveAll(one => one > 3) : seen);")]
    [InlineData("while (true)\n        seen += Enumerable.Range(0, 1_000_000_000).Where(i => i % 3 == seen % 5).Count();")]
    public void HangIsNamedAndEnds(string endless)
    {
        string script = $$"""
            int seen;
            var list = new List<int>();
            Verdict Apply(ref Frame frame)
            {
                seen = 1;
                {{endless}}
                return Verdict.Accept;
            }
            """;
        using LoadedRule rule = _folder.Load("10-x.csx", script);
        ScriptPosition position = rule.Globals.Position;
        Assert.NotEqual("10-x.csx:6", position.Current);
        Exception? end = null;
        var thread = new Thread(() => end = Record.Exception(() => Run(rule))) { IsBackground = true };
        thread.Start();
        // A loop without any statement is told by the one before it.
        int first = endless.StartsWith("for (;;)", StringComparison.Ordinal) ? 5 : 6;
        int last = 6 + endless.Count(c => c == '\n');
        Assert.True(SpinWait.SpinUntil(() => LineOf(position) is int line && line >= first && line <= last, s_patience), position.Current);

        position.End();
        Assert.True(thread.Join(s_patience), $"still at {position.Current}");
        Assert.IsType<NullReferenceException>(end);
    }

    [Fact]
    public void TopLevelThatHangsOrThrowsIsNamed()
    {
        Assert.Null(_folder.TryLoad(
            "10-x.csx", "int[] none = null;\nint seen = 1;\nseen = none[0];\nvoid Apply(ref Frame frame) { }", null, out RuleDiagnostic? diagnostic));
        Assert.StartsWith("10-x.csx(3,1): error FLUKE002: NullReferenceException", diagnostic!.ToString(), StringComparison.Ordinal);

        _folder.Write("lib.csx", "int Endless(int i)\n{\n    while (true)\n        i++;\n}");
        Assert.Null(_folder.TryLoad("10-x.csx", "#load \"lib.csx\"\nint x = Endless(1);\nvoid Apply(ref Frame frame) { }", null, out diagnostic));
        Assert.Matches(@"^lib\.csx\((3,5|4,9)\): error FLUKE002: the top level did not return", diagnostic!.ToString());
    }

    [Fact]
    public void FaultInAFileThatWasLoadedNamesThatFile()
    {
        _folder.Write("lib/tables.csx", "int[] table = new int[2];\nint Look(int i)\n{\n    i++;\n    return table[i + 7];\n}");
        using LoadedRule rule = _folder.Load("10-x.csx", "#load \"lib/tables.csx\"\nvoid Apply(ref Frame frame)\n{\n    int i = 1;\n    Look(i);\n}");
        Exception exception = Record.Exception(() => Run(rule))!;
        Assert.Equal("tables.csx:5", FaultOf(exception, rule).At);
    }

    [Fact]
    public void TaskOfTheRuleDoesNotTakeTheFaultsLineAway()
    {
        using LoadedRule rule = _folder.Load("10-x.csx", """
            long turns = 0;
            int[] table = new int[2];
            var task = System.Threading.Tasks.Task.Run(() =>
            {
                while (!Stopped.IsCancellationRequested)
                    turns++;
            });
            void Apply(ref Frame frame)
            {
                int i = 1;
                table[i + 7]++;
            }
            """);
        Assert.True(SpinWait.SpinUntil(() => LineOf(rule.Globals.Position) is 5 or 6, s_patience));
        for (int i = 0; i < 100; i++)
            Assert.Equal("10-x.csx:11", FaultOf(Record.Exception(() => Run(rule))!, rule).At);
    }

    private static RuleFault FaultOf(Exception exception, LoadedRule rule) =>
        RuleFaults.Describe("10-x", exception, exception.Message, bypassed: false, rule.Globals.Position);

    private static int? LineOf(ScriptPosition position) => position.Point?.Line;

    private static void Run(LoadedRule rule)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(new byte[60], LinkType.Ethernet, Side.Left);
        var frame = new Frame(buffer);
        rule.Rule(ref frame);
    }
}
