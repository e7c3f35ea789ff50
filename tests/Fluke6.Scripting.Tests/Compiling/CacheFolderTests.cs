using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Scripting.Compiling;
using Fluke6.Scripting.Files;
using Fluke6.Scripting.Tests.Files;

namespace Fluke6.Scripting.Tests.Compiling;

/// <summary>What is on disk is trusted only as far as nobody else can have written it, and takes no more room than it may.</summary>
public sealed class CacheFolderTests : CachedRules
{
    public static TheoryData<string> Damages { get; } = ["empty", "short", "cut", "longer", "first", "middle", "last", "zeros", "text"];

    [Theory]
    [MemberData(nameof(Damages))]
    public void DamagedEntryIsIgnoredAndRewritten(string damage)
    {
        string path = Rules.Write("10-x.csx", Apply);
        CompiledRule first = Compile(path);
        string entry = Assert.Single(Entries());
        byte[] octets = File.ReadAllBytes(entry);
        byte[] damaged = damage switch
        {
            "empty" => [],
            "short" => octets[..20],
            "cut" => octets[..^1],
            "longer" => [.. octets, 0],
            "zeros" => new byte[octets.Length],
            "text" => [.. System.Text.Encoding.UTF8.GetBytes(Apply)],
            _ => [.. octets],
        };
        if (damage is "first" or "middle" or "last")
            damaged[damage switch { "first" => 0, "middle" => octets.Length / 2, _ => octets.Length - 1 }] ^= 1;
        File.WriteAllBytes(entry, damaged);

        Assert.Null(Cache.Find(path, FileTrust.Any));
        CompiledRule second = Compile(path);
        Assert.NotEqual(first.Assembly!.Module, second.Assembly!.Module);
        AssertSame(second, Kept(path));
        Assert.Equal(entry, Assert.Single(Entries()));
    }

    [Fact]
    public void EntryOfAnotherRuleUnderItsNameIsNoUse()
    {
        string one = Rules.Write("10-x.csx", Apply), other = Rules.Write("20-y.csx", "// other\n" + Apply);
        Compile(one);
        string entry = Assert.Single(Entries());
        Compile(other);
        string second = Assert.Single(Entries(), file => file != entry);
        File.Copy(second, entry, overwrite: true);
        Assert.Null(Cache.Find(one, FileTrust.Any));
        Assert.Equal(one, Compile(one).Path);
        Assert.Equal(one, Kept(one).Path);
    }

    [Fact]
    public void EntryThatOthersMayHaveWrittenIsIgnoredAndRewritten()
    {
        string path = Rules.Write("10-x.csx", Apply);
        Compile(path);
        string entry = Assert.Single(Entries());
        File.SetUnixFileMode(entry, File.GetUnixFileMode(entry) | UnixFileMode.GroupWrite);
        Assert.Null(Cache.Find(path, FileTrust.Any));
        Compile(path);
        Assert.NotNull(Cache.Find(path, FileTrust.Any));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(entry));

