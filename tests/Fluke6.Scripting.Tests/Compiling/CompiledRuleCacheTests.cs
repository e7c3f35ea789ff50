using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Scripting.Compiling;
using Fluke6.Scripting.Files;
using Fluke6.Scripting.Tests.Files;

namespace Fluke6.Scripting.Tests.Compiling;

/// <summary>A rule from the cache is the rule that the compiler would give; whatever is in doubt is compiled.</summary>
public sealed class CompiledRuleCacheTests : IDisposable
{
    private const string Apply = "Verdict Apply(ref Frame frame) => Verdict.Continue;\n";
    private const long NoLimit = long.MaxValue;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly ScriptFolder _rules = new();
    private readonly ScriptFolder _home = new();
    private readonly CompiledRuleCache _cache;

    public CompiledRuleCacheTests() => _cache = NewCache();

    public void Dispose()
    {
        _rules.Dispose();
        _home.Dispose();
    }

    /// <summary>Rules and parts of rules, one for each thing that the compiler gives beside the code.</summary>
    public static TheoryData<string> Scripts { get; } =
    [
        Apply,
        "",
        // Positions, methods that may recurse, symbols.
        "int[] table = new int[3];\nint Twice(int i) => i > 2 ? table[i + 1] : Twice(i + 1);\nVerdict Apply(ref Frame frame) { int i = Twice(0); return i > 0 ? Verdict.Drop : Verdict.Continue; }",
        // Parameters that are known, and those that are not.
        "int a = Param(\"mss\", 1); string b = Param(\"name\", \"x\");\n" + Apply,
        "string name = \"m\" + Random.Next(); int a = Param(name, 1);\n" + Apply,
        // Warnings.
        "#warning look here\nint never() { return 1; int i = 2; }\n" + Apply,
        "async Task F() { }\n" + Apply,
        // Errors, with hints, and in places that are told from others.
        "int x = 1\n" + Apply,
        "Verdict Apply(ref Frame frame) => frame.TryGetTpc(out var tcp) ? Verdict.Drpo : Verdict.Continue;",
        "void Apply(ref Frame frame) { Log($\"{frame} {frame.From}\"); }",
        "void Apply(ref Frame frame) { Log($\"{frame}\" + nonsense); }",
        "#line 7 \"elsewhere.csx\"\nint a = nonsense;\n" + Apply,
        "class C { Verdict Apply(ref Frame frame) => default; }",
        "#r \"nuget: Newtonsoft.Json, 13.0.3\"\n" + Apply,
        "#r \"System.Xml.Linq\"\nvar x = new System.Xml.Linq.XElement(\"a\");\n" + Apply,
        "#load \"missing.csx\"\n" + Apply,
        "#r \"missing.dll\"\n" + Apply,
        "#load \"lib/b.csx\"\nint a = B(1);\n" + Apply,
        "#load \"10-x.csx\"\n" + Apply,
        // Handlers for the whole process.
        "AppDomain.CurrentDomain.FirstChanceException += (_, _) => { };\n" + Apply,
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void KeptRuleIsWhatTheCompilerGave(string script)
    {
        _rules.Write("lib/b.csx", "#load \"../c.csx\"\nint B(int i) => i;\n");
        _rules.Write("c.csx", "int c;\n");
        string path = _rules.Write("10-x.csx", script);
        CompiledRule fresh = Compile(path);
        AssertSame(fresh, Kept(path));
        // As another process finds it.
        AssertSame(fresh, NewCache().Find(path, FileTrust.Any)!);
    }

    [Fact]
    public void EveryExampleIsKept()
    {
        string[] paths = Directory.GetFiles(Examples.GoldenFrames.Folder, "*.csx");
        CompiledRule[] fresh = [.. paths.AsParallel().AsOrdered().Select(Compile)];
        Assert.All(fresh, rule => AssertSame(rule, Kept(rule.Path)));
    }

    [Fact]
    public void KeptRuleFaultsAtItsLine()
    {
        string path = _rules.Write("10-x.csx", "int[] table = [1, 2];\nVerdict Apply(ref Frame frame)\n{\n    int i = frame.Length;\n    return table[i] > 0 ? Verdict.Drop : Verdict.Continue;\n}\n");
        Compile(path);
        // Twice: each time it is loaded, it stores where it is for itself alone.
        for (int i = 0; i < 2; i++)
        {
            var globals = new RuleGlobals("10-x", new RuleCounters(), new RuleServices(new BridgeJournal(), TimeProvider.System, new Random(1)));
            Assert.True(LoadedRule.TryLoad(Kept(path), globals, out LoadedRule? loaded, out RuleDiagnostic? diagnostic), diagnostic?.ToString());
            using (loaded)
            {
                var exception = Assert.Throws<IndexOutOfRangeException>(() => Run(loaded));
                Assert.Equal("10-x.csx:5", ScriptPosition.Locate(exception, globals.Position)?.ToString());
            }
        }
    }

    [Fact]
    public void RuleWithAnAssemblyOfItsOwnRunsFromTheCache()
    {
        TestAssembly.Write(_rules["library.dll"], "public static class Library { public static int Answer() => 3; }");
        string path = _rules.Write("10-x.csx", "#r \"library.dll\"\nvoid Apply(ref Frame frame) { if (Library.Answer() == 3) frame.Hit(); }\n");
        Compile(path);
        var globals = new RuleGlobals("10-x", new RuleCounters(), new RuleServices(new BridgeJournal(), TimeProvider.System, new Random(1)));
        Assert.True(LoadedRule.TryLoad(Kept(path), globals, out LoadedRule? loaded, out RuleDiagnostic? diagnostic), diagnostic?.ToString());
        using (loaded)
            Run(loaded);
    }

    /// <summary>All that goes into a compilation, changed: none of it may be answered by what was compiled before.</summary>
    [Fact]
    public void NothingStaleIsTaken()
    {
        string path = _rules.Write("10-x.csx", "#load \"a.csx\"\n#r \"library.dll\"\nint x = Library.Answer();\n" + Apply);
        string part = _rules.Write("a.csx", "#load \"b.csx\"\nint a = 1;\n");
        string deeper = _rules.Write("b.csx", "int b = 1;\n");
        TestAssembly.Write(_rules["library.dll"], "public static class Library { public static int Answer() => 3; }");
        Assert.True(Compile(path).Succeeded);
        Assert.NotNull(_cache.Find(path, FileTrust.Any));

        // A part of a part: as long as before, and as old.
        DateTime written = File.GetLastWriteTimeUtc(deeper);
        File.WriteAllText(deeper, "int b = 2;\n");
        File.SetLastWriteTimeUtc(deeper, written);
        AssertStale(path);
        File.WriteAllText(part, "#load \"b.csx\"\nint a = 2;\n");
        AssertStale(path);
        TestAssembly.Write(_rules["library.dll"], "public static class Library { public static int Answer() => 4; }");
        AssertStale(path);
        written = File.GetLastWriteTimeUtc(path);
        File.WriteAllText(path, File.ReadAllText(path).Replace("int x", "int y", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(path, written);
        AssertStale(path);

        // Gone, and there again with what it held.
        File.Move(deeper, deeper + ".away");
        Assert.Null(_cache.Find(path, FileTrust.Any));
        File.Move(deeper + ".away", deeper);
        Assert.NotNull(_cache.Find(path, FileTrust.Any));
        Directory.CreateDirectory(_rules["other"]);
        foreach (string file in (string[])["10-x.csx", "a.csx", "b.csx", "library.dll"])
            File.Copy(_rules[file], _rules[$"other/{file}"]);
        AssertStale(_rules["other/10-x.csx"]);
    }

    [Theory]
    [InlineData("#load \"part.csx\"\n", "part.csx")]
    [InlineData("#r \"part.dll\"\n", "part.dll")]
    public void FileThatWasMissingAndIsThereNowIsSeen(string script, string missing)
    {
        string path = _rules.Write("10-x.csx", script + Apply);
        Assert.False(Compile(path).Succeeded);
        Assert.False(Kept(path).Succeeded);
        if (missing.EndsWith(".dll", StringComparison.Ordinal))
            TestAssembly.Write(_rules[missing], "public static class Library { }");
        else
            _rules.Write(missing, "int part;\n");
        AssertStale(path);
        Assert.True(Kept(path).Succeeded);
    }

    [Fact]
    public void AssemblyBesideTheRuleTakesTheProgramsPlaceWhenItAppears()
    {
        string path = _rules.Write("10-x.csx", "#r \"System.Xml.Linq\"\n" + Apply);
        Assert.True(Compile(path).Succeeded);
        TestAssembly.Write(_rules["System.Xml.Linq"], "public static class Library { }");
        AssertStale(path);
    }

    [Fact]
    public void SavedAsItWasBeforeItIsFoundAgain()
    {
        string path = _rules.Write("10-x.csx", Apply);
        CompiledRule first = Compile(path);
        _rules.Write("10-x.csx", "// other\n" + Apply);
        Compile(path);
        _rules.Write("10-x.csx", Apply);
        AssertSame(first, Kept(path));
        // It is told by the file that is there now.
        Assert.Equal(File.GetLastWriteTimeUtc(path), Kept(path).Fingerprints[path].LastWrite, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void FileThatIsNotTakenAnyMoreIsRefusedAsWithoutACache()
    {
        string path = _rules.Write("10-x.csx", "#load \"part.csx\"\n" + Apply);
        string part = _rules.Write("part.csx", "int part;\n");
        FileTrust trust = FileTrust.OfCaller;
        CompiledRule compiled = RuleCompiler.Compile(path, trust, _cache);
        Assert.True(compiled.Succeeded, string.Join('\n', compiled.Diagnostics));
        Assert.NotNull(_cache.Find(path, trust));
        foreach (string file in (string[])[part, path])
        {
            UnixFileMode before = File.GetUnixFileMode(file);
            File.SetUnixFileMode(file, before | UnixFileMode.OtherWrite);
            Assert.Null(_cache.Find(path, trust));
            Assert.Equal(RuleDiagnostic.Unreadable, Assert.Single(RuleCompiler.Compile(path, trust, _cache).Diagnostics).Id);
            File.SetUnixFileMode(file, before);
            Assert.True(_cache.Find(path, trust)?.Succeeded);
        }
    }

    public static TheoryData<string> Damages { get; } = ["empty", "short", "cut", "longer", "first", "middle", "last", "zeros", "text"];

    [Theory]
    [MemberData(nameof(Damages))]
    public void DamagedEntryIsIgnoredAndRewritten(string damage)
    {
        string path = _rules.Write("10-x.csx", Apply);
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

        Assert.Null(_cache.Find(path, FileTrust.Any));
        CompiledRule second = Compile(path);
        Assert.NotEqual(first.Assembly!.Module, second.Assembly!.Module);
        AssertSame(second, Kept(path));
        Assert.Equal(entry, Assert.Single(Entries()));
    }

    [Fact]
    public void EntryOfAnotherRuleUnderItsNameIsNoUse()
    {
        string one = _rules.Write("10-x.csx", Apply), other = _rules.Write("20-y.csx", "// other\n" + Apply);
        Compile(one);
        string entry = Assert.Single(Entries());
        Compile(other);
        string second = Assert.Single(Entries(), file => file != entry);
        File.Copy(second, entry, overwrite: true);
        Assert.Null(_cache.Find(one, FileTrust.Any));
        Assert.Equal(one, Compile(one).Path);
        Assert.Equal(one, Kept(one).Path);
    }

    [Fact]
    public void EntryThatOthersMayHaveWrittenIsIgnoredAndRewritten()
    {
        string path = _rules.Write("10-x.csx", Apply);
        Compile(path);
        string entry = Assert.Single(Entries());
        File.SetUnixFileMode(entry, File.GetUnixFileMode(entry) | UnixFileMode.GroupWrite);
        Assert.Null(_cache.Find(path, FileTrust.Any));
        Compile(path);
        Assert.NotNull(_cache.Find(path, FileTrust.Any));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(entry));

        File.Move(entry, entry + ".away");
        File.CreateSymbolicLink(entry, entry + ".away");
        Assert.Null(_cache.Find(path, FileTrust.Any));
        Compile(path);
        Assert.NotNull(_cache.Find(path, FileTrust.Any));
        Assert.Null(new FileInfo(entry).LinkTarget);
    }

    [Fact]
    public void FolderIsMadeForItsOwnerAlone()
    {
        Compile(_rules.Write("10-x.csx", Apply));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(CacheFolder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Entries())));
        Assert.Null(_cache.Trouble);
    }

    [Fact]
    public void FolderThatOthersMayWriteIsRefusedWithTheCommandToType()
    {
        Directory.CreateDirectory(CacheFolder);
        File.SetUnixFileMode(CacheFolder, File.GetUnixFileMode(CacheFolder) | UnixFileMode.OtherWrite);
        string path = _rules.Write("10-x.csx", Apply);
        Assert.True(Compile(path).Succeeded);
        Assert.Null(_cache.Find(path, FileTrust.Any));
        Assert.Empty(Entries());
        Assert.Equal(
            $"others may write {CacheFolder} (mode 0757); type 'chmod go-w {CacheFolder}': compiled rules are not kept, and each start takes longer",
            _cache.Trouble);
    }

    [Fact]
    public void FolderOfAnotherUserIsRefused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "giving folders to other users needs root");
        Directory.CreateDirectory(CacheFolder);
        FileTrustTests.SetOwner(CacheFolder, 65534);
        Assert.True(Compile(_rules.Write("10-x.csx", Apply)).Succeeded);
        Assert.Empty(Entries());
        Assert.Equal($"{CacheFolder} belongs to user 65534: compiled rules are not kept, and each start takes longer", _cache.Trouble);
    }

