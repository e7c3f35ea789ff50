using System.Diagnostics;
using Fluke6.Engine;
using Fluke6.Journal;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting.Tests.Files;

/// <summary>A filter does not open because its files cannot be found for a while.</summary>
public sealed class FolderTroubleTests
{
    private const string Drop = "Verdict Apply(ref Frame frame) => Verdict.Drop;\n";
    private const string Accept = "Verdict Apply(ref Frame frame) => Verdict.Accept;\n";
    private static readonly byte[] s_frame = new byte[60];

    [Fact]
    public void FolderThatIsMovedAwayKeepsItsRules()
    {
        using ScriptedBridge live = Dropping();
        Directory.Move(live.Folder.Path, live.Folder.Path + ".away");
        // The folder and the file are looked at one after the other, and either may be first to find it.
        live.Until(() => live.Rule("10-x").State == RuleState.Stale && live.Notes.OfType<LogNote>().Any());
        Assert.Null(live.Pass(s_frame));
        Assert.Equal(
            $"{live.Folder.Path}: there is no such file or folder; its rules run on as they are",
            Assert.Single(live.Notes.OfType<LogNote>()).Message);
        Assert.Contains("there is no such file or folder", Assert.Single(live.Rules.DiagnosticsOf("10-x")).Message);

        Directory.Move(live.Folder.Path + ".away", live.Folder.Path);
        live.Until(() => live.Rule("10-x").State == RuleState.Live && live.Notes.OfType<LogNote>().Last().Message == $"{live.Folder.Path} can be read again");
        Assert.Null(live.Pass(s_frame));
        Assert.Empty(live.Rules.DiagnosticsOf("10-x"));
        // Where the file was found missing before its folder, that was told as the rule's; no version was loaded in any case.
        Assert.DoesNotContain(live.Reloads("10-x"), note => note.Ok);

        // And it is watched as before.
        live.Save("10-x.csx", Accept);
        Assert.NotNull(live.Pass(s_frame));
    }

    [Fact]
    public void EmptyFolderInTheFoldersPlaceIsAMountThatIsGone()
    {
        using ScriptedBridge live = Dropping();
        Directory.Move(live.Folder.Path, live.Folder.Path + ".away");
        Directory.CreateDirectory(live.Folder.Path);
        live.Until(() => live.Notes.OfType<LogNote>().Any(note => note.Message.Contains("another folder now, without rules", StringComparison.Ordinal)));
        Assert.Null(live.Pass(s_frame));
        Directory.Delete(live.Folder.Path);
        Directory.Move(live.Folder.Path + ".away", live.Folder.Path);
        live.Until(() => live.Rule("10-x").State == RuleState.Live);
    }

    [Fact]
    public void EmptyFolderOfTheSameNumbersAfterThatIsAnotherMount()
    {
        using var folder = new ScriptFolder();
        string away = folder.Path + ".away";
        var path = new RulePath(folder.Path);
        folder.Write("10-x.csx", Drop);
        Look();
        Assert.Null(path.Trouble);
        Directory.Move(folder.Path, away);
        Directory.CreateDirectory(folder.Path);
        Look();
        Assert.Equal("there is another folder now, without rules", path.Trouble);

        // As where an empty file system is mounted that gets the number of the one before.
        File.Delete(Path.Combine(away, "10-x.csx"));
        Directory.Delete(folder.Path);
        Directory.Move(away, folder.Path);
        Look();
        Assert.Equal("there is another folder now, without rules", path.Trouble);
        Assert.True(path.Holds(folder["10-x.csx"]));

        folder.Write("20-y.csx", Drop);
        Look();
        Assert.Null(path.Trouble);
        Assert.Equal(folder["20-y.csx"], Assert.Single(path.Files).Path);

        void Look() => path.Take(PathListing.Of(folder.Path, FileTrust.Any), _ => false);
    }

    [Fact]
    public void FileInTheFoldersPlaceKeepsItsRules()
    {
        using ScriptedBridge live = Dropping();
        Directory.Move(live.Folder.Path, live.Folder.Path + ".away");
        File.WriteAllText(live.Folder.Path, Accept);
        // A look between the two steps finds nothing there, and says so before.
        live.Until(() => live.Rule("10-x").State == RuleState.Stale
            && live.Notes.OfType<LogNote>().Any(note => note.Message.Contains("is one no more", StringComparison.Ordinal)));
        Assert.Null(live.Pass(s_frame));
        File.Delete(live.Folder.Path);
        Directory.Move(live.Folder.Path + ".away", live.Folder.Path);
        live.Until(() => live.Rule("10-x").State == RuleState.Live);
    }