        File.Move(entry, entry + ".away");
        File.CreateSymbolicLink(entry, entry + ".away");
        Assert.Null(Cache.Find(path, FileTrust.Any));
        Compile(path);
        Assert.NotNull(Cache.Find(path, FileTrust.Any));
        Assert.Null(new FileInfo(entry).LinkTarget);
    }

    [Fact]
    public void FolderIsMadeForItsOwnerAlone()
    {
        Compile(Rules.Write("10-x.csx", Apply));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(CacheFolder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Entries())));
        Assert.Null(Cache.Trouble);
    }

    [Fact]
    public void FolderThatOthersMayWriteIsRefusedWithTheCommandToType()
    {
        Directory.CreateDirectory(CacheFolder);
        File.SetUnixFileMode(CacheFolder, File.GetUnixFileMode(CacheFolder) | UnixFileMode.OtherWrite);
        string path = Rules.Write("10-x.csx", Apply);
        Assert.True(Compile(path).Succeeded);
        Assert.Null(Cache.Find(path, FileTrust.Any));
        Assert.Empty(Entries());
        Assert.Equal(
            $"others may write {CacheFolder} (mode 0757); type 'chmod go-w {CacheFolder}': compiled rules are not kept, and each start takes longer",
            Cache.Trouble);
    }

    [Fact]
    public void FolderOfAnotherUserIsRefused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "giving folders to other users needs root");
        Directory.CreateDirectory(CacheFolder);
        FileTrustTests.SetOwner(CacheFolder, 65534);
        Assert.True(Compile(Rules.Write("10-x.csx", Apply)).Succeeded);
        Assert.Empty(Entries());
        Assert.Equal($"{CacheFolder} belongs to user 65534: compiled rules are not kept, and each start takes longer", Cache.Trouble);
    }

    [Fact]
    public void EntryOfAnotherUserIsIgnoredAndRewritten()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "giving files to other users needs root");
        string path = Rules.Write("10-x.csx", Apply);
        Compile(path);
        FileTrustTests.SetOwner(Assert.Single(Entries()), 65534);
        Assert.Null(Cache.Find(path, FileTrust.Any));
        Compile(path);
        Assert.NotNull(Cache.Find(path, FileTrust.Any));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("link")]
    [InlineData("none")]
    public void WithoutAFolderRulesAreCompiled(string instead)
    {
        if (instead == "file")
            File.WriteAllText(CacheFolder, "");
        else if (instead == "link")
            File.CreateSymbolicLink(CacheFolder, Rules.Path);
        CompiledRuleCache cache = instead == "none" ? new(null, NoLimit, Patience) : Cache;
        string path = Rules.Write("10-x.csx", Apply);
        Assert.True(RuleCompiler.Compile(path, FileTrust.Any, cache).Succeeded);
        Assert.Null(cache.Find(path, FileTrust.Any));
        Assert.Null(cache.Trouble);
        Assert.Equal(["10-x.csx"], Directory.GetFileSystemEntries(Rules.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void EntriesThatWereNotUsedForLongestGoFirst()
    {
        string[] paths = [.. Enumerable.Range(0, 4).Select(i => Rules.Write($"1{i}-x.csx", Apply))];
        for (int i = 0; i < 3; i++)
            Compile(paths[i]);
        string[] entries = Entries();
        long size = entries.Max(entry => new FileInfo(entry).Length);
        foreach (string entry in entries)
            File.SetLastWriteTimeUtc(entry, DateTime.UtcNow - TimeSpan.FromDays(30));
        // The second is used again; then there is no room for all.
        Assert.NotNull(Cache.Find(paths[1], FileTrust.Any));
        string other = Path.Combine(CacheFolder, "notes.txt");
        File.WriteAllText(other, new string('x', 10_000));
        var small = new CompiledRuleCache(CacheFolder, (2 * size) + 64, Patience);
        RuleCompiler.Compile(paths[3], FileTrust.Any, small);
        Assert.Equal([false, true, false, true], paths.Select(path => small.Find(path, FileTrust.Any) is not null));
        Assert.True(File.Exists(other), "a file that is not the cache's was removed");
    }

    [Fact]
    public void WhatIsOfThisMomentIsNotKept()
    {
        Assert.False(Compile(Rules["10-gone.csx"]).Succeeded);
        Assert.False(Compile(Rules.Write("20-large.csx", Apply + new string(' ', 1 << 20))).Succeeded);
        Directory.CreateDirectory(Rules["30-folder.csx"]);
        Assert.False(Compile(Rules["30-folder.csx"]).Succeeded);
        Assert.False(Compile(Rules.Write("40-deep.csx", Apply + "void F() " + new string('{', 40_000))).Succeeded);
        Assert.DoesNotContain(Entries(), entry => File.ReadAllText(entry).Contains(RuleDiagnostic.CompilerFailed, StringComparison.Ordinal));
        Assert.True(Entries().Length <= 1, "something that another try may change was kept");
    }
}