    [Fact]
    public void EntryOfAnotherUserIsIgnoredAndRewritten()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "giving files to other users needs root");
        string path = _rules.Write("10-x.csx", Apply);
        Compile(path);
        FileTrustTests.SetOwner(Assert.Single(Entries()), 65534);
        Assert.Null(_cache.Find(path, FileTrust.Any));
        Compile(path);
        Assert.NotNull(_cache.Find(path, FileTrust.Any));
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
            File.CreateSymbolicLink(CacheFolder, _rules.Path);
        CompiledRuleCache cache = instead == "none" ? new(null, NoLimit, s_patience) : _cache;
        string path = _rules.Write("10-x.csx", Apply);
        Assert.True(RuleCompiler.Compile(path, FileTrust.Any, cache).Succeeded);
        Assert.Null(cache.Find(path, FileTrust.Any));
        Assert.Null(cache.Trouble);
        Assert.Equal(["10-x.csx"], Directory.GetFileSystemEntries(_rules.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void EntriesThatWereNotUsedForLongestGoFirst()
    {
        string[] paths = [.. Enumerable.Range(0, 4).Select(i => _rules.Write($"1{i}-x.csx", Apply))];
        for (int i = 0; i < 3; i++)
            Compile(paths[i]);
        string[] entries = Entries();
        long size = entries.Max(entry => new FileInfo(entry).Length);
        foreach (string entry in entries)
            File.SetLastWriteTimeUtc(entry, DateTime.UtcNow - TimeSpan.FromDays(30));
        // The second is used again; then there is no room for all.
        Assert.NotNull(_cache.Find(paths[1], FileTrust.Any));
        string other = Path.Combine(CacheFolder, "notes.txt");
        File.WriteAllText(other, new string('x', 10_000));
        var small = new CompiledRuleCache(CacheFolder, (2 * size) + 64, s_patience);
        RuleCompiler.Compile(paths[3], FileTrust.Any, small);
        Assert.Equal([false, true, false, true], paths.Select(path => small.Find(path, FileTrust.Any) is not null));
        Assert.True(File.Exists(other), "a file that is not the cache's was removed");
    }

    [Fact]
    public void WhatIsOfThisMomentIsNotKept()
    {
        Assert.False(Compile(_rules["10-gone.csx"]).Succeeded);
        Assert.False(Compile(_rules.Write("20-large.csx", Apply + new string(' ', 1 << 20))).Succeeded);
        Directory.CreateDirectory(_rules["30-folder.csx"]);
        Assert.False(Compile(_rules["30-folder.csx"]).Succeeded);
        Assert.False(Compile(_rules.Write("40-deep.csx", Apply + "void F() " + new string('{', 40_000))).Succeeded);
        Assert.DoesNotContain(Entries(), entry => File.ReadAllText(entry).Contains(RuleDiagnostic.CompilerFailed, StringComparison.Ordinal));
        Assert.True(Entries().Length <= 1, "something that another try may change was kept");
    }

    [Fact]
    public void ManyAtOnceWriteAndReadTheSameEntries()
    {
        string[] paths = [.. Enumerable.Range(0, 4).Select(i => _rules.Write($"1{i}-x.csx", Apply))];
        CompiledRuleCache[] caches = [.. paths.Select(_ => NewCache())];
        Parallel.For(0, 64, i => Assert.True(RuleCompiler.Compile(paths[i % 4], FileTrust.Any, caches[i / 4 % 4]).Succeeded));
        Assert.Equal(4, Entries().Length);
        Assert.All(paths, path => Assert.True(Kept(path).Succeeded));
        Assert.Empty(Directory.GetFiles(CacheFolder, "*.tmp"));
    }

    [Fact]
    public void RehearsedRuleCompiles() => Assert.Empty(ScriptCompiler.Rehearse(Rehearsal.Rule.ToArray()).Diagnostics);

    [Theory]
    [InlineData(null, null, "/h", null, false, "/h/.cache/fluke6")]
    [InlineData(null, "/x", "/h", null, false, "/x/fluke6")]
    [InlineData(null, "relative", "/h", null, false, "/h/.cache/fluke6")]
    [InlineData("/var/cache/fluke6:/var/cache/other", "/x", "/h", null, true, "/var/cache/fluke6")]
    [InlineData(null, null, null, null, true, "/var/cache/fluke6")]
    [InlineData(null, null, null, null, false, null)]
    [InlineData("/c", "/x", "/h", "off", true, null)]
    public void FolderIsWhereTheEnvironmentSays(string? service, string? caches, string? home, string? off, bool isRoot, string? expected) => Assert.Equal(
        expected,
        Scripting.Compiling.CacheFolder.Find(
            name => name switch { "CACHE_DIRECTORY" => service, "XDG_CACHE_HOME" => caches, "HOME" => home, "FLUKE6_CACHE" => off, _ => null }, isRoot));

    private static void AssertSame(CompiledRule expected, CompiledRule actual)
    {
        Assert.Equal(expected.Path, actual.Path);
        Assert.Equal(expected.Diagnostics, actual.Diagnostics);
        Assert.Equal(expected.Parameters, actual.Parameters);
        Assert.Equal(expected.References, actual.References);
        Assert.Equal(expected.Trust, actual.Trust);
        Assert.Equal(expected.Files.Order(StringComparer.Ordinal), actual.Files.Order(StringComparer.Ordinal));
        Assert.All(expected.Fingerprints, file => Assert.True(file.Value.SameContent(actual.Fingerprints[file.Key])));
        Assert.Equal(expected.Assembly?.Module, actual.Assembly?.Module);
        Assert.Equal(expected.Assembly?.Image, actual.Assembly?.Image);
        Assert.Equal(expected.Assembly?.Symbols, actual.Assembly?.Symbols);
        Assert.Equal(expected.Assembly?.Cells, actual.Assembly?.Cells);
        Assert.Equal(expected.Assembly?.Points, actual.Assembly?.Points);
        Assert.Equal(expected.Assembly?.Methods, actual.Assembly?.Methods);
    }

    private static void Run(LoadedRule rule)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(new byte[60], LinkType.Ethernet, Side.Left);
        var frame = new Frame(buffer);
        rule.Rule(ref frame);
    }

    private string CacheFolder => _home["cache"];

    private string[] Entries() => Directory.Exists(CacheFolder) ? Directory.GetFiles(CacheFolder, "*" + CompiledRuleCache.Extension) : [];

    private CompiledRuleCache NewCache() => new(CacheFolder, NoLimit, s_patience);

    private CompiledRule Compile(string path) => RuleCompiler.Compile(path, FileTrust.Any, _cache);

    private CompiledRule Kept(string path) => _cache.Find(path, FileTrust.Any) ?? throw new InvalidOperationException($"{path} is not in the cache");

    // Compiled anew, and then kept as it is now.
    private void AssertStale(string path)
    {
        Assert.Null(_cache.Find(path, FileTrust.Any));
        CompiledRule fresh = Compile(path);
        AssertSame(fresh, Kept(path));
    }
}
