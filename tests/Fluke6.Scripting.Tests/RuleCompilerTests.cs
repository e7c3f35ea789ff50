using Fluke6.Frames;

namespace Fluke6.Scripting.Tests;

public sealed class RuleCompilerTests : IDisposable
{
    private const string Empty = "Verdict Apply(ref Frame frame) => Verdict.Continue;\n";
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void CircleOfLoadsIsToldAsOne()
    {
        _folder.Write("lib/b.csx", "// b\n#load \"c.csx\"\nint b = 1;\n");
        _folder.Write("lib/c.csx", "#load \"d.csx\"\n#load \"../10-a.csx\"\nint c = 2;\n");
        _folder.Write("lib/d.csx", "int d = 3;\n");
        string rule = _folder.Write("10-a.csx", "// a\n#load \"lib/d.csx\"\n#load \"lib/b.csx\"\n" + Empty);
        Assert.Equal(
            "10-a.csx(3,1): error FLUKE005: 10-a.csx loads lib/b.csx, which loads lib/c.csx, which loads 10-a.csx: "
                + "take a #load out, and put what both need into a file that loads neither",
            Assert.Single(RuleCompiler.Compile(rule).Diagnostics).ToString());
    }

    [Fact]
    public void RuleThatLoadsItselfIsToldSo() => Assert.StartsWith(
        "10-a.csx(1,1): error FLUKE005: 10-a.csx loads 10-a.csx: ",
        Assert.Single(RuleCompiler.Compile(_folder.Write("10-a.csx", "#load \"10-a.csx\"\n" + Empty)).Diagnostics).ToString());

    [Fact]
    public void FilesThatLoadEachOtherAreTakenOnce()
    {
        _folder.Write("b.csx", "#load \"c.csx\"\nint b = 1;\n");
        _folder.Write("c.csx", "#load \"b.csx\"\nint c = 2;\n");
        Assert.Empty(RuleCompiler.Compile(_folder.Write("10-a.csx", "#load \"b.csx\"\n" + Empty)).Diagnostics);
    }

    [Fact]
    public void ScriptRuns()
    {
        using LoadedRule rule = _folder.Load("10-drop.csx", "Verdict Apply(ref Frame frame) => frame.Length > 3 ? Verdict.Drop : Verdict.Accept;");
        Assert.Equal(Verdict.Drop, Run(rule, 4));
        Assert.Equal(Verdict.Accept, Run(rule, 3));
    }

    [Fact]
    public void VoidApplyContinues()
    {
        using LoadedRule rule = _folder.Load("10-count.csx", "int seen;\nvoid Apply(ref Frame frame) => seen++;");
        Assert.Equal(Verdict.Continue, Run(rule, 4));
    }

    [Fact]
    public void StaticApplyRuns()
    {
        using LoadedRule rule = _folder.Load("10-drop.csx", "static Verdict Apply(ref Frame frame) => Verdict.Drop;");
        Assert.Equal(Verdict.Drop, Run(rule, 4));
    }

    [Fact]
    public void StateOfTheTopLevelIsKeptBetweenFrames()
    {
        using LoadedRule rule = _folder.Load(
            "10-second.csx", "var seen = 0;\nVerdict Apply(ref Frame frame) => ++seen == 2 ? Verdict.Drop : Verdict.Continue;");
        Assert.Equal([Verdict.Continue, Verdict.Drop, Verdict.Continue], [Run(rule, 4), Run(rule, 4), Run(rule, 4)]);
    }

