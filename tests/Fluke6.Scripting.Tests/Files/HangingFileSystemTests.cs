using Fluke6.Engine;

namespace Fluke6.Scripting.Tests.Files;

/// <summary>A file system that does not answer holds up only what lies on it.</summary>
public sealed class HangingFileSystemTests : IDisposable
{
    private const string Drop = "Verdict Apply(ref Frame frame) => Verdict.Drop;\n";
    private const string Accept = "Verdict Apply(ref Frame frame) => Verdict.Accept;\n";
    private static readonly byte[] s_frame = new byte[60];
    private readonly ScriptedBridge _live = new();
    private readonly ScriptFolder _hanging = new();

    public void Dispose()
    {
        _live.Dispose();
        _hanging.Dispose();
    }

    [Fact]
    public void NewRuleOnItKeepsNoOtherFromReloading()
    {
        _live.Folder.Write("10-x.csx", Drop);
        _live.Start();
        using var system = new HangingFileSystem(_hanging.Path);
        File.CreateSymbolicLink(_live.Folder["60-far.csx"], _hanging["far.csx"]);
        for (int save = 0; save < 3; save++)
            Assert.True(_live.Save("10-x.csx", $"// {save}\n" + Accept).Ok);
        Assert.NotNull(_live.Pass(s_frame));

        // Whatever waited for the file system here would do so for ever.
        Assert.Equal(_live.Folder["10-x.csx"], _live.Rules.PathOf("10-x"));
        Assert.True(_live.Rules.Move("10-x", 0));
        _live.Rules.Dispose();
    }

    [Fact]
    public void RuleThatLoadsAFileOnItRunsOnStale()
    {
        _hanging.Write("verdict.csx", "var verdict = Verdict.Drop;");
        _live.Folder.Write("10-x.csx", $"#load \"{_hanging["verdict.csx"]}\"\nVerdict Apply(ref Frame frame) => verdict;");
        _live.Folder.Write("20-y.csx", Accept);
        Assert.Empty(_live.Start());
        using (new HangingFileSystem(_hanging.Path))
        {
            _live.Until(() => _live.Reloads("10-x").Count == 1);
            Assert.Equal(RuleState.Stale, _live.Rule("10-x").State);
            Assert.Contains("its file system does not answer", Assert.Single(_live.Reloads("10-x")).Diagnostics[0]);
            Assert.Null(_live.Pass(s_frame));
            Assert.True(_live.Save("20-y.csx", "// again\n" + Accept).Ok);
        }

        _live.Until(() => _live.Reloads("10-x").Count == 2);
        Assert.Equal(RuleState.Live, _live.Rule("10-x").State);
        Assert.Equal([false, true], _live.Reloads("10-x").Select(note => note.Ok));
    }

    [Fact]
    public void FolderOfRulesOnItKeepsThemAndTheStartCanBeStopped()
    {
        _hanging.Write("10-x.csx", Drop);
        using var rules = new RuleSet(_live.Bridge, [_hanging.Path]);
        Assert.Empty(rules.LoadAll());
        _live.Bridge.Start();
        rules.Watch();
        using (new HangingFileSystem(_hanging.Path))
        {
            _live.Until(() => _live.Rule("10-x").State == RuleState.Stale);
            Assert.Null(_live.Pass(s_frame));

            using var late = new RuleSet(_live.Bridge, [_hanging["10-x.csx"]]);
            Assert.Contains("does not answer", Assert.Single(late.LoadAll()).Message);
        }

        _live.Until(() => _live.Rule("10-x").State == RuleState.Live);
    }
}
