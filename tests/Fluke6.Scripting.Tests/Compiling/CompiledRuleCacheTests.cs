using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Scripting.Compiling;
using Fluke6.Scripting.Files;
using Fluke6.Scripting.Tests.Files;

namespace Fluke6.Scripting.Tests.Compiling;

/// <summary>A rule from the cache is the rule that the compiler would give; whatever is in doubt is compiled.</summary>
public sealed class CompiledRuleCacheTests : CachedRules
{
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
        Rules.Write("lib/b.csx", "#load \"../c.csx\"\nint B(int i) => i;\n");
        Rules.Write("c.csx", "int c;\n");
        string path = Rules.Write("10-x.csx", script);
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
        string path = Rules.Write("10-x.csx", "int[] table = [1, 2];\nVerdict Apply(ref Frame frame)\n{\n    int i = frame.Length;\n    return table[i] > 0 ? Verdict.Drop : Verdict.Continue;\n}\n");
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
        TestAssembly.Write(Rules["library.dll"], "public static class Library { public static int Answer() => 3; }");
        string path = Rules.Write("10-x.csx", "#r \"library.dll\"\nvoid Apply(ref Frame frame) { if (Library.Answer() == 3) frame.Hit(); }\n");
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
        string path = Rules.Write("10-x.csx", "#load \"a.csx\"\n#r \"library.dll\"\nint x = Library.Answer();\n" + Apply);
        string part = Rules.Write("a.csx", "#load \"b.csx\"\nint a = 1;\n");
        string deeper = Rules.Write("b.csx", "int b = 1;\n");
        TestAssembly.Write(Rules["library.dll"], "public static class Library { public static int Answer() => 3; }");
        Assert.True(Compile(path).Succeeded);
        Assert.NotNull(Cache.Find(path, FileTrust.Any));

        // A part of a part: as long as before, and as old.
        DateTime written = File.GetLastWriteTimeUtc(deeper);
        File.WriteAllText(deeper, "int b = 2;\n");
        File.SetLastWriteTimeUtc(deeper, written);
        AssertStale(path);
        File.WriteAllText(part, "#load \"b.csx\"\nint a = 2;\n");
        AssertStale(path);
        TestAssembly.Write(Rules["library.dll"], "public static class Library { public static int Answer() => 4; }");
        AssertStale(path);
        written = File.GetLastWriteTimeUtc(path);
        File.WriteAllText(path, File.ReadAllText(path).Replace("int x", "int y", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(path, written);
        AssertStale(path);

        // Gone, and there again with what it held.
        File.Move(deeper, deeper + ".away");
        Assert.Null(Cache.Find(path, FileTrust.Any));
        File.Move(deeper + ".away", deeper);
        Assert.NotNull(Cache.Find(path, FileTrust.Any));
        Directory.CreateDirectory(Rules["other"]);
        foreach (string file in (string[])["10-x.csx", "a.csx", "b.csx", "library.dll"])
            File.Copy(Rules[file], Rules[$"other/{file}"]);
        AssertStale(Rules["other/10-x.csx"]);
    }

    [Theory]
    [InlineData("#load \"part.csx\"\n", "part.csx")]
    [InlineData("#r \"part.dll\"\n", "part.dll")]
    public void FileThatWasMissingAndIsThereNowIsSeen(string script, string missing)
    {
        string path = Rules.Write("10-x.csx", script + Apply);
        Assert.False(Compile(path).Succeeded);
        Assert.False(Kept(path).Succeeded);
        if (missing.EndsWith(".dll", StringComparison.Ordinal))
            TestAssembly.Write(Rules[missing], "public static class Library { }");
        else
            Rules.Write(missing, "int part;\n");
        AssertStale(path);
        Assert.True(Kept(path).Succeeded);
    }

    [Fact]
    public void AssemblyBesideTheRuleTakesTheProgramsPlaceWhenItAppears()
    {
        string path = Rules.Write("10-x.csx", "#r \"System.Xml.Linq\"\n" + Apply);
        Assert.True(Compile(path).Succeeded);
        TestAssembly.Write(Rules["System.Xml.Linq"], "public static class Library { }");
        AssertStale(path);
    }

    [Fact]
    public void SavedAsItWasBeforeItIsFoundAgain()
    {
        string path = Rules.Write("10-x.csx", Apply);
        CompiledRule first = Compile(path);
        Rules.Write("10-x.csx", "// other\n" + Apply);
        Compile(path);
        Rules.Write("10-x.csx", Apply);
        AssertSame(first, Kept(path));
        // It is told by the file that is there now.
        Assert.Equal(File.GetLastWriteTimeUtc(path), Kept(path).Fingerprints[path].LastWrite, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void FileThatIsNotTakenAnyMoreIsRefusedAsWithoutACache()
    {
        string path = Rules.Write("10-x.csx", "#load \"part.csx\"\n" + Apply);
        string part = Rules.Write("part.csx", "int part;\n");
        FileTrust trust = FileTrust.OfCaller;
        CompiledRule compiled = RuleCompiler.Compile(path, trust, Cache);
        Assert.True(compiled.Succeeded, string.Join('\n', compiled.Diagnostics));
        Assert.NotNull(Cache.Find(path, trust));
        foreach (string file in (string[])[part, path])
        {
            UnixFileMode before = File.GetUnixFileMode(file);
            File.SetUnixFileMode(file, before | UnixFileMode.OtherWrite);
            Assert.Null(Cache.Find(path, trust));
            Assert.Equal(RuleDiagnostic.Unreadable, Assert.Single(RuleCompiler.Compile(path, trust, Cache).Diagnostics).Id);
            File.SetUnixFileMode(file, before);
            Assert.True(Cache.Find(path, trust)?.Succeeded);
        }
    }

    [Fact]
    public void ManyAtOnceWriteAndReadTheSameEntries()
    {
        string[] paths = [.. Enumerable.Range(0, 4).Select(i => Rules.Write($"1{i}-x.csx", Apply))];
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
}
