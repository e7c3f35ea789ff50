using Fluke6.Scripting.Compiling;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting.Tests.Compiling;

/// <summary>The compiler that was started before anybody asked it.</summary>
[Collection("alone")]
public sealed class RehearsalTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // On a thread of its own, whose allocations nobody else's work is among.
    [Fact]
    public void CollectionOfGarbageTakesNothingThatTheNextFileNeeds()
    {
        long usual = 0, afterwards = 0;
        var thread = new Thread(
            () =>
            {
                Compile();
                usual = Compile();
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                afterwards = Compile();
            },
            CompilerLimits.Stack);
        thread.Start();
        thread.Join();
        Assert.InRange(afterwards, 1, usual * 5 / 4);

        static long Compile()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ScriptCompiler.Rehearse(Rehearsal.Rule.ToArray());
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void FileThatIsSavedMeanwhileIsCompiledAndTheNextOneToo()
    {
        var compiler = new CompilerService(new CompilerLimits());
        compiler.Prepare();
        Assert.True(Compile(compiler, "10-a.csx").Succeeded);
        Assert.True(Compile(compiler, "20-b.csx").Succeeded);
    }

    [Fact]
    public void EndOfTheRehearsalIsToldAndTheProcessIsTheOneThatCompiles()
    {
        using var process = new CompilerProcess(new CompilerLimits(), rehearses: true);
        Assert.True(SpinWait.SpinUntil(() => !process.Rehearses, s_patience), "the rehearsal does not end");
        Assert.False(process.Ended);
        CompiledRule? compiled = process.Ask(Write("10-a.csx"), FileTrust.Any, out bool tookTooLong);
        Assert.False(tookTooLong);
        Assert.True(compiled!.Succeeded, string.Join('\n', compiled.Diagnostics));
    }

    private string Write(string file) => _folder.Write(file, "Verdict Apply(ref Frame frame) => Verdict.Continue;\n");

    private CompiledRule Compile(CompilerService compiler, string file) => compiler.Compile(Write(file), FileTrust.Any);
}