    [Theory]
    [InlineData("int x = 1\n" + Empty, "10-x.csx(1,10): error CS1002: ; expected")]
    [InlineData("\n\n    nonsense();\n" + Empty, "10-x.csx(3,5): error CS0103: The name 'nonsense' does not exist in the current context")]
    [InlineData("unsafe void F(int* p) { }\n" + Empty, "10-x.csx(1,13): error CS0227: Unsafe code may only appear if compiling with /unsafe")]
    [InlineData("#load \"missing.csx\"\n" + Empty, "10-x.csx(1,7): error CS1504: Source file 'missing.csx' could not be opened")]
    [InlineData("#r \"missing.dll\"\n" + Empty, "10-x.csx(1,1): error CS0006: Metadata file 'missing.dll' could not be found")]
    [InlineData("#r \"nuget: Newtonsoft.Json, 13.0.3\"\n" + Empty, "10-x.csx(1,1): error FLUKE005: NuGet packages are not fetched")]
    [InlineData("", "10-x.csx(1,1): error FLUKE001: no method 'Verdict Apply(ref Frame frame)' at the top level")]
    [InlineData("class C { Verdict Apply(ref Frame frame) => default; }", "10-x.csx(1,19): error FLUKE001: 'Apply' is inside 'C': move it to the top level")]
    [InlineData("\nint Apply(ref Frame frame) => 0;", "10-x.csx(2,5): error FLUKE001: 'Apply' returns 'int', not 'Verdict' or 'void'")]
    [InlineData("\nVerdict Apply(Frame frame) => default;", "10-x.csx(2,9): error FLUKE001: the parameter of 'Apply' is not passed by 'ref'")]
    [InlineData("\nVerdict Apply(ref int frame) => default;", "10-x.csx(2,9): error FLUKE001: the parameter of 'Apply' is a 'int', not a 'Frame'")]
    [InlineData("Verdict Apply() => default;", "10-x.csx(1,9): error FLUKE001: 'Apply' has 0 parameters, not one")]
    [InlineData("Verdict Apply<T>(ref Frame frame) => default;", "10-x.csx(1,9): error FLUKE001: 'Apply' has type parameters")]
    [InlineData(Empty + "void Apply(int x) { }", "10-x.csx(2,6): error FLUKE001: a second 'Apply'")]
    [InlineData("int Apply = 1;", "10-x.csx(1,5): error FLUKE001: 'Apply' is not a method")]
    public void WhatIsWrongIsSaidWithItsPlace(string script, string expected)
    {
        CompiledRule compiled = RuleCompiler.Compile(_folder.Write("10-x.csx", script));
        Assert.False(compiled.Succeeded);
        Assert.StartsWith(expected, compiled.Diagnostics[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorInALoadedFileNamesThatFile()
    {
        _folder.Write("lib/names.csx", "int a = 1;\nint b = \"\";");
        CompiledRule compiled = RuleCompiler.Compile(_folder.Write("10-x.csx", "#load \"lib/names.csx\"\n" + Empty));
        Assert.StartsWith("lib/names.csx(2,9): error CS0029", compiled.Diagnostics[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void FileThatIsNotThereIsADiagnostic()
    {
        RuleDiagnostic diagnostic = Assert.Single(RuleCompiler.Compile(_folder["10-gone.csx"]).Diagnostics);
        Assert.StartsWith("10-gone.csx(1,1): error FLUKE003: cannot be read", diagnostic.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void FileOverAMebibyteIsADiagnostic()
    {
        RuleDiagnostic diagnostic = Assert.Single(RuleCompiler.Compile(_folder.Write("10-x.csx", Empty + new string(' ', 1 << 20))).Diagnostics);
        Assert.Contains("more than the 1048576", diagnostic.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryFileAskedForIsKnown()
    {
        _folder.Write("a.csx", "#load \"b.csx\"\n");
        CompiledRule compiled = RuleCompiler.Compile(_folder.Write("10-x.csx", "#load \"a.csx\"\n" + Empty));
        Assert.Equal([_folder["10-x.csx"], _folder["a.csx"], _folder["b.csx"]], compiled.Files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void LoadedFilesAndReferencedAssembliesAreUsed()
    {
        _folder.Write("limits.csx", "const int Longest = 3;");
        TestAssembly.Write(_folder["Answers.dll"], "public static class Answers { public static int Value => 42; }");
        using LoadedRule rule = _folder.Load(
            "10-x.csx",
            """
            #load "limits.csx"
            #r "Answers.dll"
            #r "System.Xml.Linq"
            Verdict Apply(ref Frame frame) => frame.Length > Longest && Answers.Value == 42
                ? Verdict.Drop : Verdict.Continue;
            """);
        Assert.Equal(Verdict.Drop, Run(rule, 4));
        Assert.Equal(Verdict.Continue, Run(rule, 3));
    }

    [Fact]
    public void TopLevelThatThrowsIsADiagnosticWithItsLine()
    {
        var parameters = new Dictionary<string, string> { ["mss"] = "abc" };
        Assert.Null(_folder.TryLoad("10-x.csx", "// first\nvar mss = Param(\"mss\", 1220);\n" + Empty, parameters, out RuleDiagnostic? diagnostic));
        Assert.StartsWith("10-x.csx(2,11): error FLUKE002: FormatException: --set mss=abc: ", diagnostic!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("while (true) { }\n")]
    [InlineData("System.Threading.Thread.Sleep(-1);\n")]
    public void TopLevelThatNeverReturnsIsGivenUp(string endless)
    {
        Assert.Null(_folder.TryLoad("10-x.csx", endless + Empty, null, out RuleDiagnostic? diagnostic));
        Assert.StartsWith("10-x.csx(1,1): error FLUKE002: the top level did not return within 5 s", diagnostic!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AwaitAtTheTopLevelIsWaitedFor()
    {
        using LoadedRule rule = _folder.Load(
            "10-x.csx",
            "await System.Threading.Tasks.Task.Yield();\nvar verdict = Verdict.Drop;\nVerdict Apply(ref Frame frame) => verdict;");
        Assert.Equal(Verdict.Drop, Run(rule, 4));
    }

    private static Verdict Run(LoadedRule rule, int length)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(new byte[length], LinkType.Ethernet, Side.Left);
        var frame = new Frame(buffer);
        return rule.Rule(ref frame);
    }
}