    [Fact]
    public void FolderInTheFilesPlaceKeepsItsRule()
    {
        using var live = new ScriptedBridge();
        using var targets = new ScriptFolder();
        string file = live.Folder["10-x.csx"];
        File.CreateSymbolicLink(file, targets.Write("x.csx", Drop));
        using RuleSet rules = Start(live, file);
        Directory.CreateDirectory(targets["other"]);
        File.WriteAllText(Path.Combine(targets["other"], "20-y.csx"), Accept);
        // In one step: a file that was missing in between, however shortly, may be one that is gone.
        File.CreateSymbolicLink(live.Folder["link"], targets["other"]);
        using Process move = Process.Start("mv", ["-T", live.Folder["link"], file]);
        move.WaitForExit();
        live.Until(() => live.Rule("10-x").State == RuleState.Stale && live.Notes.OfType<LogNote>().Any());
        Assert.Contains("is a folder now", live.Notes.OfType<LogNote>().First().Message);
        Assert.Null(live.Pass(s_frame));
    }

    [Fact]
    public void FolderThatIsALinkInACircleKeepsItsRules()
    {
        using var live = new ScriptedBridge();
        using var links = new ScriptFolder();
        live.Folder.Write("10-x.csx", Drop);
        Directory.CreateSymbolicLink(links["rules"], live.Folder.Path);
        using RuleSet rules = Start(live, links["rules"]);
        File.Delete(links["rules"]);
        File.CreateSymbolicLink(links["rules"], "rules");
        live.Until(() => live.Rule("10-x").State == RuleState.Stale && live.Notes.OfType<LogNote>().Any());
        Assert.Null(live.Pass(s_frame));
        Assert.Contains("symbolic links", Assert.Single(live.Notes.OfType<LogNote>()).Message);
    }

    [Fact]
    public void FileWhoseFolderIsMovedAwayRunsOnAndOneThatIsDeletedLeaves()
    {
        using var live = new ScriptedBridge();
        string file = live.Folder.Write("10-x.csx", Drop);
        using RuleSet rules = Start(live, file);
        Directory.Move(live.Folder.Path, live.Folder.Path + ".away");
        live.Until(() => live.Rule("10-x").State == RuleState.Stale);
        Assert.Null(live.Pass(s_frame));
        Directory.Move(live.Folder.Path + ".away", live.Folder.Path);
        live.Until(() => live.Rule("10-x").State == RuleState.Live);

        File.Delete(file);
        live.Until(() => live.Bridge.Chain.Entries.Count == 0);
    }

    [Fact]
    public void LinkThatComesToLeadNowhereKeepsItsRule()
    {
        using var live = new ScriptedBridge();
        using var target = new ScriptFolder();
        string file = target.Write("real.csx", Drop);
        File.CreateSymbolicLink(live.Folder["10-x.csx"], file);
        live.Start();
        File.Delete(file);
        live.Until(() => live.Reloads("10-x").Count == 1);
        Assert.Equal(RuleState.Stale, live.Rule("10-x").State);
        Assert.Contains("leads nowhere", Assert.Single(live.Reloads("10-x")).Diagnostics[0]);
        Assert.Null(live.Pass(s_frame));
        target.Write("real.csx", Drop);
        live.Until(() => live.Reloads("10-x").Count == 2);
        Assert.Equal([false, true], live.Reloads("10-x").Select(note => note.Ok));
    }

