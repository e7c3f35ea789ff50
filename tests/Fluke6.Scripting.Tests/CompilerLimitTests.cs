using Fluke6.Scripting.Compiling;

namespace Fluke6.Scripting.Tests;

/// <summary>Files that end the compiler, or that it is not done with in any useful time: this process goes on, and says what to do.</summary>
[Collection("alone")]
public sealed class CompilerLimitTests : IDisposable
{
    private const string Apply = "Verdict Apply(ref Frame frame) => Verdict.Continue;\n";
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
        RuleDiagnostic diagnostic = Compile(before + string.Concat(Enumerable.Repeat(repeated, times)) + after).Diagnostics[0];
        // As the compiler itself says it, where it notices.
        Assert.True(diagnostic.Message == CompilerLimits.TooDeep || diagnostic.Id is "CS8078" or "CS1513", diagnostic.ToString());
    }

    [Fact]
    public async Task TimeIsADiagnosticAndAnotherFileDoesNotWait()
    {
        string arms = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"case {i}: return {i * 7};"));
        Task<CompiledRule> slow = Task.Factory.StartNew(
            () => Compile($"int F(int q) {{ switch (q) {{ {arms} }} return 0; }}", "10-slow.csx"), TaskCreationOptions.LongRunning);
        CompiledRule quick = Compile("", "20-quick.csx");
        Assert.True(quick.Succeeded, string.Join('\n', quick.Diagnostics));
        Assert.False(slow.IsCompleted, "the quick file waited for the slow one");
        RuleDiagnostic diagnostic = Assert.Single((await slow).Diagnostics);
        Assert.Equal($"10-slow.csx(1,1): error FLUKE006: {CompilerLimits.TooLong}", diagnostic.ToString());
    }

    [Fact]
    public void FileThatIsCompiledBesideOneThatEndsTheCompilerIsCompiledAgain()
    {
        CompiledRule[] compiled = new CompiledRule[6];
        Parallel.For(0, compiled.Length, i => compiled[i] = Compile(i == 0 ? "int" + new string('*', 50_000) + " x;" : "", $"1{i}.csx"));
        Assert.Equal(CompilerLimits.TooDeep, Assert.Single(compiled[0].Diagnostics).Message);
        Assert.All(compiled.Skip(1), rule => Assert.True(rule.Succeeded, string.Join('\n', rule.Diagnostics)));
    }

    private CompiledRule Compile(string rest, string file = "10-x.csx") => RuleCompiler.Compile(_folder.Write(file, Apply + rest));
}
