using Fluke6.Scripting.Compiling;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting.Tests;

/// <summary>Files that end the compiler, or that it is not done with in any useful time: this process goes on, and says what to do.</summary>
/// <remarks>Each test sets limits of which only one can be reached, however fast or slow the machine is.</remarks>
[Collection("alone")]
public sealed class CompilerLimitTests : IDisposable
{
    private const string Apply = "Verdict Apply(ref Frame frame) => Verdict.Continue;\n";
    private const long NoHeapLimit = 1L << 40;
    private static readonly TimeSpan s_noTimeLimit = TimeSpan.FromMinutes(10);
    private static readonly CompilerLimits s_none = new() { ProcessorTime = s_noTimeLimit, Time = s_noTimeLimit, Heap = NoHeapLimit };
    private static readonly CompilerService s_withoutLimits = new(s_none);
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("void F() ", "{", 40_000, "")]
    [InlineData("int", "*", 50_000, " x;")]
    [InlineData("object x = new int", "[]", 50_000, " {};")]
    [InlineData("bool x = ", "!", 200_000, "true;")]
    [InlineData("void F(int q) { ", "if (q > 0) ", 50_000, "; }")]
    public void DepthIsADiagnostic(string before, string repeated, int times, string after)
    {
        RuleDiagnostic diagnostic = Compile(s_withoutLimits, before + string.Concat(Enumerable.Repeat(repeated, times)) + after).Diagnostics[0];
        // As the compiler itself says it, where it notices.
        Assert.True(diagnostic.Message == CompilerLimits.TooDeep || diagnostic.Id is "CS8078" or "CS1513", diagnostic.ToString());
    }

    [Fact]
    public async Task TimeIsADiagnosticAndAnotherFileDoesNotWait()
    {
        var limits = s_none with { ProcessorTime = TimeSpan.FromSeconds(5) };
        var compiler = new CompilerService(limits);
        // The compiler's own start costs time, too, and is not meant here.
        Assert.True(Compile(compiler, "", "10-first.csx").Succeeded);

        // Each level doubles what the compiler has to try: no machine comes to the end of it.
        const int Levels = 40;
        string nested = string.Concat(Enumerable.Range(0, Levels).Select(i => $"F(x{i} => "));
        Task<CompiledRule> slow = Task.Factory.StartNew(
            () => Compile(compiler, $"int F(Func<int, int> f) => 0; long F(Func<long, long> f) => 0;\nvar all = {nested}x0.Lacks{new string(')', Levels)};", "10-slow.csx"),
            TaskCreationOptions.LongRunning);
        CompiledRule quick = Compile(compiler, "", "20-quick.csx");
        Assert.True(quick.Succeeded, string.Join('\n', quick.Diagnostics));
        Assert.False(slow.IsCompleted, "the quick file waited for the slow one");
        RuleDiagnostic diagnostic = Assert.Single((await slow).Diagnostics);
        Assert.Equal(
            "10-slow.csx(1,1): error FLUKE006: took more than 5 s to compile; make it smaller, and read large tables from a file", diagnostic.ToString());
    }

    [Fact]
    public void WaitForOthersIsTold()
    {
        using var folder = new ScriptFolder();
        var told = new List<bool>();
        new CompilerService(s_none).Compile(folder.Write("10-x.csx", "void Apply(ref Frame frame) { }"), FileTrust.Any, told.Add);
        Assert.Equal([true, false], told);
    }

    [Fact]
    public void MemoryIsADiagnostic()
    {
        string arms = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"case {i}: return {i * 7};"));
        CompiledRule large = Compile(
            new CompilerService(s_none with { Heap = 160 << 20 }), $"int F(int q) {{ switch (q) {{ {arms} }} return 0; }}", "10-large.csx");
        Assert.Equal(
            "10-large.csx(1,1): error FLUKE006: took more than 160 MiB of memory to compile; make it smaller, and read large tables from a file",
            Assert.Single(large.Diagnostics).ToString());
    }

    [Fact]
    public void FileThatIsCompiledBesideOneThatEndsTheCompilerIsCompiledAgain()
    {
        CompiledRule[] compiled = new CompiledRule[6];
        Parallel.For(
            0, compiled.Length, i => compiled[i] = Compile(s_withoutLimits, i == 0 ? "int" + new string('*', 50_000) + " x;" : "", $"1{i}.csx"));
        Assert.Equal(CompilerLimits.TooDeep, Assert.Single(compiled[0].Diagnostics).Message);
        Assert.All(compiled.Skip(1), rule => Assert.True(rule.Succeeded, string.Join('\n', rule.Diagnostics)));
    }

    private CompiledRule Compile(CompilerService compiler, string rest, string file = "10-x.csx") =>
        compiler.Compile(_folder.Write(file, Apply + rest), FileTrust.Any);
}
