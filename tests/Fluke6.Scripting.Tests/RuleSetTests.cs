using Fluke6.Engine;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests;

public sealed class RuleSetTests
{
    private static readonly byte[] s_frame = new byte[60];

    private static string Rule(string verdict) => $"Verdict Apply(ref Frame frame) => Verdict.{verdict};\n";

    [Fact]
    public void RulesRunInTheOrderOfTheirNumbers()
    {
        using var live = new ScriptedBridge();
        foreach (string file in new[] { "z.csx", "9-a.csx", "10-a.csx", "a.csx", "010-b.csx", ".hidden.csx", "notes.txt" })
            live.Folder.Write(file, Rule("Continue"));
        Assert.Empty(live.Start());
        Assert.Equal(["9-a", "010-b", "10-a", "a", "z"], live.Bridge.Chain.Entries.Select(rule => rule.Name));
    }

    [Fact]
    public void WhatIsWrongAtTheStartIsReturned()
    {
        using var live = new ScriptedBridge(null, ("misspelt", "1"), ("asked", "2"));
        live.Folder.Write("10-bad.csx", "int x = 1\n" + Rule("Drop"));
        live.Folder.Write("20-good.csx", "var asked = Param(\"asked\", 0);\n" + Rule("Drop"));
        RuleDiagnostic diagnostic = Assert.Single(live.Start());
        Assert.Equal("10-bad.csx(1,10): error CS1002: ; expected", diagnostic.ToString());
        Assert.Equal([RuleState.Failed, RuleState.Live], live.Bridge.Chain.Entries.Select(rule => rule.State));
        Assert.Equal(["misspelt"], live.Rules.UnusedParameters);
    }

    [Fact]
    public void TwoRulesOfOneNameAreAnError()
    {
        using var live = new ScriptedBridge();
        using var other = new ScriptFolder();
        live.Folder.Write("10-x.csx", Rule("Continue"));
        other.Write("10-x.csx", Rule("Continue"));
        using var rules = new RuleSet(live.Bridge, [live.Folder.Path, other.Path, other["gone"]]);
        Assert.Equal(["FLUKE004", "FLUKE003"], rules.LoadAll().Select(diagnostic => diagnostic.Id));
        Assert.Single(live.Bridge.Chain.Entries);
    }