    [Fact]
    public void LinkThatLeadsNowhereAtTheStartIsLeftOutWithAWarning()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Drop);
        File.CreateSymbolicLink(live.Folder["20-y.csx"], live.Folder["elsewhere.csx.not-yet"]);
        RuleDiagnostic warning = Assert.Single(live.Start());
        Assert.Equal("20-y.csx(1,1): warning FLUKE003: is a link that leads nowhere; left out", warning.ToString());
        Assert.Equal(["10-x"], live.Bridge.Chain.Entries.Select(rule => rule.Name));

        live.Folder.Write("elsewhere.csx.not-yet", Accept);
        live.Until(() => live.Reloads("20-y").Count == 1);
        ReloadNote note = Assert.Single(live.Reloads("20-y"));
        Assert.True(note is { Ok: true, HadVersion: false });
    }

    [Fact]
    public void LoadedFileThatIsGoneOrUnreadableKeepsTheRuleThatLoadsIt()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("lib/verdict.csx", "var verdict = Verdict.Drop;");
        live.Folder.Write("10-x.csx", "#load \"lib/verdict.csx\"\nVerdict Apply(ref Frame frame) => verdict;");
        live.Start();
        Directory.Move(live.Folder["lib"], live.Folder["away"]);
        live.Until(() => live.Reloads("10-x").Count == 1);
        Assert.Equal(RuleState.Stale, live.Rule("10-x").State);
        Assert.Contains("there is no folder", Assert.Single(live.Reloads("10-x")).Diagnostics[0]);
        Assert.Null(live.Pass(s_frame));

        Directory.Move(live.Folder["away"], live.Folder["lib"]);
        live.Until(() => live.Rule("10-x").State == RuleState.Live);
        File.Delete(live.Folder["lib/verdict.csx"]);
        live.Until(() => live.Rule("10-x").State == RuleState.Stale);
        Assert.Null(live.Pass(s_frame));
    }

    [Fact]
    public void ReferencedAssemblyThatIsNoFileAnyMoreKeepsTheRule()
    {
        using var live = new ScriptedBridge();
        TestAssembly.Write(live.Folder["lib.dll"], "public static class Library { public const bool Drop = true; }");
        live.Folder.Write("10-x.csx", "#r \"lib.dll\"\nVerdict Apply(ref Frame frame) => Library.Drop ? Verdict.Drop : Verdict.Accept;");
        live.Start();
        File.Delete(live.Folder["lib.dll"]);
        Directory.CreateDirectory(live.Folder["lib.dll"]);
        live.Until(() => live.Reloads("10-x").Any(note => note.Diagnostics[0].Contains("not a file", StringComparison.Ordinal)));
        Assert.Equal(RuleState.Stale, live.Rule("10-x").State);
        Assert.Contains("is a folder, not a file", live.Reloads("10-x")[^1].Diagnostics[0]);
        Assert.Null(live.Pass(s_frame));
        Assert.True(live.Rules.Reload("10-x"));
        Assert.Null(live.Pass(s_frame));
    }

    [Fact]
    public void FileThatIsReplacedAgainAndAgainDropsEveryFrame()
    {
        // On a machine that stands still for so long, the file is gone for good.
        TimeSpan grace = TimeSpan.FromMilliseconds(500);
        for (int attempt = 0; attempt < 10; attempt++)
        {
            using ScriptedBridge live = Dropping();
            (bool dropped, TimeSpan longest) = ReplaceAgainAndAgain(live);
            if (longest >= grace)
                continue;

            Assert.True(dropped);
            Assert.DoesNotContain(live.Notes, note => note is LogNote);
            Assert.Equal(RuleState.Live, live.Rule("10-x").State);
            return;
        }

        Assert.Skip("the machine stood still ten times");
    }

    // Gaps, each shorter than the grace and all of them together longer.
    private static (bool Dropped, TimeSpan LongestGap) ReplaceAgainAndAgain(ScriptedBridge live)
    {
        bool dropped = true;
        TimeSpan longest = default;
        for (int round = 0; round < 60; round++)
        {
            long gone = Stopwatch.GetTimestamp();
            File.Delete(live.Folder["10-x.csx"]);
            for (int i = 0; i < 3; i++)
            {
                dropped &= live.Pass(s_frame) is null;
                Thread.Sleep(10);
            }

            live.Folder.Write("10-x.csx", Drop);
            TimeSpan gap = Stopwatch.GetElapsedTime(gone);
            longest = gap > longest ? gap : longest;
            dropped &= live.Pass(s_frame) is null;
        }

        return (dropped, longest);
    }

    [Fact]
    public void RuleIsNeverMissingWhileItsFileIsRenamed()
    {
        using ScriptedBridge live = Dropping();
        File.Move(live.Folder["10-x.csx"], live.Folder["20-y.csx"]);
        live.Until(() =>
        {
            Assert.Null(live.Pass(s_frame));
            return live.Bridge.Chain.Entries is [{ Name: "20-y" }];
        });
        Assert.Null(live.Pass(s_frame));
    }

    [Fact]
    public void RuleRunsOnWhereItsFileIsRenamedAndDoesNotCompile()
    {
        using ScriptedBridge live = Dropping();
        Assert.False(live.Save("10-x.csx", "int n = ;").Ok);
        File.Move(live.Folder["10-x.csx"], live.Folder["20-y.csx"]);
        live.Until(() => live.Reloads("20-y") is [{ Ok: false }]);
        // Whether it is gone for good is decided twice before these are.
        live.Folder.Write("30-z.csx", "Verdict Apply(ref Frame frame) => Verdict.Continue;");
        live.Until(() => live.Reloads("30-z").Count == 1);
        File.Delete(live.Folder["30-z.csx"]);
        live.Until(() => live.Bridge.Chain.Entries.All(rule => rule.Name != "30-z"));
        Assert.Null(live.Pass(s_frame));

        Assert.True(live.Save("20-y.csx", Drop).Ok);
        live.Until(() => live.Bridge.Chain.Entries is [{ Name: "20-y" }]);
        Assert.Null(live.Pass(s_frame));
    }

    [Fact]
    public void FileThatNeverBecameARuleDoesNotLeaveTheChain()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", "int n = ;");
        live.Folder.Write("20-y.csx", Drop);
        Assert.Single(live.Start());
        File.Delete(live.Folder["10-x.csx"]);
        File.Delete(live.Folder["20-y.csx"]);
        live.Until(() => live.Notes.OfType<LogNote>().Count(note => note.Rule is "10-x" or "20-y") == 2);
        Assert.Equal("its file is gone; no version of it ran", live.Notes.OfType<LogNote>().Single(note => note.Rule == "10-x").Message);
        Assert.Equal("left the chain: its file is gone", live.Notes.OfType<LogNote>().Single(note => note.Rule == "20-y").Message);
    }

    private static ScriptedBridge Dropping()
    {
        var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", Drop);
        Assert.Empty(live.Start());
        Assert.Null(live.Pass(s_frame));
        return live;
    }

    private static RuleSet Start(ScriptedBridge live, string path)
    {
        var rules = new RuleSet(live.Bridge, [path]);
        Assert.Empty(rules.LoadAll());
        live.Bridge.Start();
        rules.Watch();
        Assert.Null(live.Pass(s_frame));
        return rules;
    }
}