    [Fact]
    public void SaveIsLive()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Rule("Drop"));
        Assert.Empty(live.Start());
        Assert.Null(live.Pass(s_frame));

        ReloadNote note = live.Save("10-x.csx", Rule("Accept"));
        Assert.True(note.Ok, string.Join('\n', note.Diagnostics));
        Assert.NotNull(live.Pass(s_frame));
        Assert.Equal(2, live.Rule("10-x").Counters.Seen);
        Assert.Equal(1, live.Rule("10-x").Counters.Dropped);
    }

    [Fact]
    public void SaveThatDoesNotCompileLeavesTheLastGoodVersionRunning()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Rule("Drop"));
        live.Start();
        ReloadNote note = live.Save("10-x.csx", "Verdict Apply(ref Frame frame)\n{\n    return Verdict.Accept\n}\n");
        Assert.False(note.Ok);
        Assert.Equal(["10-x.csx(3,26): error CS1002: ; expected"], note.Diagnostics);
        Assert.Equal(RuleState.Stale, live.Rule("10-x").State);
        Assert.Null(live.Pass(s_frame));

        Assert.True(live.Save("10-x.csx", Rule("Accept")).Ok);
        Assert.Equal(RuleState.Live, live.Rule("10-x").State);
        Assert.NotNull(live.Pass(s_frame));
        Assert.Empty(live.Rules.DiagnosticsOf("10-x"));
    }

    [Fact]
    public void TakingAnErrorBackKeepsTheVersionThatRuns()
    {
        using var live = new ScriptedBridge();
        string good = "var seen = 0;\nVerdict Apply(ref Frame frame) => ++seen == 2 ? Verdict.Drop : Verdict.Continue;";
        live.Folder.Write("10-x.csx", good);
        live.Start();
        Assert.NotNull(live.Pass(s_frame));
        Assert.False(live.Save("10-x.csx", good + "nonsense").Ok);
        Assert.True(live.Save("10-x.csx", good).Ok);
        Assert.Equal(RuleState.Live, live.Rule("10-x").State);
        Assert.Null(live.Pass(s_frame));
    }

    [Fact]
    public void RuleThatNeverCompiledIsListedAndGoesLiveWhenMended()
    {
        using var live = new ScriptedBridge();
        live.Start();
        Assert.False(live.Save("10-x.csx", "nonsense").Ok);
        Assert.Equal(RuleState.Failed, live.Rule("10-x").State);
        Assert.NotNull(live.Pass(s_frame));
        Assert.True(live.Save("10-x.csx", Rule("Drop")).Ok);
        Assert.Null(live.Pass(s_frame));
    }

    [Fact]
    public void FilesComeAndGo()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("20-x.csx", Rule("Continue"));
        live.Start();
        Assert.True(live.Save("10-y.csx", Rule("Drop")).Ok);
        Assert.Equal(["10-y", "20-x"], live.Bridge.Chain.Entries.Select(rule => rule.Name));
        Assert.Null(live.Pass(s_frame));

        File.Delete(live.Folder["10-y.csx"]);
        live.Until(() => live.Bridge.Chain.Entries.Count == 1);
        Assert.NotNull(live.Pass(s_frame));

        // The counters wait for the rule's return.
        Assert.True(live.Save("10-y.csx", Rule("Drop")).Ok);
        Assert.Null(live.Pass(s_frame));
        Assert.Equal(2, live.Rule("10-y").Counters.Dropped);
    }

    public static TheoryData<string> WaysToSave => ["rename over", "truncate and write", "delete and create", "write twice"];

    [Theory]
    [MemberData(nameof(WaysToSave))]
    public void EveryWayToSaveIsOneReload(string way)
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Rule("Drop"));
        live.Start();
        ReloadNote note = live.Save("10-x.csx", Rule("Accept"), way switch
        {
            "rename over" => (path, text) =>
            {
                File.WriteAllText(path + "~", text);
                File.Move(path + "~", path, overwrite: true);
            },
            "truncate and write" => (path, text) =>
            {
                File.WriteAllText(path, "");
                Thread.Sleep(30);
                File.WriteAllText(path, text);
            },
            "delete and create" => (path, text) =>
            {
                File.Delete(path);
                Thread.Sleep(30);
                File.WriteAllText(path, text);
            },
            _ => (path, text) =>
            {
                File.WriteAllText(path, "half a " + text);
                File.WriteAllText(path, text);
            },
        });
        Assert.True(note.Ok, string.Join('\n', note.Diagnostics));
        Assert.NotNull(live.Pass(s_frame));
        Assert.Single(live.Reloads("10-x"));
        Assert.Equal(RuleState.Live, live.Rule("10-x").State);
    }

    [Fact]
    public void TouchWithoutChangeIsNoReload()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Rule("Drop"));
        live.Folder.Write("20-y.csx", Rule("Drop"));
        live.Start();
        RuleEntry before = live.Rule("10-x");
        File.SetLastWriteTimeUtc(live.Folder["10-x.csx"], DateTime.UtcNow);
        File.WriteAllText(live.Folder["10-x.csx"], Rule("Drop"));
        Assert.True(live.Save("20-y.csx", Rule("Accept")).Ok);
        Assert.Same(before, live.Rule("10-x"));
    }

    [Fact]
    public void ChangeToALoadedFileReloadsTheRulesThatLoadIt()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("lib/common.csx", "var verdict = Verdict.Drop;");
        live.Folder.Write("10-x.csx", "#load \"lib/common.csx\"\nVerdict Apply(ref Frame frame) => verdict;");
        live.Folder.Write("20-y.csx", Rule("Continue"));
        live.Start();
        RuleEntry other = live.Rule("20-y");
        Assert.Null(live.Pass(s_frame));

        live.Folder.Write("lib/common.csx", "var verdict = Verdict.Accept;");
        live.Until(() => live.Reloads("10-x").Count == 1);
        Assert.NotNull(live.Pass(s_frame));
        Assert.Same(other, live.Rule("20-y"));
    }

    [Fact]
    public void LoadedFileThatAppearsMendsTheRule()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", "#load \"common/verdict.csx\"\nVerdict Apply(ref Frame frame) => verdict;");
        Assert.NotEmpty(live.Start());
        live.Folder.Write("common/verdict.csx", "var verdict = Verdict.Drop;");
        live.Until(() => live.Rule("10-x").State == RuleState.Live);
        Assert.Null(live.Pass(s_frame));
    }

    [Fact]
    public void ReferencedAssemblyThatChangesReloadsTheRule()
    {
        using var live = new ScriptedBridge();
        TestAssembly.Write(live.Folder["lib.dll"], "public static class Library { public const bool Drop = true; }");
        live.Folder.Write("10-x.csx", "#r \"lib.dll\"\nVerdict Apply(ref Frame frame) => Library.Drop ? Verdict.Drop : Verdict.Accept;");
        Assert.DoesNotContain(live.Start(), diagnostic => diagnostic.IsError);
        Assert.Null(live.Pass(s_frame));
        TestAssembly.Write(live.Folder["lib.dll"], "public static class Library { public const bool Drop = false; }");
        live.Until(() => live.Reloads("10-x").Any(note => note.Ok) && live.Pass(s_frame) is not null);
    }

    [Fact]
    public void LinkedFolderAndLinkedFileAreFollowed()
    {
        using var live = new ScriptedBridge();
        using var target = new ScriptFolder();
        using var links = new ScriptFolder();
        target.Write("10-x.csx", Rule("Continue"));
        target.Write("elsewhere/20-y.csx", Rule("Continue"));
        File.CreateSymbolicLink(target["20-y.csx"], target["elsewhere/20-y.csx"]);
        Directory.CreateSymbolicLink(links["rules"], target.Path);
        using var rules = new RuleSet(live.Bridge, [links["rules"]]);
        Assert.Empty(rules.LoadAll());
        live.Bridge.Start();
        rules.Watch();

        target.Write("10-x.csx", Rule("Accept"));
        live.Until(() => live.Reloads("10-x").Count == 1);
        target.Write("elsewhere/20-y.csx", Rule("Accept"));
        live.Until(() => live.Reloads("20-y").Count == 1);
    }

    [Fact]
    public void DisabledRuleStaysDisabledOverAReload()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Rule("Drop"));
        live.Start();
        Assert.True(live.Rules.SetDisabled("10-x", true));
        Assert.NotNull(live.Pass(s_frame));
        live.Save("10-x.csx", "// again\n" + Rule("Drop"));
        Assert.Equal(RuleState.Disabled, live.Rule("10-x").State);
        Assert.NotNull(live.Pass(s_frame));
        Assert.True(live.Rules.SetDisabled("10-x", false));
        Assert.Null(live.Pass(s_frame));
        Assert.False(live.Rules.SetDisabled("nobody", true));
    }

    [Fact]
    public void MovedRuleStaysWhereItWasMoved()
    {
        using var live = new ScriptedBridge();
        foreach (string file in new[] { "10-a.csx", "20-b.csx", "30-c.csx" })
            live.Folder.Write(file, Rule("Continue"));
        live.Start();
        Assert.True(live.Rules.Move("30-c", 0));
        live.Save("20-b.csx", Rule("Accept"));
        live.Save("25-n.csx", Rule("Accept"));
        Assert.Equal(["30-c", "10-a", "20-b", "25-n"], live.Bridge.Chain.Entries.Select(rule => rule.Name));
    }

    [Fact]
    public void ReloadOnDemandRunsTheTopLevelAgain()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", "Log(\"loaded\");\n" + Rule("Drop"));
        live.Start();
        Assert.True(live.Rules.Reload("10-x"));
        Assert.Equal(2, live.Notes.OfType<LogNote>().Count(note => note.Message == "loaded"));
        Assert.Single(live.Reloads("10-x"));
    }
}
